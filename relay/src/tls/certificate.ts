import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigError } from '@sotto/protocol'

/** Files in PEM: the certificate with those that vouch for it behind it, and its key. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
  /** Unix milliseconds from which on no client believes it. */
  readonly expiresMs: number
}

/** Throws a ConfigError where the files cannot be read, or do not belong together. */
export function readCertificate({ cert, key }: TlsFiles): Certificate {
  try {
    const pair = { cert: readFileSync(cert), key: readFileSync(key) }
    createSecureContext(pair) // Throws where the key is another one's.
    return { ...pair, expiresMs: Date.parse(new X509Certificate(pair.cert).validTo) }
  } catch (cause) {
    throw new ConfigError('config/invalid', `${cert} and ${key} are no certificate and its key`, {
      cause,
      fix: 'Both in PEM, the whole chain in the first, readable by this user: sotto-relay doctor says more.',
    })
  }
}

/** Another one whenever one of the files may have changed. */
export function fileMark({ cert, key }: TlsFiles): string {
  return [cert, key]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`))
    .join(', ')
}
