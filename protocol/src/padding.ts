import { ownBytes, uint32Bytes, type Bytes } from './bytes.js'
import { InputError, ProtocolError } from './errors.js'
import { BUCKET_BYTES } from './limits.js'

/** What HPKE (X25519, AES-256-GCM as libsignal's PublicKey.seal does it) adds to a plaintext. */
export const HPKE_OVERHEAD_BYTES = 49
const LENGTH_BYTES = 4

/** The largest sealed message that fits the largest bucket. */
export const SEALED_BYTES_MAX = BUCKET_BYTES[3] - HPKE_OVERHEAD_BYTES - LENGTH_BYTES

/**
 * Length-prefixes `sealed` and fills it with zeros so that, sealed once more with HPKE, the whole
 * is exactly one bucket: 1, 4, 16 or 64 KiB.
 */
export function padToBucket(sealed: Uint8Array): Bytes {
  const bucket = bucketFor(sealed.length)
  if (bucket === undefined) {
    throw new InputError('content/too-large', 'the message is too long to seal', {
      fix: 'Split it, or send it as a file.',
    })
  }
  const padded = new Uint8Array(bucket - HPKE_OVERHEAD_BYTES)
  padded.set(uint32Bytes(sealed.length))
  padded.set(sealed, LENGTH_BYTES)
  return padded
}

/** The inverse of padToBucket; refuses what it would not have made. */
export function unpad(padded: Uint8Array): Bytes {
  if (padded.length < LENGTH_BYTES) throw malformed()
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  if (bucketFor(length) !== padded.length + HPKE_OVERHEAD_BYTES) throw malformed()
  const end = LENGTH_BYTES + length
  for (let index = end; index < padded.length; index++) if (padded[index] !== 0) throw malformed()
  return ownBytes(padded.subarray(LENGTH_BYTES, end))
}

/** The smallest bucket that holds so many sealed bytes. */
function bucketFor(sealedLength: number): number | undefined {
  return BUCKET_BYTES.find((size) => sealedLength + LENGTH_BYTES + HPKE_OVERHEAD_BYTES <= size)
}

function malformed(): ProtocolError {
  return new ProtocolError('wire/malformed', 'the padding is malformed')
}

export function isBucket(bytes: number): boolean {
  return BUCKET_BYTES.some((size) => size === bytes)
}
