import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { concatBytes, hex, utf8, type Bytes } from '../../src/bytes.js'
import { decode } from '../../src/codec.js'
import { encodeContent, type Content, type SealedContent } from '../../src/content.js'
import { encodeManifest } from '../../src/signed.js'
import { ContentSchema } from '../../src/wire.js'
import { ACCOUNT, filled, MESSAGE, NOW_MS, PEER } from './keys.js'
import { meaningOf, type Json } from './meaning.js'
import { sha256 } from './sha256.js'
import { MANIFEST } from './signed-vectors.js'

const TEXT = { message: MESSAGE, body: 'ciao, 世界 👋', replyTo: undefined, silent: false }
const PROFILE = {
  version: 3,
  accessKey: filled(16, 0x0a),
  username: 'alice.42',
  name: 'Alice',
  route: filled(16, 0x0b),
  status: 'sotto voce',
}
const REFERENCE = { author: PEER, message: MESSAGE }

/** Every kind of content, and what distinguishes one of a kind from another. */
export const CONTENTS: Readonly<Record<string, Content>> = {
  'a text': { kind: 'text', text: TEXT },
  'a text that answers another': { kind: 'text', text: { ...TEXT, replyTo: REFERENCE } },
  'a delivered receipt': { kind: 'receipt', type: 'delivered', messages: [MESSAGE] },
  'a read receipt': { kind: 'receipt', type: 'read', messages: [MESSAGE, MESSAGE] },
  'a profile': { kind: 'profile', profile: PROFILE },
  'a text that asks for no sound': { kind: 'text', text: { ...TEXT, silent: true } },
  'a request': {
    kind: 'request',
    text: TEXT,
    profile: { ...PROFILE, username: '', name: '', status: '' },
    inviteProof: undefined,
  },
  'a request by invitation': {
    kind: 'request',
    text: TEXT,
    profile: PROFILE,
    inviteProof: filled(32, 0x0e),
  },
  'sync: a text was sent': {
    kind: 'sync',
    sync: { kind: 'sent', recipient: PEER, text: TEXT, arrivalMs: NOW_MS + 1500 },
  },
  'sync: messages were read': { kind: 'sync', sync: { kind: 'read', messages: [REFERENCE] } },
  'sync: a contact': {
    kind: 'sync',
    sync: { kind: 'contact', account: PEER, name: 'Bob', profile: PROFILE },
  },
  'sync: a contact without a profile': {
    kind: 'sync',
    sync: { kind: 'contact', account: PEER, name: '', profile: undefined },
  },
  'a decryption error': {
    kind: 'decryption-error',
    message: filled(44, 0x0d),
    digest: filled(32, 0x0f),
  },
  'a reaction': { kind: 'reaction', target: REFERENCE, emoji: '👍🏽' },
  'a reaction that is taken back': { kind: 'reaction', target: REFERENCE, emoji: '' },
  'an edit': { kind: 'edit', message: MESSAGE, body: 'ciao, 世界!', revision: 2 },
  'a delete': { kind: 'delete', message: MESSAGE },
  'somebody is writing': { kind: 'typing', started: true },
  'somebody writes no more': { kind: 'typing', started: false },
}

export function sealedContent(content: Content): SealedContent {
  return {
    content,
    sentAtMs: NOW_MS,
    manifestVersion: MANIFEST.version,
    manifestHash: sha256(encodeManifest(MANIFEST)),
    manifest: undefined,
  }
}

/** A text with its author's manifest, which needs no true signature to be encoded. */
export const WITH_MANIFEST: SealedContent = {
  ...sealedContent({ kind: 'text', text: TEXT }),
  manifest: { manifest: encodeManifest(MANIFEST), signature: filled(64, 0x51) },
}

/** The same text again, for a device that could not open it the first time. */
const RESENT: SealedContent = {
  ...sealedContent({ kind: 'text', text: TEXT }),
  resent: filled(32, 0x0f),
}

const MINIMUM_VERSION = 1
const SENT_AT_MS = 2
const KIND_OF_TOMORROW = 99

/** What a newer sotto might write; a reader of version 1 shows it as unsupported and keeps the bytes. */
export const UNSUPPORTED: Readonly<Record<string, Bytes>> = {
  'a higher minimum version': concatBytes(
    encodeContent(sealedContent({ kind: 'text', text: TEXT })),
    new BinaryWriter().tag(MINIMUM_VERSION, WireType.Varint).uint32(2).finish(),
  ),
  'a kind without a number here': new BinaryWriter()
    .tag(MINIMUM_VERSION, WireType.Varint)
    .uint32(1)
    .tag(SENT_AT_MS, WireType.Varint)
    .uint64(NOW_MS)
    .tag(KIND_OF_TOMORROW, WireType.LengthDelimited)
    .bytes(utf8('from tomorrow'))
    .finish(),
  'a receipt of an unknown type': new BinaryWriter()
    .tag(MINIMUM_VERSION, WireType.Varint)
    .uint32(1)
    .tag(SENT_AT_MS, WireType.Varint)
    .uint64(NOW_MS)
    .tag(11, WireType.LengthDelimited)
    .bytes(
      new BinaryWriter()
        .tag(1, WireType.Varint)
        .uint32(77)
        .tag(2, WireType.LengthDelimited)
        .bytes(filled(16, 0x0e))
        .finish(),
    )
    .finish(),
  'a sync of an unknown kind': new BinaryWriter()
    .tag(SENT_AT_MS, WireType.Varint)
    .uint64(NOW_MS)
    .tag(14, WireType.LengthDelimited)
    .bytes(
      new BinaryWriter()
        .tag(KIND_OF_TOMORROW, WireType.LengthDelimited)
        .bytes(utf8('from tomorrow'))
        .finish(),
    )
    .finish(),
}

export function contentVectors(): Json {
  const supported = [
    ...Object.entries(CONTENTS).map(([name, content]) => [name, sealedContent(content)] as const),
    ['a text with its author’s manifest', WITH_MANIFEST] as const,
    ['a text that is sent again', RESENT] as const,
  ]
  return {
    about:
      'bytes is an encoded Content (content.proto), meaning the same in JSON: field names as there, bytes as hex, 64-bit numbers as decimal strings, unset fields left out. Messages and accounts are 16 bytes. A reader of version 1 keeps what is unsupported as it came.',
    vectors: supported.map(([name, sealed]) => vector(name, encodeContent(sealed))),
    unsupported: Object.entries(UNSUPPORTED).map(([name, bytes]) => vector(name, bytes)),
    sender: ACCOUNT,
  }
}

function vector(name: string, bytes: Bytes): Json {
  return {
    name,
    bytes: hex(bytes),
    meaning: meaningOf(ContentSchema, decode(ContentSchema, bytes)),
  }
}
