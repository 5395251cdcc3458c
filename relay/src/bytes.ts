import type { Bytes } from '@sotto/protocol'

/** Bytes as the key of a map. */
export function mapKey(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
