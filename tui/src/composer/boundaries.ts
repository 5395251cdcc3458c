import type { Chip, Fragment, Range } from './fragment.js'

/** Made when they are needed: the first one costs a start several milliseconds, and most texts none. */
const made: Partial<Record<'grapheme' | 'word', Intl.Segmenter>> = {}

function segmenterOf(granularity: 'grapheme' | 'word'): Intl.Segmenter {
  return (made[granularity] ??= new Intl.Segmenter('en', { granularity }))
}

/**
 * How far words are looked for at a time, and graphemes where they are not plain: the segmenters take
 * ten seconds over a line of 60 KiB, and nobody writes such words.
 */
const LOOKAROUND = 512

/** The nearest place at or behind `index` where a cursor may be. */
export function snap(fragment: Fragment, index: number): number {
  const at = Math.max(0, Math.min(index, fragment.text.length))
  const chip = fragment.chips.find(({ start, end }) => start < at && at < end)
  if (chip !== undefined) return chip.end
  const { start, end } = pieceAround(fragment, at)
  if (at === start || at === end || areApart(fragment.text, at)) return at
  const found = segmenterOf('grapheme')
    .segment(fragment.text.slice(start, end))
    .containing(at - start)
  if (found === undefined || start + found.index === at) return at
  return start + found.index + found.segment.length
}

/** Where the cursor goes from a boundary when it moves one to the right. */
export function nextBoundary(fragment: Fragment, index: number): number {
  const { text } = fragment
  const chip = fragment.chips.find(({ start }) => start === index)
  if (chip !== undefined) return chip.end
  if (index >= text.length || text[index] === '\n' || areApart(text, index + 1)) {
    return Math.min(index + 1, text.length)
  }
  const { end } = pieceAround(fragment, index)
  const found = segmenterOf('grapheme').segment(text.slice(index, end)).containing(0)
  return index + (found?.segment.length ?? 1)
}

/** Where the cursor goes from a boundary when it moves one to the left. */
export function previousBoundary(fragment: Fragment, index: number): number {
  const { text } = fragment
  const chip = fragment.chips.find(({ end }) => end === index)
  if (chip !== undefined) return chip.start
  const { start } = pieceAround(fragment, index)
  if (index <= start + 1) return Math.max(index - 1, 0)
  if (areApart(text, index - 1)) return index - 1
  const found = segmenterOf('grapheme')
    .segment(text.slice(start, index))
    .containing(index - 1 - start)
  return start + (found?.index ?? 0)
}

/** The end of the word at or behind the cursor; a chip is a word. */
export function wordRight(fragment: Fragment, index: number): number {
  const { text, chips } = fragment
  let at = index
  while (at < text.length) {
    const chip = chips.find(({ start }) => start === at)
    if (chip !== undefined) return chip.end
    const piece = pieceAround(fragment, at)
    const from = at
    const word = wordsAround(text, from, piece).find(({ end }) => end > from)
    if (word !== undefined) return snap(fragment, word.end)
    const seen = Math.min(piece.end, from + LOOKAROUND)
    at = text[seen] === '\n' ? seen + 1 : seen
  }
  return at
}

/** The beginning of the word before the cursor; a chip is a word. */
export function wordLeft(fragment: Fragment, index: number): number {
  const { text, chips } = fragment
  let at = index
  while (at > 0) {
    const chip = chips.find(({ end }) => end === at)
    if (chip !== undefined) return chip.start
    const piece = pieceAround(fragment, at)
    const from = at
    const word = wordsAround(text, from, piece).findLast(({ start }) => start < from)
    if (word !== undefined) return snapBack(fragment, word.start)
    const seen = Math.max(piece.start, from - LOOKAROUND)
    at = text[seen - 1] === '\n' ? seen - 1 : seen
  }
  return at
}

/** What is between line ends and chips around a place: graphemes and words never reach past it. */
export function pieceAround({ text, chips }: Fragment, index: number): Range {
  const before = (chip: Chip) => chip.end <= index
  const behind = (chip: Chip) => chip.start >= index
  const lineStart = index === 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1
  const lineEnd = text.indexOf('\n', index)
  return {
    start: Math.max(lineStart, chips.findLast(before)?.end ?? 0),
    end: Math.min(lineEnd < 0 ? text.length : lineEnd, chips.find(behind)?.start ?? text.length),
  }
}

/** Every grapheme of a text without line ends, in order. */
export function* graphemesOf(text: string): Iterable<string> {
  let at = 0
  while (at < text.length) {
    if (at + 1 === text.length || areApart(text, at + 1)) {
      yield text.charAt(at)
      at += 1
      continue
    }
    const end = endOfRun(text, at)
    let last = ''
    for (const { segment } of segmenterOf('grapheme').segment(text.slice(at, end))) {
      yield* last === '' ? [] : [last]
      at += last.length
      last = segment
    }
    // One at the end of what was looked at may go on behind it.
    if (end < text.length) last = text.slice(at, nextBoundary({ text, chips: [] }, at))
    yield last
    at += last.length
  }
}

/** Up to where characters are plain again, and not too far. */
function endOfRun(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && end < start + LOOKAROUND && !areApart(text, end)) end += 1
  return end
}

/** The words around a place; one longer than the look around it is as many as it takes. */
function wordsAround(text: string, at: number, piece: Range): readonly Range[] {
  const start = Math.max(piece.start, at - LOOKAROUND)
  const end = Math.min(piece.end, at + LOOKAROUND)
  return Array.from(segmenterOf('word').segment(text.slice(start, end)))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => ({ start: start + index, end: start + index + segment.length }))
}

function snapBack(fragment: Fragment, index: number): number {
  return snap(fragment, index) === index ? index : previousBoundary(fragment, snap(fragment, index))
}

/**
 * Whether two neighbours are certainly graphemes of their own (Unicode UAX #29), told without a
 * segmenter, which most characters of most texts need not be asked about.
 */
function areApart(text: string, index: number): boolean {
  return isPlain(text.charCodeAt(index - 1)) && isPlain(text.charCodeAt(index))
}

/** Joins nothing before or behind it: no mark, no half of a pair, no Hangul, no flag. */
function isPlain(code: number): boolean {
  if (code < 0x300) return true
  return PLAIN_RANGES.some(([from, to]) => from <= code && code <= to)
}

/** Ideographs; kana; CJK and general punctuation; Greek and Cyrillic. */
const PLAIN_RANGES = [
  [0x4e00, 0x9fff],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x3001, 0x3020],
  [0x2010, 0x2027],
  [0x370, 0x482],
  [0x48a, 0x52f],
] as const
