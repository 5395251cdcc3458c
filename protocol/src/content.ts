import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  ContentSchema,
  ReceiptType,
  type Content as WireContent,
  type Profile as WireProfile,
  type Sync as WireSync,
  type Text as WireText,
} from '#generated/content_pb.js'
import type { SignedManifest } from '#generated/identity_pb.js'
import { ownBytes, type Bytes } from './bytes.js'
import { decode, encode } from './codec.js'
import { ProtocolError } from './errors.js'
import { changeOf, wireChange, type Change } from './changes.js'
import {
  accountOf,
  messageIdOf,
  malformed,
  optional,
  referenceOf,
  required,
  sized,
  timeOf,
  wireReference,
  type Reference,
} from './content-parts.js'
import {
  ACCESS_KEY_BYTES,
  accountIdBytes,
  messageIdBytes,
  ROUTE_BYTES,
  SHA256_BYTES,
  type AccountId,
  type MessageId,
} from './ids.js'
import { CONTENT_VERSION } from './limits.js'

export interface Text {
  readonly message: MessageId
  readonly body: string
  readonly replyTo: Reference | undefined
  /** The author asks the recipient's device to stay quiet. */
  readonly silent: boolean
}

export interface Profile {
  readonly version: number
  readonly accessKey: Bytes
  /** Claimed: true only once a lookup of it gives the same account. Empty: none. */
  readonly username: string
  readonly name: string
  /** Where submissions to the account go: 16 bytes. */
  readonly route: Bytes
  /** A line about oneself; empty: none. */
  readonly status: string
}

/** The plaintext inside the seal. `unsupported` is what a newer sotto wrote. */
export type Content =
  | { readonly kind: 'text'; readonly text: Text }
  | {
      readonly kind: 'receipt'
      readonly type: 'delivered' | 'read'
      readonly messages: readonly MessageId[]
    }
  | { readonly kind: 'profile'; readonly profile: Profile }
  | {
      readonly kind: 'request'
      readonly text: Text
      readonly profile: Profile
      /** Proves knowledge of an invite's secret: 32 bytes. Undefined: nobody invited. */
      readonly inviteProof: Bytes | undefined
    }
  | { readonly kind: 'sync'; readonly sync: Sync }
  | {
      readonly kind: 'decryption-error'
      /** libsignal's DecryptionErrorMessage. */
      readonly message: Bytes
      /** SHA-256 of the ratchet message that would not open. */
      readonly digest: Bytes
    }
  | Change
  /** Goes in ephemeral envelopes, and is kept nowhere. */
  | { readonly kind: 'typing'; readonly started: boolean }
  | { readonly kind: 'unsupported'; readonly minimumVersion: number }

/** What one device of an account tells the others. */
export type Sync =
  | {
      readonly kind: 'sent'
      readonly recipient: AccountId
      readonly text: Text
      readonly arrivalMs: number
    }
  | { readonly kind: 'read'; readonly messages: readonly Reference[] }
  | {
      readonly kind: 'contact'
      readonly account: AccountId
      readonly name: string
      readonly profile: Profile | undefined
    }

/** A content with what every content says of its author's device list. */
export interface SealedContent {
  readonly content: Content
  /** The author's clock, Unix milliseconds. */
  readonly sentAtMs: number
  readonly manifestVersion: number
  /** SHA-256 of the author's encoded manifest. */
  readonly manifestHash: Bytes
  /** The manifest itself, until the recipient's device is known to have it. */
  readonly manifest: Pick<SignedManifest, 'manifest' | 'signature'> | undefined
  /** Sent again: SHA-256 of the ratchet message that would not open. */
  readonly resent?: Bytes
}

export const RECEIPT_MESSAGES_MAX = 1000
/** Of a profile: the longest claimed username and name, in UTF-16 units. */
export const PROFILE_NAME_LENGTH_MAX = 128
/** Of a profile: the longest status, in UTF-16 units. */
export const PROFILE_STATUS_LENGTH_MAX = 256
/** SHA-256 of a ratchet message. */
const RESENT_BYTES = 32
/** HMAC-SHA-256 under an invite's secret. */
export const INVITE_PROOF_BYTES = 32

export function encodeContent(sealed: SealedContent): Bytes {
  const init: MessageInitShape<typeof ContentSchema> = {
    minimumVersion: 1,
    sentAtMs: BigInt(sealed.sentAtMs),
    manifestVersion: sealed.manifestVersion,
    manifestHash: sealed.manifestHash,
    kind: wireKind(sealed.content),
  }
  if (sealed.manifest !== undefined) {
    init.manifest = { manifest: sealed.manifest.manifest, signature: sealed.manifest.signature }
  }
  if (sealed.resent !== undefined) init.resent = sealed.resent
  return encode(ContentSchema, init)
}

/**
 * Parses what came out of a seal. Throws only `wire/malformed`; a kind or version this code does
 * not know is `unsupported`, and the caller keeps the raw bytes to read after an upgrade.
 */
export function decodeContent(bytes: Uint8Array): SealedContent {
  const wire = decode(ContentSchema, bytes)
  const resent = optional(wire.resent, RESENT_BYTES)
  return {
    content: contentOf(wire),
    sentAtMs: timeOf(wire.sentAtMs),
    manifestVersion: wire.manifestVersion,
    manifestHash: ownBytes(wire.manifestHash),
    manifest:
      wire.manifest === undefined
        ? undefined
        : {
            manifest: ownBytes(wire.manifest.manifest),
            signature: ownBytes(wire.manifest.signature),
          },
    ...(resent === undefined ? {} : { resent }),
  }
}

type WireKind = NonNullable<MessageInitShape<typeof ContentSchema>['kind']>

function wireKind(content: Content): WireKind {
  switch (content.kind) {
    case 'text':
      return { case: 'text', value: wireText(content.text) }
    case 'receipt':
      return {
        case: 'receipt',
        value: {
          type: content.type === 'read' ? ReceiptType.READ : ReceiptType.DELIVERED,
          messageIds: content.messages.map(messageIdBytes),
        },
      }
    case 'profile':
      return { case: 'profile', value: { ...content.profile } }
    case 'request':
      return {
        case: 'request',
        value: {
          text: wireText(content.text),
          profile: { ...content.profile },
          inviteProof: content.inviteProof ?? NOTHING,
        },
      }
    case 'sync':
      return { case: 'sync', value: wireSync(content.sync) }
    case 'decryption-error':
      return {
        case: 'decryptionError',
        value: { message: content.message, digest: content.digest },
      }
    case 'reaction':
    case 'edit':
    case 'delete':
      return wireChange(content)
    case 'typing':
      return { case: 'typing', value: { started: content.started } }
    case 'unsupported':
      throw new ProtocolError('wire/unexpected', 'content of an unknown kind is not sealed')
  }
}

function wireText(text: Text) {
  const { body, silent } = text
  const wire = { messageId: messageIdBytes(text.message), body, silent }
  return text.replyTo === undefined ? wire : { ...wire, replyTo: wireReference(text.replyTo) }
}

function wireSync(sync: Sync) {
  switch (sync.kind) {
    case 'sent':
      return {
        kind: {
          case: 'sent' as const,
          value: {
            recipient: accountIdBytes(sync.recipient),
            text: wireText(sync.text),
            arrivalMs: BigInt(sync.arrivalMs),
          },
        },
      }
    case 'read':
      return {
        kind: { case: 'read' as const, value: { messages: sync.messages.map(wireReference) } },
      }
    case 'contact': {
      const value = { account: accountIdBytes(sync.account), name: sync.name }
      return {
        kind: {
          case: 'contact' as const,
          value: sync.profile === undefined ? value : { ...value, profile: { ...sync.profile } },
        },
      }
    }
  }
}

function contentOf(wire: WireContent): Content {
  const unsupported: Content = { kind: 'unsupported', minimumVersion: wire.minimumVersion }
  if (wire.minimumVersion > CONTENT_VERSION) return unsupported
  switch (wire.kind.case) {
    case 'text':
      return { kind: 'text', text: textOf(wire.kind.value) }
    case 'receipt': {
      const { type, messageIds } = wire.kind.value
      if (messageIds.length === 0 || messageIds.length > RECEIPT_MESSAGES_MAX) throw malformed()
      const messages = messageIds.map(messageIdOf)
      if (type === ReceiptType.DELIVERED) return { kind: 'receipt', type: 'delivered', messages }
      if (type === ReceiptType.READ) return { kind: 'receipt', type: 'read', messages }
      return unsupported
    }
    case 'profile':
      return { kind: 'profile', profile: profileOf(wire.kind.value) }
    case 'request':
      return {
        kind: 'request',
        text: textOf(required(wire.kind.value.text)),
        profile: profileOf(required(wire.kind.value.profile)),
        inviteProof: optional(wire.kind.value.inviteProof, INVITE_PROOF_BYTES),
      }
    case 'sync': {
      const sync = syncOf(wire.kind.value)
      return sync === undefined ? unsupported : { kind: 'sync', sync }
    }
    case 'decryptionError':
      return {
        kind: 'decryption-error',
        message: ownBytes(wire.kind.value.message),
        digest: sized(wire.kind.value.digest, SHA256_BYTES),
      }
    case 'reaction':
    case 'edit':
    case 'delete':
      return changeOf(wire.kind)
    case 'typing':
      return { kind: 'typing', started: wire.kind.value.started }
    case undefined:
      return unsupported
  }
}

function syncOf(wire: WireSync): Sync | undefined {
  switch (wire.kind.case) {
    case 'sent': {
      const { recipient, text, arrivalMs } = wire.kind.value
      return {
        kind: 'sent',
        recipient: accountOf(recipient),
        text: textOf(required(text)),
        arrivalMs: timeOf(arrivalMs),
      }
    }
    case 'read':
      return { kind: 'read', messages: wire.kind.value.messages.map(referenceOf) }
    case 'contact': {
      const { account, name, profile } = wire.kind.value
      return {
        kind: 'contact',
        account: accountOf(account),
        name,
        profile: profile === undefined ? undefined : profileOf(profile),
      }
    }
    case undefined:
      return undefined
  }
}

function textOf(wire: WireText): Text {
  return {
    message: messageIdOf(wire.messageId),
    body: wire.body,
    replyTo: wire.replyTo === undefined ? undefined : referenceOf(wire.replyTo),
    silent: wire.silent,
  }
}

function profileOf(wire: WireProfile): Profile {
  const { version, username, name, status } = wire
  if (username.length > PROFILE_NAME_LENGTH_MAX || name.length > PROFILE_NAME_LENGTH_MAX)
    throw malformed()
  if (status.length > PROFILE_STATUS_LENGTH_MAX) throw malformed()
  return {
    version,
    accessKey: sized(wire.accessKey, ACCESS_KEY_BYTES),
    username,
    name,
    route: sized(wire.route, ROUTE_BYTES),
    status,
  }
}

const NOTHING: Bytes = new Uint8Array(0)
