import { Buffer } from 'node:buffer'

import { TEXT_BYTES_MAX } from '@sotto/protocol'

import {
  boundChips,
  chipAtCursor,
  chipsToConfirm,
  confirmAll,
  expand,
  pastedFragment,
} from './chips.js'
import {
  type Draft,
  EMPTY_DRAFT,
  fragmentOf,
  joinFragments,
  placeCursor,
  plainFragment,
  replaceRange,
  selectionOf,
} from './draft.js'
import type { Fragment, Range } from './fragment.js'
import { destination, type Motion, passedOver } from './motions.js'
import { EMPTY_SENT_LOG, recallSent, rememberSent, type SentLog } from './sent-log.js'
import {
  continueStep,
  EMPTY_UNDO_LOG,
  recordStep,
  stepBack,
  stepForward,
  type UndoLog,
} from './undo.js'
import { columnAt, indexAt, rowAt, type Wrapped } from './wrap.js'

/** How many kills can be yanked. */
export const KILLS_MAX = 16

/**
 * The place where messages are written: a value, and functions from one to the next. A function that
 * changes nothing gives back the same value, so that the caller can do something else with the key.
 *
 * It holds all that was written, killed and sent in it: drop it when the screen is locked.
 */
export interface Composer {
  readonly draft: Draft
  readonly undo: UndoLog
  /** What was killed, the newest first. */
  readonly kills: readonly Fragment[]
  readonly sent: SentLog
  /** The most that a message may have, in bytes of UTF-8. */
  readonly bytesMax: number
  readonly last: LastOperation
}

/** What an operation leaves to the one right behind it. */
export type LastOperation =
  | { readonly kind: 'other' }
  /** A run of the same is undone as one. */
  | { readonly kind: 'typing' | 'erasing' }
  /** Kills in a row are yanked as one. */
  | { readonly kind: 'kill' }
  | { readonly kind: 'yank'; readonly range: Range; readonly index: number }
  /** Up and down keep to the column where they began. */
  | { readonly kind: 'row'; readonly column: number }
  /** Nothing was changed, since the text would have been so many bytes too long: tell. */
  | { readonly kind: 'refused'; readonly bytesOver: number }

const OTHER: LastOperation = { kind: 'other' }

/** `extend`: what the cursor passes is selected. */
export interface MoveOptions {
  readonly extend: boolean
}

export function openComposer({
  draft = EMPTY_DRAFT,
  bytesMax = TEXT_BYTES_MAX,
}: { readonly draft?: Draft; readonly bytesMax?: number } = {}): Composer {
  const rest = { undo: EMPTY_UNDO_LOG, kills: [], sent: EMPTY_SENT_LOG }
  return { draft, bytesMax, last: OTHER, ...rest }
}

/** How long the text is, in bytes of UTF-8. */
export function bytesOf({ draft }: Composer): number {
  return Buffer.byteLength(draft.text)
}

/** Typed text, and line ends, over what is selected. */
export function type(composer: Composer, text: string): Composer {
  const { draft, last } = composer
  const typed = plainFragment(text)
  if (typed.text === '') return composer
  const startsWord = /\s/.test(draft.text.charAt(draft.cursor - 1)) && /^\S/.test(typed.text)
  const goesOn = last.kind === 'typing' && !startsWord && draft.anchor === undefined
  return change(composer, insert(draft, typed), { leaves: { kind: 'typing' }, goesOn })
}

/** A paste over what is selected: a chip when it is long. */
export function paste(composer: Composer, text: string): Composer {
  const { draft } = composer
  const pasted = pastedFragment(text)
  if (pasted.text === '') return composer
  return change(composer, insert(draft, pasted))
}

/** Erases what is selected, or what the motion passes over: `left` is Backspace, `right` Delete. */
export function erase(composer: Composer, motion: Motion): Composer {
  const { draft, last } = composer
  const range = selectionOf(draft) ?? passedOver(draft, motion)
  if (range.start === range.end) return composer
  const goesOn = last.kind === 'erasing' && draft.anchor === undefined
  const shorter = replaceRange(draft, range, NOTHING)
  return change(composer, shorter, { leaves: { kind: 'erasing' }, goesOn })
}

/** Erases in the same way and keeps it for `yank`. */
export function kill(composer: Composer, motion: Motion): Composer {
  const { draft } = composer
  const range = selectionOf(draft) ?? endOrLineEnd(draft, motion)
  if (range.start === range.end) return composer
  const killed = fragmentOf(draft, range)
  const kills = keepKill(composer, killed, range.end <= draft.cursor ? 'before' : 'behind')
  const killing = change(composer, replaceRange(draft, range, NOTHING))
  return { ...killing, kills, last: { kind: 'kill' } }
}

/** What was killed last comes back at the cursor. */
export function yank(composer: Composer): Composer {
  const [killed] = composer.kills
  if (killed === undefined) return composer
  const { start } = selectionOf(composer.draft) ?? { start: composer.draft.cursor }
  const range = { start, end: start + killed.text.length }
  const leaves: LastOperation = { kind: 'yank', range, index: 0 }
  return change(composer, insert(composer.draft, killed), { leaves })
}

/** Right after a yank: what was killed before that, in its place. */
export function yankOlder(composer: Composer): Composer {
  const { draft, kills, last } = composer
  if (last.kind !== 'yank' || kills.length < 2) return composer
  const index = (last.index + 1) % kills.length
  const killed = kills[index] ?? NOTHING
  const { start } = last.range
  const range = { start, end: start + killed.text.length }
  const leaves: LastOperation = { kind: 'yank', range, index }
  return change(composer, replaceRange(draft, last.range, killed), { leaves })
}

/** Moves the cursor; what was selected is so no longer, unless it is extended. */
export function move(composer: Composer, motion: Motion, { extend }: MoveOptions): Composer {
  const selection = selectionOf(composer.draft)
  if (selection !== undefined && !extend && (motion === 'left' || motion === 'right')) {
    return moveTo(composer, motion === 'left' ? selection.start : selection.end, { extend })
  }
  return moveTo(composer, destination(composer.draft, motion), { extend })
}

/** To a place in the text, as where the mouse was pressed. */
export function moveTo(composer: Composer, index: number, { extend }: MoveOptions): Composer {
  const { draft } = composer
  const moved = placeCursor(draft, index, extend ? (draft.anchor ?? draft.cursor) : undefined)
  if (moved.cursor === draft.cursor && moved.anchor === draft.anchor) return composer
  return { ...composer, draft: moved, last: OTHER }
}

/**
 * Up (-1) or down (1) by rows as they are shown. From the first row up is to the beginning of the
 * text, from the last row down to its end. `wrap` says how the draft is shown.
 */
export function moveRow(
  composer: Composer,
  by: -1 | 1,
  wrap: (draft: Draft) => Wrapped,
  options: MoveOptions,
): Composer {
  const wrapped = wrap(composer.draft)
  const { cursor } = composer.draft
  const column = composer.last.kind === 'row' ? composer.last.column : columnAt(wrapped, cursor)
  const index = indexAt(wrapped, rowAt(wrapped, cursor) + by, column)
  const moved = moveTo(composer, index, options)
  return moved === composer ? composer : { ...moved, last: { kind: 'row', column } }
}

export function selectAll(composer: Composer): Composer {
  const { draft } = composer
  return { ...composer, draft: placeCursor(draft, draft.text.length, 0), last: OTHER }
}

export function undo(composer: Composer): Composer {
  return stepped(composer, stepBack(composer.undo, composer.draft))
}

export function redo(composer: Composer): Composer {
  return stepped(composer, stepForward(composer.undo, composer.draft))
}

/** The chip at the cursor becomes its text. */
export function expandChip(composer: Composer): Composer {
  const chip = chipAtCursor(composer.draft)
  return chip === undefined ? composer : change(composer, expand(composer.draft, chip))
}

/** The person said yes to every paste in the draft. */
export function confirmChips(composer: Composer): Composer {
  const { draft } = composer
  return chipsToConfirm(draft).length === 0 ? composer : change(composer, confirmAll(draft))
}

/** Another text in the range, as a completion puts it there. */
export function replace(composer: Composer, range: Range, text: string): Composer {
  return change(composer, replaceRange(composer.draft, range, plainFragment(text)))
}

/** Nothing, and a way back. */
export function clear(composer: Composer): Composer {
  return composer.draft.text === '' ? composer : change(composer, EMPTY_DRAFT)
}

/** The text is on its way, so the composer is empty; there is no way back, but it can be recalled. */
export function afterSending(composer: Composer): Composer {
  const { draft, sent } = composer
  const remembered = draft.text === '' ? sent : rememberSent(sent, draft.text)
  return { ...composer, draft: EMPTY_DRAFT, undo: EMPTY_UNDO_LOG, sent: remembered, last: OTHER }
}

/** What was sent before (or after) what stands here. Undo leads back. */
export function recall(composer: Composer, direction: 'older' | 'newer'): Composer {
  const recalled = recallSent(composer.sent, direction, composer.draft)
  if (recalled === undefined) return composer
  return { ...change(composer, recalled.draft), sent: recalled.log }
}

const NOTHING: Fragment = { text: '', chips: [] }

interface Change {
  readonly leaves?: LastOperation
  /** It belongs to the step before. */
  readonly goesOn?: boolean
}

/** Every change of the text goes through here, so that none is too long and each can be undone. */
function change(
  composer: Composer,
  draft: Draft,
  { leaves = OTHER, goesOn = false }: Change = {},
): Composer {
  const bytesOver = Buffer.byteLength(draft.text) - composer.bytesMax
  if (bytesOver > 0) return { ...composer, last: { kind: 'refused', bytesOver } }
  const undo = goesOn ? continueStep(composer.undo) : recordStep(composer.undo, composer.draft)
  return { ...composer, draft: boundChips(draft), undo, last: leaves }
}

function stepped(composer: Composer, step: readonly [Draft, UndoLog] | undefined): Composer {
  if (step === undefined) return composer
  const [draft, undo] = step
  return { ...composer, draft, undo, last: OTHER }
}

function insert(draft: Draft, fragment: Fragment): Draft {
  const { cursor } = draft
  return replaceRange(draft, selectionOf(draft) ?? { start: cursor, end: cursor }, fragment)
}

/** At the end of a line, killing to it kills the line end. */
function endOrLineEnd(draft: Draft, motion: Motion): Range {
  const range = passedOver(draft, motion)
  const isAtEnd = motion === 'line-end' && range.start === range.end
  return isAtEnd ? passedOver(draft, 'right') : range
}

function keepKill(
  { kills, last }: Composer,
  killed: Fragment,
  where: 'before' | 'behind',
): readonly Fragment[] {
  const [newest, ...older] = kills
  if (last.kind !== 'kill' || newest === undefined) return [killed, ...kills].slice(0, KILLS_MAX)
  return [
    where === 'before' ? joinFragments(killed, newest) : joinFragments(newest, killed),
    ...older,
  ]
}
