import { createPublicKey, verify } from 'node:crypto'
import type { Bytes } from '../../src/bytes.js'

const PRIME = 2n ** 255n - 19n

/**
 * XEdDSA verification (Signal, "The XEdDSA and VXEdDSA Signature Schemes", section 2.4) with nothing
 * but Ed25519: the Montgomery u becomes an Edwards y, and the sign of the point, which libsignal
 * keeps in the highest bit of the signature, moves to the key.
 */
export function verifyXeddsa(
  publicKey: Uint8Array,
  message: Bytes,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 33 || publicKey[0] !== 5 || signature.length !== 64) return false
  const u = littleEndian(publicKey.subarray(1)) % PRIME
  const y = (u + PRIME - 1n) * inverse(u + 1n)
  const point = littleEndianBytes(y % PRIME)
  const scalar = new Uint8Array(signature)
  point[31] = (point[31] ?? 0) | ((scalar[63] ?? 0) & 0x80)
  scalar[63] = (scalar[63] ?? 0) & 0x7f
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(point).toString('base64url') },
    format: 'jwk',
  })
  return verify(null, message, key, scalar)
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function littleEndianBytes(value: bigint): Bytes {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn))
}

/** By Fermat: value^(p-2). */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value % PRIME]
  for (let exponent = PRIME - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % PRIME
    base = (base * base) % PRIME
  }
  return result
}
