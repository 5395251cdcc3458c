import { createHash } from 'node:crypto'
import type { Bytes } from '../../src/bytes.js'

export function sha256(bytes: Uint8Array): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
