import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'

const PIECE_BYTES = 16 * 2 ** 20

/**
 * What of these a running process has in memory that it can write to: what a core file of it would
 * hold. Undefined where this machine does not let us look.
 */
export function findInMemory(pid: number, words: readonly string[]): readonly string[] | undefined {
  let memory: number
  try {
    memory = openSync(`/proc/${String(pid)}/mem`, 'r')
  } catch {
    return undefined // The caller skips, and says so.
  }
  const found = findIn(memory, writableRegions(pid), words)
  closeSync(memory)
  return found
}

/** What of these stands in a file that is too large to be read at once, such as a core file. */
export function findInFile(path: string, words: readonly string[]): readonly string[] {
  const file = openSync(path, 'r')
  const found = findIn(file, [{ begin: 0, end: fstatSync(file).size }], words)
  closeSync(file)
  return found
}

interface Region {
  readonly begin: number
  readonly end: number
}

function findIn(
  file: number,
  regions: readonly Region[],
  words: readonly string[],
): readonly string[] {
  const forms = words.flatMap((word) => [Buffer.from(word), Buffer.from(word, 'utf16le')])
  const found = new Set<string>()
  const piece = Buffer.alloc(PIECE_BYTES)
  for (const { begin, end } of regions) {
    for (let at = begin; at < end; at += PIECE_BYTES - 1024) {
      const length = readAt(file, piece, { at, length: Math.min(PIECE_BYTES, end - at) })
      for (const [index, form] of forms.entries()) {
        if (piece.subarray(0, length).includes(form)) found.add(words[index >> 1] ?? '')
      }
    }
  }
  return [...found]
}

function writableRegions(pid: number): readonly Region[] {
  const lines = readFileSync(`/proc/${String(pid)}/maps`, 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, begin, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? []
    if (begin === undefined || end === undefined) return []
    return [{ begin: Number.parseInt(begin, 16), end: Number.parseInt(end, 16) }]
  })
}

/** How much could be read: what was given back meanwhile is gone. */
function readAt(
  file: number,
  into: Buffer,
  { at, length }: { readonly at: number; readonly length: number },
): number {
  try {
    return readSync(file, into, 0, length, at)
  } catch {
    return 0 // EIO.
  }
}
