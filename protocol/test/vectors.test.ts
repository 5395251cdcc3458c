import type { DescMessage } from '@bufbuild/protobuf'
import { test } from 'tap'
import { equalBytes, fromHex, hex, type Bytes } from '../src/bytes.js'
import { decode, encode } from '../src/codec.js'
import { decodeContent, encodeContent } from '../src/content.js'
import { parseAccountId, parseMessageId } from '../src/ids.js'
import { parseInviteLink } from '../src/invite-link.js'
import { padToBucket, unpad } from '../src/padding.js'
import { openManifest, openParameters } from '../src/signed.js'
import * as wire from '../src/wire.js'
import { codeOf } from './refusal.js'
import { readVectors, VECTOR_FILES, vectorText, type VectorFile } from './vectors/files.js'
import { openHpke } from './vectors/hpke.js'
import { meaningOf, type Json } from './vectors/meaning.js'
import { sha256 } from './vectors/sha256.js'
import { verifyXeddsa } from './vectors/xeddsa.js'

interface Vectors<Vector> {
  readonly vectors: readonly Vector[]
}

function vectorsOf<Vector>(file: VectorFile): readonly Vector[] {
  return parsed<Vectors<Vector>>(file).vectors
}

function parsed<Shape>(file: VectorFile): Shape {
  return JSON.parse(readVectors(file)) as Shape
}

function bytesOf(digits: string): Bytes {
  return fromHex(digits)!
}

test('the vectors are what this code makes', async (t) => {
  const files = Object.keys(VECTOR_FILES) as VectorFile[]
  // Changed on purpose? node protocol/out/test/vectors/make.js, and say so in docs/PROTOCOL.md.
  t.same(
    files.filter((file) => readVectors(file) !== vectorText(file)),
    [],
  )
})

interface SignedVector {
  readonly manifest: string
  readonly parameters: string
  readonly signed: string
  readonly hash: string
  readonly signature: string
}

test('manifests of the vectors open with a signature that libsignal made', async (t) => {
  const { relay_root, vectors } = parsed<{ relay_root: string } & Vectors<SignedVector>>(
    'manifest.json',
  )
  const check = { relayRoot: bytesOf(relay_root), verify: verifyXeddsa, sha256 }
  const opened = vectors.map(({ manifest, signature }) =>
    openManifest({ manifest: bytesOf(manifest), signature: bytesOf(signature) }, check),
  )
  t.same(
    opened.map(({ version }) => version),
    [1, 2],
  )
  t.same(opened[1]!.previousHash, bytesOf(vectors[0]!.hash))
})

test('a manifest of the vectors does not open with one bit of its signature changed', async (t) => {
  const { relay_root, vectors } = parsed<{ relay_root: string } & Vectors<SignedVector>>(
    'manifest.json',
  )
  const check = { relayRoot: bytesOf(relay_root), verify: verifyXeddsa, sha256 }
  const signature = bytesOf(vectors[0]!.signature)
  signature[0]! ^= 1
  const changed = { manifest: bytesOf(vectors[0]!.manifest), signature }
  t.equal(
    codeOf(() => openManifest(changed, check)),
    'wire/malformed',
  )
})

test('parameters of the vectors open with a signature that libsignal made', async (t) => {
  const { relay_root, vectors } = parsed<{ relay_root: string } & Vectors<SignedVector>>(
    'parameters.json',
  )
  const opened = vectors.map(({ parameters, signature }) => {
    const bytes = encode(wire.SignedParametersSchema, {
      parameters: bytesOf(parameters),
      signature: bytesOf(signature),
      rootKey: bytesOf(relay_root),
    })
    return openParameters(decode(wire.SignedParametersSchema, bytes), verifyXeddsa)
  })
  t.same(
    opened.map(({ registration }) => registration),
    ['open', 'invite'],
  )
})

interface EnvelopeVector {
  readonly identity_secret: string
  readonly identity: string
  readonly info: string
  readonly aad: string
  readonly sealed: string
  readonly body: string
}

function opened(vector: EnvelopeVector, aad = bytesOf(vector.aad)): Bytes {
  const recipient = { secret: bytesOf(vector.identity_secret), public: bytesOf(vector.identity) }
  return unpad(openHpke(bytesOf(vector.body), recipient, { info: vector.info, aad }))
}

test('the envelope of the vectors opens with HPKE as the standard has it', async (t) => {
  const [vector] = vectorsOf<EnvelopeVector>('envelope.json')
  t.equal(bytesOf(vector!.body).length, 1024)
  t.equal(hex(opened(vector!)), vector!.sealed)
})

test('the envelope of the vectors does not open for another device', async (t) => {
  const [vector] = vectorsOf<EnvelopeVector>('envelope.json')
  const elsewhere = bytesOf(vector!.aad)
  elsewhere[16] = 2
  t.throws(() => opened(vector!, elsewhere))
})

interface NamedVector {
  readonly name: string
  readonly message?: string
  readonly bytes: string
  readonly meaning: Record<string, Json>
}

test('every content of the vectors is read, and written again as the same bytes', async (t) => {
  const changed = vectorsOf<NamedVector>('content.json')
    .filter(({ bytes }) => hex(encodeContent(decodeContent(bytesOf(bytes)))) !== bytes)
    .map(({ name }) => name)
  t.same(changed, [])
})

test('every unsupported content of the vectors is taken for what it is', async (t) => {
  const { unsupported } = parsed<{ unsupported: readonly NamedVector[] }>('content.json')
  const kinds = unsupported.map(({ bytes }) => decodeContent(bytesOf(bytes)).content.kind)
  t.same(new Set(kinds), new Set(['unsupported']))
})

test('the content vectors have every kind that there is', async (t) => {
  const vectors = vectorsOf<NamedVector>('content.json').map(({ meaning }) => meaning)
  t.same(missingKinds(wire.ContentSchema, 'kind', vectors), [])
  const syncs = vectors.flatMap(({ sync }) => (sync === undefined ? [] : [sync]))
  const syncSchema = messageField(wire.ContentSchema, 'sync')
  t.same(missingKinds(syncSchema, 'kind', syncs as Record<string, Json>[]), [])
})

const SCHEMAS: Readonly<Record<string, DescMessage>> = {
  ClientFrame: wire.ClientFrameSchema,
  RelayFrame: wire.RelayFrameSchema,
  Register: wire.RegisterSchema,
  Registered: wire.RegisteredSchema,
  SignedParameters: wire.SignedParametersSchema,
}

test('every frame of the vectors is read, means what it says, and is written again as the same bytes', async (t) => {
  const read = vectorsOf<NamedVector>('frames.json').map(({ name, message, bytes }) => {
    const schema = SCHEMAS[message!]!
    const decoded = decode(schema, bytesOf(bytes))
    return {
      name,
      message,
      bytes: hex(encode(schema, decoded)),
      meaning: meaningOf(schema, decoded),
    }
  })
  t.same(read, vectorsOf<NamedVector>('frames.json'))
})

test('the frame vectors have every frame, request, result and leave that there is', async (t) => {
  const vectors = vectorsOf<NamedVector>('frames.json')
  const of = (message: string) =>
    vectors.filter((vector) => vector.message === message).map(({ meaning }) => meaning)
  const inside = (frames: Record<string, Json>[], field: string) =>
    frames.flatMap((frame) => (field in frame ? [frame[field] as Record<string, Json>] : []))
  const [client, relay] = [of('ClientFrame'), of('RelayFrame')]
  const requests = inside(client, 'request')
  const leaves = inside(inside(requests, 'fetch_bundle'), 'leave')
  t.same(missingKinds(wire.ClientFrameSchema, 'kind', client), [])
  t.same(missingKinds(wire.RelayFrameSchema, 'kind', relay), [])
  t.same(missingKinds(wire.RequestSchema, 'method', requests), [])
  t.same(missingKinds(wire.ResultSchema, 'kind', inside(relay, 'result')), [])
  t.same(missingKinds(wire.LeaveSchema, 'kind', leaves), [])
})

test('what the vectors refuse is refused', async (t) => {
  const { refused } = parsed<{ refused: readonly string[] }>('account-id.json')
  const { refused_messages } = parsed<{ refused_messages: readonly string[] }>('ids.json')
  t.same(
    refused.filter((value) => codeOf(() => parseAccountId(value)) !== 'content/invalid'),
    [],
  )
  t.same(
    refused_messages.filter((value) => codeOf(() => parseMessageId(value)) !== 'content/invalid'),
    [],
  )
})

test('the invites of the vectors say what they were made of, and what is refused is refused', async (t) => {
  interface Invite {
    readonly link: string
    readonly relay: string
    readonly account: string
    readonly secret: string
  }
  const { vectors, refused } = parsed<
    Vectors<Invite> & { readonly refused: readonly { readonly link: string }[] }
  >('invite.json')
  const read = vectors.map(({ link }) => parseInviteLink(link))
  t.same(
    read.map(({ relay, account, secret }) => [relay, account, hex(secret.reveal())]),
    vectors.map(({ relay, account, secret }) => [relay, account, secret]),
  )
  t.same(
    refused.filter(({ link }) => codeOf(() => parseInviteLink(link)) !== 'usage/invalid'),
    [],
  )
})

test('the padding vectors unpad, and what they refuse is refused', async (t) => {
  interface Refused {
    readonly why: string
    readonly length: number
    readonly first: string
  }
  const { length_refused, padded_refused } = parsed<{
    length_refused: number
    padded_refused: readonly Refused[]
  }>('padding.json')
  const accepted = padded_refused.filter(({ length, first }) => {
    const padded = new Uint8Array(length)
    padded.set(bytesOf(first))
    return codeOf(() => unpad(padded)) !== 'wire/malformed'
  })
  t.same(accepted, [])
  t.equal(
    codeOf(() => padToBucket(new Uint8Array(length_refused))),
    'content/too-large',
  )
  const whole = vectorsOf<{ length: number }>('padding.json').filter(({ length }) => {
    const sealed = new Uint8Array(length).fill(0xaa)
    return !equalBytes(unpad(padToBucket(sealed)), sealed)
  })
  t.same(whole, [])
})

/** The cases of a oneof that none of the vectors has. */
function missingKinds(
  schema: DescMessage,
  oneof: string,
  meanings: readonly Record<string, Json>[],
): string[] {
  const fields = schema.oneofs.find(({ name }) => name === oneof)?.fields ?? []
  return fields.map(({ name }) => name).filter((name) => !meanings.some((each) => name in each))
}

function messageField(schema: DescMessage, name: string): DescMessage {
  const field = schema.fields.find((each) => each.name === name)
  if (field?.fieldKind !== 'message') throw new Error(`${name} is no message`)
  return field.message
}
