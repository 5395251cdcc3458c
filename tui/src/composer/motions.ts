import { nextBoundary, previousBoundary, wordLeft, wordRight } from './boundaries.js'
import type { Draft } from './draft.js'
import type { Range } from './fragment.js'

/** Where a key takes the cursor, or up to where it erases. Lines are those of the text, not rows. */
export type Motion =
  'left' | 'right' | 'word-left' | 'word-right' | 'line-start' | 'line-end' | 'start' | 'end'

export function destination(draft: Draft, motion: Motion): number {
  const { text, cursor } = draft
  switch (motion) {
    case 'left':
      return previousBoundary(draft, cursor)
    case 'right':
      return nextBoundary(draft, cursor)
    case 'word-left':
      return wordLeft(draft, cursor)
    case 'word-right':
      return wordRight(draft, cursor)
    case 'line-start':
      return lineStart(draft)
    case 'line-end':
      return lineEnd(draft)
    case 'start':
      return 0
    case 'end':
      return text.length
  }
}

/** What lies between the cursor and where the motion takes it. */
export function passedOver(draft: Draft, motion: Motion): Range {
  const { cursor } = draft
  const other = destination(draft, motion)
  return { start: Math.min(cursor, other), end: Math.max(cursor, other) }
}

/** The line ends inside a chip are not shown, and so end no line. */
function lineStart({ text, chips, cursor }: Draft): number {
  let at = cursor
  while (at > 0) {
    const found = text.lastIndexOf('\n', at - 1)
    const chip = chips.find(({ start, end }) => start <= found && found < end)
    if (chip === undefined) return found + 1
    at = chip.start
  }
  return 0
}

function lineEnd({ text, chips, cursor }: Draft): number {
  let at = cursor
  while (at < text.length) {
    const found = text.indexOf('\n', at)
    if (found < 0) return text.length
    const chip = chips.find(({ start, end }) => start <= found && found < end)
    if (chip === undefined) return found
    at = chip.end
  }
  return text.length
}
