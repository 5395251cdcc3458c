import { hkdfSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrivateKey, PublicKey, ServerCertificate } from '@signalapp/libsignal-client'
import ServerSecretParams from '@signalapp/libsignal-client/dist/zkgroup/ServerSecretParams.js'
import {
  StorageError,
  concatBytes,
  encode,
  encodeParameters,
  fromBase64url,
  base64url,
  parametersSigningBytes,
  uint32Bytes,
  utf8,
  wire,
  type Bytes,
  type Parameters,
} from '@sotto/protocol'
import { FOLDER_MODE, syncToDisk, writeWhole } from './disk.js'

/** What a relay is: lose these and every account on it is lost. */
export interface RelayKeys {
  /** Part of every account id; signs the parameters. 33 bytes, public. */
  readonly rootKey: Bytes
  /** The encoded SignedParameters of a relay that is run in this way. */
  readonly parameters: (run: Pick<Parameters, 'registration' | 'permitBatch'>) => Bytes
  /** Issues and checks permits. Made of the root key, so that there is no second secret to lose. */
  readonly permits: ServerSecretParams
  /** What sign-up challenges of a day are authenticated with, for every process with these keys. */
  readonly challengeKey: (day: number) => Bytes
  readonly certificateRoot: Bytes
  readonly server: { readonly key: PrivateKey; readonly certificate: ServerCertificate }
}

const NO_SALT = new Uint8Array(0)
const KEY_FILE_VERSION = 1
const SERVER_KEY_ID = 1

interface KeyFile {
  readonly version: number
  readonly root: string
  readonly certificateRoot: string
  readonly serverKey: string
  readonly serverCertificate: string
}

/**
 * Reads `<folder>/keys/relay.json`, or makes it in a folder that has no database yet: in one with a
 * database its loss is reported, since a new root key would disown every account.
 */
export function openKeys(folder: string): RelayKeys {
  const file = keyPath(folder)
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'relay.db'))) throw damaged(`${file} is missing`)
    createKeyFile(folder)
  }
  return parseKeys(readFileSync(file, 'utf8'), file)
}

/** The keys in a folder where they have to be. Throws `store/damaged` where they are not. */
export function readKeys(folder: string): RelayKeys {
  const text = readKeyText(folder)
  if (text === undefined) throw damaged(`${keyPath(folder)} is missing`)
  return parseKeys(text, keyPath(folder))
}

function keyPath(folder: string): string {
  return join(folder, 'keys', 'relay.json')
}

/** Keys that are in no file: for a relay that ends with its process. */
export function passingKeys(root = PrivateKey.generate()): RelayKeys {
  return keysIn(generateKeys(root))
}

/** `from` is what its faults name. */
export function parseKeys(text: string, from: string): RelayKeys {
  try {
    const stored = JSON.parse(text) as KeyFile
    if (stored.version !== KEY_FILE_VERSION) throw damaged(`${from} has an unknown version`)
    return keysIn(stored)
  } catch (cause) {
    throw cause instanceof StorageError ? cause : damaged(`${from} is damaged`, cause)
  }
}

function keysIn(stored: KeyFile): RelayKeys {
  const root = PrivateKey.deserialize(bytesOf(stored.root))
  const certificateRoot = PrivateKey.deserialize(bytesOf(stored.certificateRoot))
    .getPublicKey()
    .serialize()
  const permits = permitSecret(root)
  const permitParameters = permits.getPublicParams().serialize()
  return {
    rootKey: root.getPublicKey().serialize(),
    parameters: (run) => signParameters(root, { ...run, certificateRoot, permitParameters }),
    permits,
    challengeKey: (day) => challengeKey(root, day),
    certificateRoot,
    server: {
      key: PrivateKey.deserialize(bytesOf(stored.serverKey)),
      certificate: ServerCertificate.deserialize(bytesOf(stored.serverCertificate)),
    },
  }
}

/** HKDF-SHA-256 of the private root key (RFC 5869), as libsignal makes its parameters of 32 bytes. */
function permitSecret(root: PrivateKey): ServerSecretParams {
  const seed = hkdfSync('sha256', root.serialize(), NO_SALT, 'sotto permit parameters 1', 32)
  return ServerSecretParams.generateWithRandom(new Uint8Array(seed))
}

/** Another one every day; the bytes of `info` are of one size, so that no two are alike. */
function challengeKey(root: PrivateKey, day: number): Bytes {
  const info = concatBytes(utf8('sotto sign-up challenge 1\0'), uint32Bytes(day))
  return new Uint8Array(hkdfSync('sha256', root.serialize(), NO_SALT, info, 32))
}

function createKeyFile(folder: string): void {
  writeKeys(folder, `${JSON.stringify(generateKeys(PrivateKey.generate()), null, 2)}\n`)
}

/** Puts a key file, as `readKeyText` reads it, into a folder that has none. */
export function writeKeys(folder: string, text: string): void {
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: FOLDER_MODE })
  writeWhole(keyPath(folder), text)
  syncToDisk(folder)
}

/** The key file as it is; undefined: there is none. Secret. */
export function readKeyText(folder: string): string | undefined {
  const path = keyPath(folder)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function generateKeys(root: PrivateKey): KeyFile {
  const certificateRoot = PrivateKey.generate()
  const server = PrivateKey.generate()
  const certificate = ServerCertificate.new(SERVER_KEY_ID, server.getPublicKey(), certificateRoot)
  return {
    version: KEY_FILE_VERSION,
    root: base64url(root.serialize()),
    certificateRoot: base64url(certificateRoot.serialize()),
    serverKey: base64url(server.serialize()),
    serverCertificate: base64url(certificate.serialize()),
  }
}

function signParameters(root: PrivateKey, said: Omit<Parameters, 'version'>): Bytes {
  const parameters = encodeParameters({ version: 1, ...said })
  return encode(wire.SignedParametersSchema, {
    parameters,
    signature: root.sign(parametersSigningBytes(parameters)),
    rootKey: root.getPublicKey().serialize(),
  })
}

function bytesOf(value: string): Bytes {
  const bytes = fromBase64url(value)
  if (bytes === undefined) throw damaged('a key is not base64url')
  return bytes
}

function damaged(message: string, cause?: unknown): StorageError {
  return new StorageError('store/damaged', message, {
    cause,
    fix: 'Restore the keys folder from a backup: accounts belong to the root key in it.',
  })
}

/** XEdDSA over Curve25519; false for whatever is not a key. */
export function verify(publicKey: Uint8Array, message: Bytes, signature: Uint8Array): boolean {
  try {
    return PublicKey.deserialize(new Uint8Array(publicKey)).verify(
      message,
      new Uint8Array(signature),
    )
  } catch {
    return false
  }
}
