import { deriveAccountId } from '../../src/account-id.js'
import { fromHex, type Bytes } from '../../src/bytes.js'
import type { DeviceId, MessageId, RegistrationId } from '../../src/ids.js'
import { sha256 } from './sha256.js'

/** Bytes that somebody can recognise: every one the same. */
export function filled(length: number, byte: number): Bytes {
  return new Uint8Array(length).fill(byte)
}

export function bytesOf(digits: string): Bytes {
  const bytes = fromHex(digits)
  if (bytes === undefined) throw new Error('the vectors are written in hex')
  return bytes
}

/** A Curve25519 key pair that everybody can make: a clamped secret, and its point with type byte. */
interface KeyPair {
  readonly secret: Bytes
  readonly public: Bytes
}

export const RELAY_ROOT: KeyPair = {
  secret: bytesOf('1011111111111111111111111111111111111111111111111111111111111151'),
  public: bytesOf('057b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13'),
}
export const IDENTITY: KeyPair = {
  secret: bytesOf('2022222222222222222222222222222222222222222222222222222222222262'),
  public: bytesOf('050faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20'),
}
export const CERTIFICATE_ROOT: KeyPair = {
  secret: bytesOf('3033333333333333333333333333333333333333333333333333333333333373'),
  public: bytesOf('057b0d47d93427f8311160781c7c733fd89f88970aef490d8aa0ee19a4cb8a1b14'),
}
export const PEER_IDENTITY: KeyPair = {
  secret: bytesOf('4044444444444444444444444444444444444444444444444444444444444444'),
  public: bytesOf('05ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b'),
}
/** Ed25519, RFC 8032. */
export const DEVICE_KEY: KeyPair = {
  secret: filled(32, 0x55),
  public: bytesOf('c6822637c7d310ec57627be00ba259d253749f4aaf644470cffbe53a35f73242'),
}

export const ACCOUNT = deriveAccountId(
  { relayRoot: RELAY_ROOT.public, identity: IDENTITY.public },
  sha256,
)
export const PEER = deriveAccountId(
  { relayRoot: RELAY_ROOT.public, identity: PEER_IDENTITY.public },
  sha256,
)

export const NOW_MS = Date.UTC(2026, 9, 31, 8, 12, 4, 512)
export const DEVICE = 1 as DeviceId
export const REGISTRATION = 4711 as RegistrationId
export const MESSAGE = 'm_01M68G83H002CKSZSFYXY9EBKV' as MessageId
