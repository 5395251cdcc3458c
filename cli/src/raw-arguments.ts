import { readFileSync } from 'node:fs'

import { UsageError } from '@sotto/protocol'

/** What Node puts in the place of bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd'

/**
 * Throws `usage/invalid` for arguments that are not UTF-8: what was meant could not be told from what
 * is read. Somebody may have typed the replacement character itself, so the bytes decide, where the
 * system shows them (Linux: `/proc/self/cmdline`); elsewhere it is taken for typed.
 */
export function refuseUnreadable(
  argv: readonly string[],
  readRaw: () => Uint8Array = () => readFileSync('/proc/self/cmdline'),
): void {
  if (!argv.some((word) => word.includes(REPLACEMENT))) return
  const words = rawWords(readRaw)?.slice(-argv.length) ?? []
  const broken = words.findIndex((bytes) => !isUtf8(bytes))
  if (broken < 0) return
  throw new UsageError('usage/invalid', `argument ${String(broken + 1)} is not text in UTF-8`, {
    fix: 'Nothing was done. Convert it first, for example: iconv -f latin1 -t utf-8',
  })
}

function rawWords(readRaw: () => Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const bytes = readRaw()
    const words: Uint8Array[] = []
    for (let begin = 0, end = 0; begin < bytes.length; begin = end + 1) {
      end = bytes.indexOf(0, begin)
      if (end < 0) end = bytes.length
      words.push(bytes.subarray(begin, end))
    }
    return words
  } catch {
    return undefined // This system does not show them.
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false // A TypeError, which says no more.
  }
}
