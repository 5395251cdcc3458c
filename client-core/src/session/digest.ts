import { hash } from 'node:crypto'
import { PublicKey } from '@signalapp/libsignal-client'
import { ownBytes, type Bytes } from '@sotto/protocol'

export function sha256(bytes: Uint8Array): Bytes {
  return ownBytes(hash('sha256', bytes, 'buffer'))
}

/** XEdDSA (Signal, "The XEdDSA and VXEdDSA Signature Schemes"); false for a key that is none. */
export function verify(publicKey: Uint8Array, message: Bytes, signature: Uint8Array): boolean {
  try {
    return PublicKey.deserialize(ownBytes(publicKey)).verify(message, ownBytes(signature))
  } catch {
    return false
  }
}
