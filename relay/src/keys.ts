import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { PrivateKey, PublicKey, ServerCertificate } from '@signalapp/libsignal-client'
import {
  StorageError,
  encode,
  encodeParameters,
  fromBase64url,
  base64url,
  parametersSigningBytes,
  wire,
  type Bytes,
  type Parameters,
  type RegistrationKind,
} from '@sotto/protocol'

/** What a relay is: lose these and every account on it is lost. */
export interface RelayKeys {
  /** Part of every account id; signs the parameters. 33 bytes, public. */
  readonly rootKey: Bytes
  /** The encoded SignedParameters of a relay that takes new accounts in this way. */
  readonly parameters: (registration: RegistrationKind) => Bytes
  readonly certificateRoot: Bytes
  readonly server: { readonly key: PrivateKey; readonly certificate: ServerCertificate }
}

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
  const file = join(folder, 'keys', 'relay.json')
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'relay.db'))) throw damaged(`${file} is missing`)
    createKeyFile(folder, file)
  }
  return parseKeys(file)
}

/** Keys that are in no file: for a relay that ends with its process. */
export function passingKeys(root = PrivateKey.generate()): RelayKeys {
  return keysIn(generateKeys(root))
}

function parseKeys(file: string): RelayKeys {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as KeyFile
    if (stored.version !== KEY_FILE_VERSION) throw damaged(`${file} has an unknown version`)
    return keysIn(stored)
  } catch (cause) {
    throw cause instanceof StorageError ? cause : damaged(`${file} is damaged`, cause)
  }
}

function keysIn(stored: KeyFile): RelayKeys {
  const root = PrivateKey.deserialize(bytesOf(stored.root))
  const certificateRoot = PrivateKey.deserialize(bytesOf(stored.certificateRoot))
    .getPublicKey()
    .serialize()
  return {
    rootKey: root.getPublicKey().serialize(),
    parameters: (registration) => signParameters(root, { certificateRoot, registration }),
    certificateRoot,
    server: {
      key: PrivateKey.deserialize(bytesOf(stored.serverKey)),
      certificate: ServerCertificate.deserialize(bytesOf(stored.serverCertificate)),
    },
  }
}

/** Whole or not at all: written beside, synced, renamed. */
function createKeyFile(folder: string, file: string): void {
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 })
  const temporary = `${file}.new`
  const descriptor = openSync(temporary, 'w', 0o600)
  writeSync(descriptor, `${JSON.stringify(generateKeys(PrivateKey.generate()), null, 2)}\n`)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(temporary, file)
  syncFolder(join(folder, 'keys'))
  syncFolder(folder)
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
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
