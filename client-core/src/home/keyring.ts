import type { AsyncEntry } from '@napi-rs/keyring'
import type { Bytes } from '@sotto/protocol'

/** The operating system's place for secrets. Every method throws where there is none. */
export interface Keyring {
  write(name: string, secret: Bytes): Promise<void>
  /** Undefined where the keyring works and has no such secret. */
  read(name: string): Promise<Bytes | undefined>
  erase(name: string): Promise<void>
}

const SERVICE = 'sotto'
/** A locked keyring asks its owner, who may not be there. */
const ANSWER_MS_MAX = 30_000

/**
 * The keyring of this desktop. On Linux only the Secret Service: what the library would fall back
 * to, the kernel's keyutils, forgets everything at the next boot. Loaded when first used.
 */
export const osKeyring: Keyring = {
  write: async (name, secret) => {
    const entry = await openEntry(name)
    await inTime(entry.setSecret(secret))
  },
  read: async (name) => {
    const entry = await openEntry(name)
    const secret = await inTime(entry.getSecret())
    return secret === null || secret.length === 0 ? undefined : Uint8Array.from(secret)
  },
  erase: async (name) => {
    const entry = await openEntry(name)
    await inTime(entry.deleteCredential())
  },
}

/** No keyring: keys rest in files. */
export const noKeyring: Keyring = {
  write: () => Promise.reject(new Error('no keyring')),
  read: () => Promise.reject(new Error('no keyring')),
  erase: () => Promise.reject(new Error('no keyring')),
}

/** `SOTTO_KEYRING=off` keeps keys in files; tests and servers want that. */
export function keyringOf(env: NodeJS.ProcessEnv): Keyring {
  return env.SOTTO_KEYRING === 'off' ? noKeyring : osKeyring
}

async function openEntry(name: string): Promise<AsyncEntry> {
  const keyring = await import('@napi-rs/keyring')
  return new keyring.AsyncEntry(SERVICE, name, { linux: { store: 'secret-service' } })
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the keyring did not answer')), ANSWER_MS_MAX)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
