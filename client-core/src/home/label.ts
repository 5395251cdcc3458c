import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  assert,
  base64url,
  concatBytes,
  fromBase64url,
  fromUtf8,
  IDENTITY_KEY_BYTES,
  parseAccountId,
  parseDeviceId,
  parseRelayUrl,
  parseUsername,
  StorageError,
  utf8,
  type AccountId,
  type Bytes,
  type DeviceId,
  type SecretBytes,
} from '@sotto/protocol'
import { readFileIfAny, replaceFile, withFiles } from './files.js'
import { labelPath, type AccountFolder } from './home.js'

/** What of an account its owner may change, as the store has it. */
export interface LabelProfile {
  readonly username: string | null
  /** Empty: none. */
  readonly name: string
  readonly status: string
  readonly readReceipts: boolean
  readonly typing: boolean
}

/** Whose account a folder holds: what `-A`, `account list` and `show` need without opening the store. */
export interface AccountLabel extends LabelProfile {
  readonly account: AccountId
  readonly device: DeviceId
  /** The relay's origin. */
  readonly relay: string
  readonly relayRoot: Bytes
  readonly createdAtMs: number
}

const INFO = utf8('sotto label')
const CIPHER = 'aes-256-gcm'
const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Every label has this size inside, so that its length tells nothing. */
const PLAIN_BYTES = 4096

/**
 * Replaces the folder's label: AES-256-GCM under HKDF-SHA-256(store key, "sotto label"), so that a
 * locked disk shows nothing. If we die here, the old label stands, or none.
 */
export function writeLabel(folder: AccountFolder, key: SecretBytes, label: AccountLabel): void {
  labelWriter(folder, key)(label)
}

/** Keeps a folder's label as its store is, when the store's key is wiped. */
export function labelKeeper(
  folder: AccountFolder,
  opened: { readonly key: SecretBytes; readonly label: AccountLabel },
): (profile: LabelProfile) => void {
  const write = labelWriter(folder, opened.key)
  let { label } = opened
  return ({ username, name, status, readReceipts, typing }) => {
    const profile: LabelProfile = { username, name, status, readReceipts, typing }
    if (isDeepStrictEqual({ ...label, ...profile }, label)) return
    label = { ...label, ...profile }
    write(label)
  }
}

function labelWriter(folder: AccountFolder, key: SecretBytes): (label: AccountLabel) => void {
  const derived = labelKey(key)
  return (label) => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, derived, nonce)
    const sealed = concatBytes(
      Uint8Array.of(FORMAT),
      nonce,
      cipher.update(padded(label)),
      cipher.final(),
      cipher.getAuthTag(),
    )
    withFiles(() => replaceFile(labelPath(folder), sealed))
  }
}

/** Throws `store/locked` where the key is another's, `store/damaged` where there is no label. */
export function readLabel(folder: AccountFolder, key: SecretBytes): AccountLabel {
  const sealed = withFiles(() => readFileIfAny(labelPath(folder)))
  if (sealed === undefined || sealed[0] !== FORMAT) throw damaged()
  return parseLabel(open(sealed, key))
}

function open(sealed: Bytes, key: SecretBytes): Bytes {
  try {
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
    const decipher = createDecipheriv(CIPHER, labelKey(key), nonce, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    const body = sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)
    return concatBytes(decipher.update(body), decipher.final())
  } catch (cause) {
    throw new StorageError('store/locked', 'the account does not open with this key', {
      cause,
      fix: 'The key and the account do not belong together, or a file is damaged. Restore both from one backup.',
    })
  }
}

function labelKey(key: SecretBytes): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key.reveal(), new Uint8Array(0), INFO, 32))
}

function padded(label: AccountLabel): Bytes {
  const text = utf8(JSON.stringify({ ...label, relayRoot: base64url(label.relayRoot) }))
  assert(text.length <= PLAIN_BYTES, 'a label fits its size')
  const plain = concatBytes(text, new Uint8Array(PLAIN_BYTES - text.length).fill(0x20))
  parseLabel(plain) // What is written can be read.
  return plain
}

/** What stands in an opened label. Throws `store/damaged`. */
export function parseLabel(bytes: Bytes): AccountLabel {
  try {
    const raw = JSON.parse(fromUtf8(bytes)) as Readonly<Record<keyof AccountLabel, unknown>>
    const relayRoot = fromBase64url(String(raw.relayRoot))
    if (relayRoot?.length !== IDENTITY_KEY_BYTES) throw damaged()
    const { username, createdAtMs } = raw
    if (username !== null && typeof username !== 'string') throw damaged()
    if (username !== null) parseUsername(username)
    if (typeof createdAtMs !== 'number' || !Number.isSafeInteger(createdAtMs)) throw damaged()
    return {
      account: parseAccountId(raw.account),
      username,
      name: textOf(raw.name),
      status: textOf(raw.status),
      readReceipts: raw.readReceipts !== false, // Labels did not say once.
      typing: raw.typing !== false, // The same.
      device: parseDeviceId(raw.device),
      relay: parseRelayUrl(String(raw.relay)).origin,
      relayRoot,
      createdAtMs,
    }
  } catch (cause) {
    throw damaged(cause)
  }
}

/** Labels had none once; the next opening puts that right. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function damaged(cause?: unknown): StorageError {
  return new StorageError('store/damaged', 'the account’s label is damaged or missing', {
    fix: 'Restore the account’s folder from a backup.',
    ...(cause === undefined ? {} : { cause }),
  })
}
