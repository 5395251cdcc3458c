import type { PlacedLineObject } from '@sotto/client-core'

import type { Entry } from '../rows/entry.js'
import type { AskedLines } from './action.js'
import { bounded, entriesOf, interleaved, isEvent, loadedPart } from './chat.js'
import type { Chat } from './state.js'

/**
 * The conversation with some messages as they are now, each between its neighbours; those that were
 * asked for and did not come are not there any more. Undefined where they do not fit to what is
 * loaded: something has changed besides that is not known here yet.
 */
export function withLines(
  chat: Chat,
  asked: AskedLines,
  lines: readonly PlacedLineObject[],
): Chat | undefined {
  const { from, through } = loadedPart(chat)
  if (from !== asked.from || through !== asked.through || isUnbegun(chat)) return undefined
  const named: ReadonlySet<Entry['id']> = new Set(asked.messages)
  const messages = chat.entries.filter((entry) => !isEvent(entry) && !named.has(entry.id))
  const fresh = entriesOf(
    lines.map(({ line }) => line),
    chat.entries,
  )
  for (const [index, placed] of lines.entries()) {
    const entry = fresh[index]
    const at = placeIn(messages, placed)
    if (entry === undefined || at === undefined) return undefined
    messages.splice(at, 0, entry)
  }
  if (!lines.every((placed) => stands(placed, messages, chat))) return undefined
  const entries = interleaved(messages, chat.entries.filter(isEvent))
  return bounded({ ...chat, entries }, 'unseen')
}

/** Nothing is loaded, and it is not known whether there is nothing. */
function isUnbegun({ entries, atStart }: Chat): boolean {
  return entries.length === 0 && !atStart
}

/** Before the next message, else behind all that stands behind the previous one. */
function placeIn(
  entries: readonly Entry[],
  { previous, next }: PlacedLineObject,
): number | undefined {
  const nextAt = next === null ? -1 : entries.findLastIndex(({ id }) => id === next)
  if (nextAt >= 0) return nextAt
  const previousAt = previous === null ? -1 : entries.findLastIndex(({ id }) => id === previous)
  if (previousAt < 0 && previous !== null) return undefined
  const behind = entries.slice(previousAt + 1).findIndex(({ kind }) => kind === 'message')
  return behind < 0 ? entries.length : previousAt + 1 + behind
}

/** Whether its neighbours are those it has in the store; beyond the ends of the part it may have any. */
function stands(
  { line, previous, next }: PlacedLineObject,
  entries: readonly Entry[],
  { atStart, atEnd }: Chat,
): boolean {
  const at = entries.findLastIndex(({ id }) => id === line.message.id)
  const before = entries.slice(0, at).findLast(({ kind }) => kind === 'message')
  const behind = entries.slice(at + 1).find(({ kind }) => kind === 'message')
  const isBefore = before === undefined ? !atStart || previous === null : before.id === previous
  const isBehind = behind === undefined ? !atEnd || next === null : behind.id === next
  return isBefore && isBehind
}
