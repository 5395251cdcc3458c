import type { DescMessage } from '@bufbuild/protobuf'
import { equals, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { test } from 'tap'
import { ownBytes } from '../src/bytes.js'
import { decode, encode } from '../src/codec.js'
import * as wire from '../src/wire.js'
import { bytesBetween, damaged, messageOf } from './arbitraries.js'
import { refusesProperly } from './refusal.js'

const SCHEMAS: readonly DescMessage[] = [
  wire.ClientFrameSchema,
  wire.RelayFrameSchema,
  wire.RegisterSchema,
  wire.RegisteredSchema,
  wire.SignedParametersSchema,
  wire.SignedManifestSchema,
  wire.ContentSchema,
]
const anySchema = fc.constantFrom(...SCHEMAS)
const anyMessage = anySchema.chain((schema) =>
  messageOf(schema).map((message) => ({ schema, message })),
)

test('every frame and body survives encoding and decoding', async (t) => {
  fc.assert(
    fc.property(anyMessage, ({ schema, message }) =>
      equals(schema, decode(schema, encode(schema, message)), message),
    ),
    { numRuns: 1000 },
  )
  t.pass('for all messages')
})

test('a damaged frame is read or refused as malformed, and never anything else', async (t) => {
  const damagedFrame = anyMessage.chain(({ schema, message }) =>
    damaged(fc.constant(ownBytes(toBinary(schema, message)))).map((raw) => ({ schema, raw })),
  )
  fc.assert(
    fc.property(damagedFrame, ({ schema, raw }) => refusesProperly(() => decode(schema, raw))),
    { numRuns: 3000 },
  )
  t.pass('for all damage')
})

test('random bytes are read or refused as malformed, and never anything else', async (t) => {
  fc.assert(
    fc.property(anySchema, bytesBetween(0, 400), (schema, raw) =>
      refusesProperly(() => decode(schema, raw)),
    ),
    { numRuns: 3000 },
  )
  t.pass('for all bytes')
})

test('a frame of a megabyte of nested groups is refused and does not hang', async (t) => {
  // Field 99, start of a group: again and again.
  const nested = new Uint8Array(1024 * 1024).map((_, index) => (index % 2 === 0 ? 0x9b : 0x06))
  t.ok(refusesProperly(() => decode(wire.ClientFrameSchema, nested)))
})

test('a length that promises more than there is is refused without being believed', async (t) => {
  const promise = Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00)
  t.throws(() => decode(wire.ClientFrameSchema, promise), { code: 'wire/malformed' })
})
