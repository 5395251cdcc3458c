import { createHash } from 'node:crypto'
import { ownBytes, type Sha256 } from '@sotto/protocol'

/** SHA-256 of the whole. */
export const sha256: Sha256 = (bytes) => ownBytes(createHash('sha256').update(bytes).digest())
