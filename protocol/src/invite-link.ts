import { base64url, concatBytes, fromBase64url, SecretBytes, utf8, type Bytes } from './bytes.js'
import { assert, SottoError, UsageError } from './errors.js'
import { ACCOUNT_ID_BYTES, accountIdBytes, accountIdFromBytes, SHA256_BYTES } from './ids.js'
import type { AccountId } from './ids.js'
import { parseRelayUrl } from './relay-url.js'

/** What a contact link says (docs/PROTOCOL.md, "Invites"): where somebody is, and who they are. */
export interface InviteLink {
  /** The relay's origin. */
  readonly relay: string
  /** SHA-256 of the relay's root key. */
  readonly relayRootHash: Bytes
  /** SHA-256 of the relay's certificate root. */
  readonly certificateRootHash: Bytes
  readonly account: AccountId
  /** SHA-256 of the account's identity key. */
  readonly identityHash: Bytes
  /** Whoever proves to know it is expected: 16 bytes. */
  readonly secret: SecretBytes
}

export const INVITE_SECRET_BYTES = 16
const PROOF_LABEL = utf8('sotto invite 1')
const ERRAND_LABEL = utf8('sotto invite errand 1')
const VERSION = 1
/** The relay is reached by plain http. */
const FLAG_HTTP = 1
const FORM = /^sotto:\/\/([^/#?]+)\/invite#([A-Za-z0-9_-]+)$/
const SIZES = {
  head: 2,
  relayRootHash: SHA256_BYTES,
  certificateRootHash: SHA256_BYTES,
  account: ACCOUNT_ID_BYTES,
  identityHash: SHA256_BYTES,
  secret: INVITE_SECRET_BYTES,
} as const
const LINK_BYTES = Object.values(SIZES).reduce((sum, size) => sum + size, 0)

/** `sotto://relay.example/invite#…`. Everything but the relay stands in the fragment. */
export function formatInviteLink(link: InviteLink): string {
  const [, scheme = '', authority = ''] = /^(https?):\/\/(.+)$/.exec(link.relay) ?? []
  const bytes = concatBytes(
    Uint8Array.of(VERSION, scheme === 'http' ? FLAG_HTTP : 0),
    link.relayRootHash,
    link.certificateRootHash,
    accountIdBytes(link.account),
    link.identityHash,
    link.secret.reveal(),
  )
  assert(authority !== '' && bytes.length === LINK_BYTES, 'a link has all its parts')
  return `sotto://${authority}/invite#${base64url(bytes)}`
}

/** Throws a UsageError that says what is wrong with it, and never repeats it: it holds a secret. */
export function parseInviteLink(written: string): InviteLink {
  const [, authority = '', fragment = ''] = FORM.exec(written) ?? []
  if (authority === '')
    throw notALink('that is not an invite link: it looks like sotto://relay.example/invite#…')
  const bytes = fromBase64url(fragment)
  if (bytes === undefined) throw notALink('the invite link is damaged, or only part of it')
  if (bytes[0] !== VERSION) throw newerLink()
  if (bytes.length !== LINK_BYTES) throw notALink('the invite link is damaged, or only part of it')
  const flags = bytes[1] ?? 0
  if ((flags & ~FLAG_HTTP) !== 0) throw newerLink()
  const [relayRootHash, certificateRootHash, account, identityHash, secret] = partsOf(bytes)
  return {
    relay: relayOf(flags === FLAG_HTTP ? 'http' : 'https', authority),
    relayRootHash,
    certificateRootHash,
    account: accountOf(account),
    identityHash,
    secret: new SecretBytes(secret),
  }
}

/** What whoever was invited authenticates with HMAC-SHA-256 under the link's secret. */
export function inviteProofInput(proof: {
  readonly sender: AccountId
  readonly recipient: AccountId
}): Bytes {
  return concatBytes(PROOF_LABEL, accountIdBytes(proof.sender), accountIdBytes(proof.recipient))
}

/** What an invite's secret keys HMAC-SHA-256 over for the key that its relay knows by its hash. */
export const INVITE_LEAVE_INPUT: Bytes = utf8('sotto invite leave 1')
export const INVITE_LEAVE_KEY_BYTES = 32
/** Of the HMAC-SHA-256 over `inviteErrandInput`, so many. */
export const INVITE_ERRAND_BYTES = 16

/** What an invite's secret keys HMAC-SHA-256 over for the errand of whoever uses it: always the same one. */
export function inviteErrandInput(sender: AccountId): Bytes {
  return concatBytes(ERRAND_LABEL, accountIdBytes(sender))
}

function partsOf(bytes: Bytes): readonly [Bytes, Bytes, Bytes, Bytes, Bytes] {
  let offset: number = SIZES.head
  const take = (size: number): Bytes => bytes.slice(offset, (offset += size))
  return [
    take(SIZES.relayRootHash),
    take(SIZES.certificateRootHash),
    take(SIZES.account),
    take(SIZES.identityHash),
    take(SIZES.secret),
  ]
}

function relayOf(scheme: 'http' | 'https', authority: string): string {
  try {
    return parseRelayUrl(`${scheme}://${authority}`).origin
  } catch (thrown) {
    if (thrown instanceof SottoError) throw notALink('the invite link names no relay', thrown)
    throw thrown
  }
}

function accountOf(bytes: Bytes): AccountId {
  try {
    return accountIdFromBytes(bytes)
  } catch (thrown) {
    if (thrown instanceof SottoError) throw notALink('the invite link names no account', thrown)
    throw thrown
  }
}

function notALink(message: string, cause?: unknown): UsageError {
  return new UsageError('usage/invalid', message, {
    cause,
    fix: 'Copy the whole link, to its last character, and put it in quotes.',
  })
}

function newerLink(): UsageError {
  return new UsageError('usage/invalid', 'the invite link was made by a newer sotto', {
    fix: 'Upgrade sotto, or ask for the username instead.',
  })
}
