import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
} from 'node:crypto'
import { concatBytes, utf8, type Bytes } from '../../src/bytes.js'
import { bytesOf } from './keys.js'

/** X25519's identifier and lengths in DER (RFC 8410). */
const PKCS8_X25519 = bytesOf('302e020100300506032b656e04220420')
const SPKI_X25519 = bytesOf('302a300506032b656e032100')
/** RFC 9180, section 7: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
const KEM = concatBytes(utf8('KEM'), uint16(0x0020))
const SUITE = concatBytes(utf8('HPKE'), uint16(0x0020), uint16(0x0001), uint16(0x0002))
const BASE_MODE = 0
const EMPTY = new Uint8Array(0)
const TYPE_BYTE = 1
const TAG_BYTES = 16

/**
 * Opens what libsignal's PublicKey.seal made, with nothing but node:crypto: a type byte, then
 * HPKE in base mode (RFC 9180, section 5.1). Throws when it does not open.
 */
export function openHpke(
  sealed: Bytes,
  recipient: { readonly secret: Bytes; readonly public: Bytes },
  bound: { readonly info: string; readonly aad: Bytes },
): Bytes {
  if (sealed[0] !== TYPE_BYTE) throw new Error('not of the type we know')
  const encapsulated = sealed.slice(1, 33)
  const { key, nonce } = keySchedule(decapsulate(encapsulated, recipient), bound.info)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  decipher.setAAD(bound.aad)
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  return concatBytes(decipher.update(sealed.subarray(33, -TAG_BYTES)), decipher.final())
}

function decapsulate(
  encapsulated: Bytes,
  recipient: { readonly secret: Bytes; readonly public: Bytes },
): Bytes {
  const der = { format: 'der' } as const
  const secret = diffieHellman({
    privateKey: createPrivateKey({
      ...der,
      key: Buffer.from(concatBytes(PKCS8_X25519, recipient.secret)),
      type: 'pkcs8',
    }),
    publicKey: createPublicKey({
      ...der,
      key: Buffer.from(concatBytes(SPKI_X25519, encapsulated)),
      type: 'spki',
    }),
  })
  const prk = labeledExtract(KEM, EMPTY, 'eae_prk', secret)
  const context = concatBytes(encapsulated, recipient.public.subarray(1))
  return labeledExpand(KEM, prk, { label: 'shared_secret', info: context, length: 32 })
}

function keySchedule(shared: Bytes, info: string): { readonly key: Bytes; readonly nonce: Bytes } {
  const context = concatBytes(
    Uint8Array.of(BASE_MODE),
    labeledExtract(SUITE, EMPTY, 'psk_id_hash', EMPTY),
    labeledExtract(SUITE, EMPTY, 'info_hash', utf8(info)),
  )
  const secret = labeledExtract(SUITE, shared, 'secret', EMPTY)
  return {
    key: labeledExpand(SUITE, secret, { label: 'key', info: context, length: 32 }),
    nonce: labeledExpand(SUITE, secret, { label: 'base_nonce', info: context, length: 12 }),
  }
}

/** RFC 9180, section 4. */
function labeledExtract(suite: Bytes, salt: Bytes, label: string, ikm: Uint8Array): Bytes {
  const key = salt.length === 0 ? new Uint8Array(32) : salt
  return hmac(key, concatBytes(utf8('HPKE-v1'), suite, utf8(label), ikm))
}

/** One block of HKDF-Expand (RFC 5869, section 2.3) is enough for every length here. */
function labeledExpand(
  suite: Bytes,
  prk: Bytes,
  expand: { readonly label: string; readonly info: Bytes; readonly length: number },
): Bytes {
  const { label, info, length } = expand
  const labeled = concatBytes(uint16(length), utf8('HPKE-v1'), suite, utf8(label), info)
  return hmac(prk, concatBytes(labeled, Uint8Array.of(1))).slice(0, length)
}

function hmac(key: Bytes, message: Bytes): Bytes {
  return new Uint8Array(createHmac('sha256', key).update(message).digest())
}

function uint16(value: number): Bytes {
  return Uint8Array.of(value >> 8, value & 0xff)
}
