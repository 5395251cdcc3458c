import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../harness/repository.js'

/** Where what breaks a parser is put; not part of the repository. */
const FOLDER = join(ROOT, 'out/fuzz')

/** Writes an input down; answers where. */
export function saveFinding(target: string, input: Uint8Array): string {
  mkdirSync(FOLDER, { recursive: true })
  const name = createHash('sha256').update(input).digest('hex').slice(0, 12)
  const path = join(FOLDER, `${target}-${name}`)
  writeFileSync(path, input)
  return path
}
