import { parseDuration } from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'

export { parseDuration }

/** A whole number from 1. */
export function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (count < 1) {
    throw new UsageError('usage/invalid', `not a count: ${text}`, {
      fix: 'Give a whole number from 1.',
    })
  }
  return count
}

/** Any path but an empty one: `--home "$UNSET"` must not come to mean the folder we are in. */
export function parsePath(text: string): string {
  if (text !== '') return text
  throw new UsageError('usage/invalid', 'the path is empty', {
    fix: 'Look whether a variable of the script was never set; or leave the flag out.',
  })
}

/** One of several words; a near miss is named. */
export function parseChoice<Choice extends string>(
  text: string,
  choices: readonly Choice[],
  noun: string,
): Choice {
  const choice = choices.find((each) => each === text)
  if (choice !== undefined) return choice
  const near = nearest(text, choices)
  throw new UsageError('usage/invalid', `no such ${noun}: ${text}`, {
    fix: `${near === undefined ? '' : `Did you mean ${near}? `}There are: ${choices.join(' ')}`,
  })
}

/** `a,b` and repeated flags, as one list without doubles. */
export function splitList(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim())
  return [...new Set(words.filter((word) => word !== ''))]
}

/** Longer words are looked at no further: what is compared is what somebody typed. */
const WORD_LENGTH_MAX = 64

/** The choice that is at most two edits away, and less than half of it; a transposition is one. */
export function nearest(text: string, choices: readonly string[]): string | undefined {
  const word = text.slice(0, WORD_LENGTH_MAX)
  const ranked = choices
    .map((choice) => ({ choice, edits: editDistance(word, choice) }))
    .filter(({ choice, edits }) => edits <= 2 && edits * 2 <= choice.length)
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.choice
}

/** Insertions, deletions, replacements and transpositions of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : replaced
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
