import { type Draft, placeCursor, plainFragment } from './draft.js'
import type { Chip, Fragment } from './fragment.js'

/** A paste of more lines, or of more characters, becomes a chip. */
export const PASTED_LINES_MAX = 3
export const PASTED_CHARACTERS_MAX = 1000
/** In one draft; those past it stand as text. */
export const CHIPS_MAX = 100

/** A paste as it goes into a draft: as text when it is short, and else as a chip of all of it. */
export function pastedFragment(pasted: string): Fragment {
  const fragment = plainFragment(pasted)
  const { text } = fragment
  const isLong = linesIn(text) > PASTED_LINES_MAX || Array.from(text).length > PASTED_CHARACTERS_MAX
  return isLong ? { text, chips: [{ start: 0, end: text.length, confirmed: false }] } : fragment
}

/** What a chip looks like. */
export function chipLabel({ text }: Fragment, { start, end }: Chip): string {
  const pasted = text.slice(start, end)
  const lines = linesIn(pasted)
  return lines > PASTED_LINES_MAX
    ? `[pasted ${lines} lines]`
    : `[pasted ${Array.from(pasted).length} characters]`
}

/** The chip that the cursor touches: the one before it, or else the one behind it. */
export function chipAtCursor({ chips, cursor }: Draft): Chip | undefined {
  return chips.find(({ end }) => end === cursor) ?? chips.find(({ start }) => start === cursor)
}

/** What was pasted and nobody has looked at: ask before it is sent. */
export function chipsToConfirm({ chips }: Fragment): readonly Chip[] {
  return chips.filter(({ confirmed }) => !confirmed)
}

export function confirmAll(draft: Draft): Draft {
  return { ...draft, chips: draft.chips.map((chip) => ({ ...chip, confirmed: true })) }
}

/** No more chips than there may be. */
export function boundChips(draft: Draft): Draft {
  if (draft.chips.length <= CHIPS_MAX) return draft
  const chips = draft.chips.slice(0, CHIPS_MAX)
  return placeCursor({ text: draft.text, chips }, draft.cursor, draft.anchor)
}

/** The chip becomes the text that it is. */
export function expand(draft: Draft, chip: Chip): Draft {
  const chips = draft.chips.filter((each) => each !== chip)
  return placeCursor({ text: draft.text, chips }, draft.cursor, draft.anchor)
}

/** A line end at the end begins no line. */
function linesIn(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}
