import type { Span } from './row.js'

/** A character of a line with what is known of it. */
export interface Cell {
  readonly text: string
  readonly width: number
  readonly span: Span
  /** A blank at which a line may break; one that does not break is none. */
  readonly isBlank: boolean
}

const IDEOGRAPH = /^[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\u{20000}-\u{3fffd}]/u
/** What may not stand at the beginning of a row (JIS X 4051, in short). */
const NOT_FIRST =
  /^[!%),.:;?\]}¢°’”‰′″℃、。々〉》」』】〕〗〙〟ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー・：；？！），．］｝｠…‥]/u
/** What may not stand at the end of one. */
const NOT_LAST = /^[([{£¥‘“〈《「『【〔〖〘〝（［｛｟$＄￥￡]/u
/** Written without blanks between words: a dictionary knows them. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const RUN_CELLS_MAX = 50
let dictionary: Intl.Segmenter | undefined // Made when it is needed: it is large.
const JOINT_BEFORE = /^[?&=#]$/
const JOINT_BEHIND = /^[/?&=#._~-]$/

/** Before which cells a line may break. */
export interface Breaks {
  readonly words: ReadonlySet<number>
  /** Inside of addresses, for those that are wider than a row. */
  readonly joints: ReadonlySet<number>
}

export const NO_BREAKS: Breaks = { words: new Set(), joints: new Set() }

/** Between words, behind hyphens, between ideographs; where nothing fits, a caller breaks anywhere. */
export function breaksOf(cells: readonly Cell[]): Breaks {
  const words = new Set<number>(dictionaryBreaks(cells))
  const joints = new Set<number>()
  const addresses = addressCells(cells)
  for (let at = 1; at < cells.length; at++) {
    const [before, behind] = [cells[at - 1], cells[at]]
    if (before === undefined || behind === undefined) continue
    if (addresses[at] === true && addresses[at - 1] === true) {
      if (isJoint(before, behind)) joints.add(at)
    } else if (isBetween(before, behind, cells[at - 2])) words.add(at)
  }
  return { words, joints }
}

function isBetween(before: Cell, behind: Cell, earlier: Cell | undefined): boolean {
  if (before.isBlank) return !behind.isBlank
  if (behind.isBlank) return false
  if (before.text === '-' || before.text === '‐') return isLetter(earlier) && isLetter(behind)
  if (before.text === '—' || before.text === '–') return isLetter(behind)
  if (!IDEOGRAPH.test(before.text) && !IDEOGRAPH.test(behind.text)) {
    return isPicture(before) && isPicture(behind)
  }
  return !NOT_FIRST.test(behind.text) && !NOT_LAST.test(before.text)
}

function isLetter(cell: Cell | undefined): boolean {
  return cell !== undefined && /^\p{L}/u.test(cell.text)
}

function isPicture(cell: Cell): boolean {
  return cell.width > 1 && /^\p{Extended_Pictographic}/u.test(cell.text)
}

/** `…/path/to?a=b&c=d`: behind a slash, before a question mark; never inside `://`. */
function isJoint(before: Cell, behind: Cell): boolean {
  if (behind.text === '/') return false
  return JOINT_BEFORE.test(behind.text) || JOINT_BEHIND.test(before.text)
}

/** Which cells belong to a word with `://` in it. */
function addressCells(cells: readonly Cell[]): readonly boolean[] {
  const marked: boolean[] = []
  let begin = 0
  for (let at = 0; at <= cells.length; at++) {
    if (at < cells.length && cells[at]?.isBlank !== true) continue
    const isAddress = hasScheme(cells, begin, at)
    for (; begin < at; begin++) marked.push(isAddress)
    if (at < cells.length) marked.push(false)
    begin = at + 1
  }
  return marked
}

function hasScheme(cells: readonly Cell[], begin: number, end: number): boolean {
  for (let at = begin; at + 2 < end; at++) {
    if (cells[at]?.text === ':' && cells[at + 1]?.text === '/' && cells[at + 2]?.text === '/') {
      return true
    }
  }
  return false
}

/** Run by run, for the dictionary takes much longer for a long run than for two of half its length. */
function dictionaryBreaks(cells: readonly Cell[]): readonly number[] {
  const breaks: number[] = []
  for (let begin = 0; begin < cells.length;) {
    if (!UNSPACED.test(cells[begin]?.text ?? '')) {
      begin++
      continue
    }
    let end = begin + 1
    while (end - begin < RUN_CELLS_MAX && UNSPACED.test(cells[end]?.text ?? '')) end++
    breaks.push(...wordsOfRun(cells.slice(begin, end)).map((at) => begin + at))
    begin = end
  }
  return breaks
}

function wordsOfRun(run: readonly Cell[]): readonly number[] {
  const byOffset = new Map<number, number>()
  let offset = 0
  for (const [at, { text }] of run.entries()) {
    byOffset.set(offset, at)
    offset += text.length
  }
  dictionary ??= new Intl.Segmenter('th', { granularity: 'word' })
  const words = dictionary.segment(run.map(({ text }) => text).join(''))
  return Array.from(words).flatMap(({ index }) => {
    const at = byOffset.get(index)
    return at === undefined || at === 0 ? [] : [at]
  })
}
