import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { test } from 'tap'
import { concatBytes, equalBytes, hex, utf8 } from '../src/bytes.js'
import { decode, encode } from '../src/codec.js'
import { decodeContent, encodeContent, RECEIPT_MESSAGES_MAX } from '../src/content.js'
import type { MessageId } from '../src/ids.js'
import { ContentSchema } from '../src/wire.js'
import { bytesBetween, damaged, messageId, sealedContent } from './arbitraries.js'
import { codeOf, refusesProperly } from './refusal.js'
import { CONTENTS, sealedContent as sealed, UNSUPPORTED } from './vectors/content-vectors.js'
import { MESSAGE, PEER } from './vectors/keys.js'

const TEXT = CONTENTS['a text']!

test('content survives encoding and decoding', async (t) => {
  fc.assert(
    fc.property(sealedContent, (content) => {
      t.same(decodeContent(encodeContent(content)), content)
    }),
  )
})

test('equal content has equal bytes', async (t) => {
  fc.assert(
    fc.property(sealedContent, (content) => {
      const bytes = encodeContent(content)
      return equalBytes(encodeContent(decodeContent(bytes)), bytes)
    }),
  )
  t.pass('for all content')
})

test('damaged content is read or refused properly, and never anything else', async (t) => {
  fc.assert(
    fc.property(damaged(sealedContent.map(encodeContent)), (bytes) =>
      refusesProperly(() => decodeContent(bytes)),
    ),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(bytesBetween(0, 300), (bytes) => refusesProperly(() => decodeContent(bytes))),
    { numRuns: 2000 },
  )
  t.pass('for all damage')
})

test('content that was read, however damaged, can be written again', async (t) => {
  fc.assert(
    fc.property(damaged(sealedContent.map(encodeContent)), (bytes) => {
      const code = codeOf(() => {
        const read = decodeContent(bytes)
        if (read.content.kind !== 'unsupported') encodeContent(read)
      })
      return code === undefined || code === 'wire/malformed'
    }),
    { numRuns: 2000 },
  )
  t.pass('for all damage')
})

test('content with a higher minimum version is unsupported and says which', async (t) => {
  const read = decodeContent(UNSUPPORTED['a higher minimum version']!)
  t.same(read.content, { kind: 'unsupported', minimumVersion: 2 })
})

test('content of an unknown kind is unsupported', async (t) => {
  const read = decodeContent(UNSUPPORTED['a kind without a number here']!)
  t.same(read.content, { kind: 'unsupported', minimumVersion: 1 })
})

test('a receipt or sync of an unknown kind is unsupported', async (t) => {
  t.equal(decodeContent(UNSUPPORTED['a receipt of an unknown type']!).content.kind, 'unsupported')
  t.equal(decodeContent(UNSUPPORTED['a sync of an unknown kind']!).content.kind, 'unsupported')
})

test('unsupported content keeps what every content says of its author', async (t) => {
  const known = sealed(TEXT)
  const raised = new BinaryWriter().tag(1, WireType.Varint).uint32(9).finish()
  const read = decodeContent(concatBytes(encodeContent(known), raised))
  t.same(read, { ...known, content: { kind: 'unsupported', minimumVersion: 9 } })
})

test('unsupported content is never sealed', async (t) => {
  const unsupported = { kind: 'unsupported', minimumVersion: 2 } as const
  t.equal(
    codeOf(() => encodeContent(sealed(unsupported))),
    'wire/unexpected',
  )
})

test('a field from a newer sotto does not keep a known content from being read', async (t) => {
  const unknown = new BinaryWriter()
    .tag(999, WireType.LengthDelimited)
    .bytes(utf8('tomorrow'))
    .finish()
  const read = decodeContent(concatBytes(encodeContent(sealed(TEXT)), unknown))
  t.same(read, sealed(TEXT))
})

test('unknown fields survive decoding and encoding', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 536870911 }), bytesBetween(0, 40), (field, value) => {
      const unknown = new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(value).finish()
      const bytes = concatBytes(encodeContent(sealed(TEXT)), unknown)
      const again = encode(ContentSchema, decode(ContentSchema, bytes))
      return hex(again).endsWith(hex(unknown))
    }),
  )
  t.pass('for all field numbers')
})

test('a receipt names one to a thousand messages', async (t) => {
  const receipt = (messages: readonly MessageId[]) =>
    encodeContent(sealed({ kind: 'receipt', type: 'read', messages }))
  const most = Array<MessageId>(RECEIPT_MESSAGES_MAX).fill(MESSAGE)
  t.equal(
    codeOf(() => decodeContent(receipt(most))),
    undefined,
  )
  t.equal(
    codeOf(() => decodeContent(receipt([]))),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => decodeContent(receipt([...most, MESSAGE]))),
    'wire/malformed',
  )
})

test('a text without an id, or a profile without an access key or route, is malformed', async (t) => {
  const content = (kind: Parameters<typeof encode<typeof ContentSchema>>[1]['kind']) =>
    encode(ContentSchema, { minimumVersion: 1, kind: kind! })
  const profile = { version: 1, accessKey: new Uint8Array(15) }
  t.equal(
    codeOf(() => decodeContent(content({ case: 'text', value: { body: 'hi' } }))),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => decodeContent(content({ case: 'profile', value: profile }))),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => decodeContent(content({ case: 'request', value: {} }))),
    'wire/malformed',
  )
})

test('a reaction is one emoji or none, and an edit counts from 1', async (t) => {
  const reaction = (emoji: string) =>
    encodeContent(sealed({ kind: 'reaction', target: { author: PEER, message: MESSAGE }, emoji }))
  const edit = (revision: number) =>
    encodeContent(sealed({ kind: 'edit', message: MESSAGE, body: 'anew', revision }))
  const refused = [reaction('ok'), reaction('👍👍'), reaction('👍\u001b[2J'), edit(0)]
  t.same(
    refused.map((bytes) => codeOf(() => decodeContent(bytes))),
    refused.map(() => 'wire/malformed'),
  )
  t.same(
    [reaction(''), reaction('👍'), edit(1)].map((bytes) => decodeContent(bytes).content.kind),
    ['reaction', 'reaction', 'edit'],
  )
})

test('a time that no clock can show is malformed', async (t) => {
  const at = (sentAtMs: bigint) =>
    encode(ContentSchema, {
      minimumVersion: 1,
      sentAtMs,
      kind: { case: 'decryptionError', value: { digest: new Uint8Array(32) } },
    })
  t.equal(decodeContent(at(8_640_000_000_000_000n)).sentAtMs, 8.64e15)
  t.equal(
    codeOf(() => decodeContent(at(8_640_000_000_000_001n))),
    'wire/malformed',
  )
  t.equal(
    codeOf(() => decodeContent(at(0xffffffffffffffffn))),
    'wire/malformed',
  )
})

test('text that is not UTF-8 is malformed', async (t) => {
  const bytes = encodeContent(sealed({ kind: 'text', text: { ...textOf(), body: 'aaaa' } }))
  const at = Buffer.from(bytes).indexOf('aaaa')
  bytes[at] = 0xff
  t.equal(
    codeOf(() => decodeContent(bytes)),
    'wire/malformed',
  )
})

test('ids in content are any sixteen bytes', async (t) => {
  fc.assert(
    fc.property(messageId, (message) => {
      const content = { kind: 'text', text: { ...textOf(), message } } as const
      t.same(decodeContent(encodeContent(sealed(content))).content, content)
    }),
  )
})

function textOf() {
  return { message: MESSAGE, body: 'ciao', replyTo: undefined, silent: false }
}
