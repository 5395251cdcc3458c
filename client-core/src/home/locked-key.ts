import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { assert, concatBytes, SecretBytes, StorageError, utf8, type Bytes } from '@sotto/protocol'
import type { AccountFolder } from './home.js'

export const STORE_KEY_BYTES = 32

/** What trying one passphrase costs: 128 · 2^logN · r bytes of memory, p times (RFC 7914). */
export interface ScryptCost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** 128 MiB, and about half a second. */
export const SCRYPT_COST: ScryptCost = { logN: 17, r: 8, p: 1 }

/** A file that asks for more than these was not written by us, and gets nothing. */
const LOG_N_MAX = 18
const LOG_N_MIN = 10
const R_MAX = 8
const P_MAX = 4
const MEMORY_BYTES_MAX = 320 * 1024 * 1024

const FORMAT = 1
const SCRYPT = 1
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const COST_AT = 2
const SALT_AT = COST_AT + 3
const NONCE_AT = SALT_AT + SALT_BYTES
const BODY_AT = NONCE_AT + NONCE_BYTES
const TAG_AT = BODY_AT + STORE_KEY_BYTES
const LOCKED_BYTES = TAG_AT + TAG_BYTES

const CIPHER = 'aes-256-gcm'
const CONTEXT = utf8('sotto locked key')

/**
 * A store key under a passphrase, as the file has it:
 *
 *     format 1 · scrypt 1 · logN · r · p · salt (16) · nonce (12) · key (32) · tag (16)
 *
 * AES-256-GCM under scrypt(passphrase, salt). Everything before the key, and the folder's name, is
 * authenticated with it: a locked key opens in its own folder only.
 */
export async function lockKey(
  key: SecretBytes,
  options: {
    readonly passphrase: SecretBytes
    readonly folder: AccountFolder
    readonly cost?: ScryptCost
  },
): Promise<Bytes> {
  const cost = options.cost ?? SCRYPT_COST
  const header = concatBytes(
    Uint8Array.of(FORMAT, SCRYPT, cost.logN, cost.r, cost.p),
    randomBytes(SALT_BYTES),
    randomBytes(NONCE_BYTES),
  )
  const lock = await stretch(options.passphrase, header.subarray(SALT_AT, NONCE_AT), cost)
  const cipher = createCipheriv(CIPHER, lock.reveal(), header.subarray(NONCE_AT))
  cipher.setAAD(contextOf(options.folder, header))
  const body = concatBytes(cipher.update(key.reveal()), cipher.final())
  lock.wipe()
  return concatBytes(header, body, cipher.getAuthTag())
}

/** Whether a key file holds a locked key of a format we know. */
export function isLocked(bytes: Bytes): boolean {
  return costOf(bytes) !== undefined
}

/** Undefined where the passphrase is another. `locked` is one (`isLocked`). */
export async function unlockKey(
  locked: Bytes,
  options: { readonly passphrase: SecretBytes; readonly folder: AccountFolder },
): Promise<SecretBytes | undefined> {
  const cost = costOf(locked)
  assert(cost !== undefined, 'only a locked key is unlocked')
  const header = locked.subarray(0, BODY_AT)
  const lock = await stretch(options.passphrase, header.subarray(SALT_AT, NONCE_AT), cost)
  const decipher = createDecipheriv(CIPHER, lock.reveal(), header.subarray(NONCE_AT), {
    authTagLength: TAG_BYTES,
  })
  lock.wipe()
  decipher.setAAD(contextOf(options.folder, header))
  decipher.setAuthTag(locked.subarray(TAG_AT))
  const key = decipher.update(locked.subarray(BODY_AT, TAG_AT))
  try {
    decipher.final()
    return SecretBytes.take(key)
  } catch {
    key.fill(0)
    return undefined // The tag does not tell a wrong passphrase from a damaged file.
  }
}

/** Undefined for what is no locked key, or asks for more than any that we write. */
function costOf(locked: Bytes): ScryptCost | undefined {
  const [format, derivation, logN = 0, r = 0, p = 0] = locked
  const known = format === FORMAT && derivation === SCRYPT && locked.length === LOCKED_BYTES
  const within =
    logN >= LOG_N_MIN && logN <= LOG_N_MAX && r >= 1 && r <= R_MAX && p >= 1 && p <= P_MAX
  return known && within ? { logN, r, p } : undefined
}

async function stretch(
  passphrase: SecretBytes,
  salt: Uint8Array,
  { logN, r, p }: ScryptCost,
): Promise<SecretBytes> {
  const options = { N: 2 ** logN, r, p, maxmem: MEMORY_BYTES_MAX }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.reveal(), salt, STORE_KEY_BYTES, options, (error, lock) => {
      if (error === null) resolve(SecretBytes.take(lock))
      else reject(outOfMemory(error))
    })
  })
}

function outOfMemory(cause: Error): StorageError {
  return new StorageError('store/failed', 'the passphrase could not be checked: no memory left', {
    cause,
    fix: 'It takes 128 MiB for half a second. End something, or raise the limit.',
  })
}

function contextOf(folder: AccountFolder, header: Uint8Array): Bytes {
  return concatBytes(CONTEXT, utf8(folder.name), header)
}
