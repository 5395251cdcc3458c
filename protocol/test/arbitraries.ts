import {
  create,
  ScalarType,
  type DescField,
  type DescMessage,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf'
import fc from 'fast-check'
import { ownBytes, type Bytes } from '../src/bytes.js'
import {
  PROFILE_NAME_LENGTH_MAX,
  type Content,
  type Profile,
  type SealedContent,
  type Sync,
  type Text,
} from '../src/content.js'
import type { Reference } from '../src/content-parts.js'
import {
  accountIdFromBytes,
  messageIdFromBytes,
  type AccountId,
  type DeviceId,
  type MessageId,
  type RegistrationId,
} from '../src/ids.js'
import type { Manifest, ManifestDevice } from '../src/signed.js'

export function bytes(length: number): fc.Arbitrary<Bytes> {
  return bytesBetween(length, length)
}

export function bytesBetween(minLength: number, maxLength: number): fc.Arbitrary<Bytes> {
  return fc.uint8Array({ minLength, maxLength }).map(ownBytes)
}

/** Any well-formed text. A byte order mark at its beginning is no part of a text. */
export const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((value) => !value.startsWith('\ufeff'))

/** A date, in milliseconds: what a clock can show. */
export const timeMs = fc.integer({ min: 0, max: 8.64e15 })

export const accountId: fc.Arbitrary<AccountId> = bytes(16).map((raw) => {
  raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x80
  raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80
  return accountIdFromBytes(raw)
})

export const messageId: fc.Arbitrary<MessageId> = bytes(16).map(messageIdFromBytes)

const reference: fc.Arbitrary<Reference> = fc.record({ author: accountId, message: messageId })

const textMessage: fc.Arbitrary<Text> = fc.record({
  message: messageId,
  body: text,
  replyTo: fc.option(reference, { nil: undefined }),
  silent: fc.boolean(),
})

const profileName = text.filter((value) => value.length <= PROFILE_NAME_LENGTH_MAX)

const profile: fc.Arbitrary<Profile> = fc.record({
  version: fc.nat(),
  accessKey: bytes(16),
  username: profileName,
  name: profileName,
  route: bytes(16),
  status: text,
})

const sync: fc.Arbitrary<Sync> = fc.oneof(
  fc.record({
    kind: fc.constant('sent' as const),
    recipient: accountId,
    text: textMessage,
    arrivalMs: timeMs,
  }),
  fc.record({
    kind: fc.constant('read' as const),
    messages: fc.array(reference, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('contact' as const),
    account: accountId,
    name: text,
    profile: fc.option(profile, { nil: undefined }),
  }),
)

/** Every content that is sealed; `unsupported` never is. */
const content: fc.Arbitrary<Content> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: textMessage }),
  fc.record({
    kind: fc.constant('receipt' as const),
    type: fc.constantFrom('delivered' as const, 'read' as const),
    messages: fc.array(messageId, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('profile' as const), profile }),
  fc.record({
    kind: fc.constant('request' as const),
    text: textMessage,
    profile,
    inviteProof: fc.option(bytes(32), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('sync' as const), sync }),
  fc.record({
    kind: fc.constant('decryption-error' as const),
    message: bytesBetween(0, 60),
    digest: bytes(32),
  }),
  fc.record({
    kind: fc.constant('reaction' as const),
    target: reference,
    emoji: fc.constantFrom('', '👍', '❤️', '🏳️‍🌈', '🇨🇭', '1️⃣'),
  }),
  fc.record({
    kind: fc.constant('edit' as const),
    message: messageId,
    body: text,
    revision: fc.integer({ min: 1, max: 0xffffffff }),
  }),
  fc.record({ kind: fc.constant('delete' as const), message: messageId }),
  fc.record({ kind: fc.constant('typing' as const), started: fc.boolean() }),
)

export const sealedContent: fc.Arbitrary<SealedContent> = fc.record(
  {
    content,
    sentAtMs: timeMs,
    manifestVersion: fc.nat(),
    manifestHash: bytesBetween(0, 32),
    manifest: fc.option(fc.record({ manifest: bytesBetween(0, 60), signature: bytes(64) }), {
      nil: undefined,
    }),
    resent: bytes(32),
  },
  { requiredKeys: ['content', 'sentAtMs', 'manifestVersion', 'manifestHash', 'manifest'] },
)

const manifestDevice: fc.Arbitrary<ManifestDevice> = fc.record({
  id: fc.integer({ min: 1, max: 127 }).map((id) => id as DeviceId),
  registrationId: fc.integer({ min: 1, max: 16383 }).map((id) => id as RegistrationId),
  deviceKey: bytes(32),
  capabilities: fc.array(text, { maxLength: 3 }),
})

/** A manifest of the account that `accountOf` makes of its identity key. */
export function manifest(accountOf: (identity: Bytes) => AccountId): fc.Arbitrary<Manifest> {
  return fc
    .record({
      version: fc.integer({ min: 1, max: 0xffffffff }),
      hash: bytes(32),
      identityKey: bytes(33),
      devices: fc.uniqueArray(manifestDevice, {
        minLength: 1,
        maxLength: 8,
        selector: (device) => device.id,
      }),
    })
    .map(({ version, hash, identityKey, devices }) => ({
      account: accountOf(identityKey),
      version,
      previousHash: version === 1 ? new Uint8Array(0) : hash,
      identityKey,
      devices,
    }))
}

/** Any message of a schema, made from its description. */
export function messageOf(schema: DescMessage): fc.Arbitrary<Message> {
  const members = schema.members.map((member) =>
    member.kind === 'oneof'
      ? fc
          .oneof(
            fc.constant({ case: undefined }),
            ...member.fields.map((field) =>
              fieldValue(field).map((value) => ({ case: field.localName, value })),
            ),
          )
          .map((value) => [member.localName, value] as const)
      : fc
          .option(fieldValue(member), { nil: undefined })
          .map((value) => [member.localName, value] as const),
  )
  return fc.tuple(...members).map((values) => {
    const set = values.filter(([, value]) => value !== undefined)
    return create(schema, Object.fromEntries(set) as MessageInitShape<DescMessage>)
  })
}

function fieldValue(field: DescField): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case 'message':
      return messageOf(field.message)
    case 'enum':
      return fc.constantFrom(...field.enum.values.map((value) => value.number))
    case 'scalar':
      return scalarValue(field.scalar)
    case 'list':
      return fc.array(
        field.listKind === 'message'
          ? messageOf(field.message)
          : scalarValue(field.listKind === 'enum' ? ScalarType.UINT32 : field.scalar),
        { maxLength: 2 },
      )
    case 'map':
      throw new Error('the wire has no maps')
  }
}

const SCALARS: Readonly<Partial<Record<ScalarType, fc.Arbitrary<unknown>>>> = {
  [ScalarType.BYTES]: bytesBetween(0, 20),
  [ScalarType.STRING]: text,
  [ScalarType.BOOL]: fc.boolean(),
  [ScalarType.UINT32]: fc.integer({ min: 0, max: 0xffffffff }),
  [ScalarType.UINT64]: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
}

function scalarValue(type: ScalarType): fc.Arbitrary<unknown> {
  const arbitrary = SCALARS[type]
  if (arbitrary === undefined) throw new Error('the wire has no such scalar')
  return arbitrary
}

/** Bytes with something done to them: cut, flipped, doubled, filled in between, or left as they were. */
export function damaged(whole: fc.Arbitrary<Bytes>): fc.Arbitrary<Bytes> {
  return fc
    .tuple(whole, fc.nat(), fc.nat(), bytesBetween(0, 8), fc.nat({ max: 4 }))
    .map(([original, first, second, inserted, damage]) => {
      const at = first % (original.length + 1)
      const end = at + (second % (original.length - at + 1))
      const [head, middle, tail] = [
        original.subarray(0, at),
        original.subarray(at, end),
        original.subarray(end),
      ]
      if (damage === 0) return ownBytes(head)
      if (damage === 1) return Uint8Array.from([...head, ...inserted, ...tail])
      if (damage === 2) return Uint8Array.from([...head, ...middle, ...middle, ...tail])
      if (damage === 3) return Uint8Array.from([...head, ...middle.map((byte) => ~byte), ...tail])
      return original
    })
}
