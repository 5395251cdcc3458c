import { readFileSync, writeFileSync } from 'node:fs'
import { contentVectors } from './content-vectors.js'
import { envelopeVectors } from './envelope-vectors.js'
import { frameVectors } from './frame-vectors.js'
import { inviteVectors } from './invite-vectors.js'
import type { Json } from './meaning.js'
import { manifestVectors, parametersVectors } from './signed-vectors.js'
import {
  accountIdVectors,
  challengeVectors,
  conversationIdVectors,
  idempotencyKeyVectors,
  idVectors,
  paddingVectors,
} from './value-vectors.js'

/** protocol/vectors, from where this file is compiled to. */
const FOLDER = new URL('../../../vectors/', import.meta.url)

/** Every vector file as this code makes it. */
export const VECTOR_FILES = {
  'account-id.json': accountIdVectors,
  'ids.json': idVectors,
  'manifest.json': manifestVectors,
  'parameters.json': parametersVectors,
  'challenge.json': challengeVectors,
  'padding.json': paddingVectors,
  'envelope.json': envelopeVectors,
  'idempotency-key.json': idempotencyKeyVectors,
  'conversation-id.json': conversationIdVectors,
  'invite.json': inviteVectors,
  'content.json': contentVectors,
  'frames.json': frameVectors,
} as const satisfies Readonly<Record<string, () => Json>>

export type VectorFile = keyof typeof VECTOR_FILES

/** A vector file as text, the same for the same vectors. */
export function vectorText(file: VectorFile): string {
  return `${JSON.stringify(VECTOR_FILES[file](), null, 2)}\n`
}

export function readVectors(file: VectorFile): string {
  return readFileSync(new URL(file, FOLDER), 'utf8')
}

export function writeVectors(file: VectorFile): void {
  writeFileSync(new URL(file, FOLDER), vectorText(file))
}
