import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, hex, type Bytes } from '@sotto/protocol'
import { ROOT } from '../harness/repository.js'

const FOLDER = join(ROOT, 'test/fuzz/corpus')

/** An input that broke a parser once, and what was wrong. */
export interface OnceBroken {
  readonly name: string
  readonly input: Bytes
}

/** Inputs that together reach what was ever reached, smallest first. */
export function readReached(target: string): readonly Bytes[] {
  return linesOf(target, 'reached.hex').map(bytesOf)
}

export function writeReached(target: string, inputs: readonly Bytes[]): void {
  mkdirSync(join(FOLDER, target), { recursive: true })
  const lines = inputs.map((input) => `${hex(input)}\n`)
  writeFileSync(join(FOLDER, target, 'reached.hex'), lines.join(''))
}

/** Lines of `once-broken.hex`: the input, and after a space what it was that broke. Never taken out. */
export function readOnceBroken(target: string): readonly OnceBroken[] {
  return linesOf(target, 'once-broken.hex').map((line) => {
    const [digits = '', ...words] = line.split(' ')
    return { name: words.join(' '), input: bytesOf(digits) }
  })
}

function linesOf(target: string, file: string): readonly string[] {
  const path = join(FOLDER, target, file)
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}

function bytesOf(digits: string): Bytes {
  const bytes = fromHex(digits)
  if (bytes === undefined)
    throw new Error(`the corpus has a line that is not hexadecimal: ${digits}`)
  return bytes
}
