import { snap } from './boundaries.js'
import type { Chip, Fragment, Range } from './fragment.js'

/**
 * What is being written, and where in it: a value, of which every change makes another. Offsets are
 * in UTF-16 units, as strings count, and always on the boundary of a grapheme, outside of chips.
 */
export interface Draft extends Fragment {
  readonly cursor: number
  /** The other end of the selection; undefined, and never the cursor, where nothing is selected. */
  readonly anchor: number | undefined
}

export const EMPTY_DRAFT: Draft = { text: '', chips: [], cursor: 0, anchor: undefined }

/** The text as it may stand in a draft: line ends are `\n`, half a character is U+FFFD. */
export function plainFragment(text: string): Fragment {
  return { text: text.replace(/\r\n?/g, '\n').toWellFormed(), chips: [] }
}

/** A draft with that in the range instead, and the cursor behind it. Touched chips become text. */
export function replaceRange(draft: Draft, range: Range, fragment: Fragment): Draft {
  const { start, end } = range
  const shift = start + fragment.text.length - end
  const before = draft.chips.filter((chip) => chip.end <= start)
  const after = draft.chips.filter((chip) => chip.start >= end)
  const chips = [...before, ...moved(fragment.chips, start), ...moved(after, shift)]
  const text = draft.text.slice(0, start) + fragment.text + draft.text.slice(end)
  return placeCursor({ text, chips }, start + fragment.text.length)
}

/** What is in the range; chips that are not whole in it are its text. */
export function fragmentOf(draft: Fragment, { start, end }: Range): Fragment {
  const inside = draft.chips.filter((chip) => chip.start >= start && chip.end <= end)
  return { text: draft.text.slice(start, end), chips: moved(inside, -start) }
}

/** Two behind each other. */
export function joinFragments(first: Fragment, second: Fragment): Fragment {
  const chips = [...first.chips, ...moved(second.chips, first.text.length)]
  return { text: first.text + second.text, chips }
}

/** The cursor there, or at the next place where one may be; and what is between it and `anchor` selected. */
export function placeCursor(fragment: Fragment, cursor: number, anchor?: number): Draft {
  const { text, chips } = fragment
  const at = snap(fragment, cursor)
  const other = anchor === undefined ? at : snap(fragment, anchor)
  return { text, chips, cursor: at, anchor: other === at ? undefined : other }
}

export function selectionOf({ cursor, anchor }: Draft): Range | undefined {
  if (anchor === undefined) return undefined
  return { start: Math.min(cursor, anchor), end: Math.max(cursor, anchor) }
}

function moved(chips: readonly Chip[], by: number): readonly Chip[] {
  return chips.map((chip) => ({ ...chip, start: chip.start + by, end: chip.end + by }))
}
