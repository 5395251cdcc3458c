import type { HistoryObject } from '@sotto/client-core'
import type { MessageId } from '@sotto/protocol'

import { openComposer } from '../composer/composer.js'
import { EMPTY_DRAFT } from '../composer/draft.js'
import type { Entry } from '../rows/entry.js'
import type { EntryId } from '../rows/row.js'
import { placeOf, timelineRows } from '../rows/timeline-rows.js'
import { BOTTOM, type Timeline } from '../rows/virtual.js'
import type { Chat } from './state.js'
import type { Surface } from './surface.js'

/** Messages that are asked for at a time. */
export const PAGE_MESSAGES = 100
/** More than these are not kept loaded: what is far from what is seen is let go. */
export const LOADED_MESSAGES_MAX = 600

/** A conversation that was just opened, before anything of it is there. */
export function newChat(): Chat {
  return {
    ...{ entries: [], atStart: false, atEnd: true, loading: 'first', place: BOTTOM },
    ...{ selected: undefined, composer: openComposer({ draft: EMPTY_DRAFT }), replyTo: undefined },
    ...{ firstUnread: undefined, expanded: new Set<EntryId>(), jumps: [] },
  }
}

/** Lines of the store as entries; one that is as it was stays the same, any other gets a revision. */
export function entriesOf(
  lines: readonly HistoryObject[],
  known: readonly Entry[],
): readonly Entry[] {
  const before = new Map(known.map((entry) => [entry.id, entry]))
  return lines.map((object): Entry => {
    const { id } = object.message
    const old = before.get(id)
    if (old?.kind === 'message' && isSame(old.object, object)) return old
    return { kind: 'message', id, revision: (old?.revision ?? -1) + 1, object }
  })
}

/** Both are plain values that came as JSON, or might have. */
function isSame(a: HistoryObject, b: HistoryObject): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

export interface Page {
  readonly which: 'newest' | 'older' | 'newer' | 'around' | 'refresh'
  readonly lines: readonly HistoryObject[]
  readonly isFull: boolean
}

/** The conversation with a page of the store in it. */
export function withPage(chat: Chat, { which, lines, isFull }: Page): Chat {
  const fresh = entriesOf(lines, chat.entries)
  const idle = { ...chat, loading: undefined }
  switch (which) {
    case 'newest':
      return { ...idle, entries: fresh, atStart: !isFull, atEnd: true }
    case 'around':
      return { ...idle, entries: fresh, atStart: false, atEnd: !isFull }
    case 'refresh':
      return { ...idle, entries: fresh }
    case 'older': {
      const entries = joined(fresh, chat.entries)
      const kept = entries.slice(0, LOADED_MESSAGES_MAX)
      const isCut = kept.length < entries.length
      return { ...idle, entries: kept, atStart: !isFull, atEnd: chat.atEnd && !isCut }
    }
    case 'newer': {
      const entries = joined(chat.entries, fresh)
      const kept = entries.slice(-LOADED_MESSAGES_MAX)
      const isCut = kept.length < entries.length
      return { ...idle, entries: kept, atStart: chat.atStart && !isCut, atEnd: !isFull }
    }
  }
}

/** Two neighbouring parts; what is in both is once in it, as the second has it. */
function joined(older: readonly Entry[], newer: readonly Entry[]): readonly Entry[] {
  const later = new Set(newer.map(({ id }) => id))
  return [...older.filter(({ id }) => !later.has(id)), ...newer]
}

/** The message with which the last `count` that others wrote begin. */
export function firstUnreadOf(entries: readonly Entry[], count: number): Chat['firstUnread'] {
  let left = count
  for (const { kind, id, object } of entries.toReversed()) {
    if (kind === 'message' && !object.sender.self) left -= 1
    if (left === 0 && count > 0) return { id, count }
  }
  return undefined
}

/** The timeline of a conversation, laid out for so many columns. Rows are made when they are asked for. */
export function timelineOf(
  { entries, firstUnread, expanded }: Chat,
  { surface, columns, nowMs }: { surface: Surface; columns: number; nowMs: number },
): Timeline {
  const look = surface.look(columns)
  const indexes = new Map(entries.map(({ id }, index) => [id, index]))
  const at = (index: number): Entry => {
    const entry = entries[index]
    if (entry === undefined) throw new RangeError('no such entry')
    return entry
  }
  return {
    count: entries.length,
    idAt: (index) => at(index).id,
    indexOf: (id) => indexes.get(id),
    rowsAt: (index) => {
      const around = { previous: entries[index - 1], nowMs, firstUnread, expanded }
      return timelineRows(at(index), placeOf(at(index), around, look), look, surface.cache)
    },
  }
}

/** The message before or behind another; the last where none is chosen yet. */
export function neighbour({ entries, selected }: Chat, by: -1 | 1): MessageId | undefined {
  const messages = entries.flatMap((entry) => (entry.kind === 'message' ? [entry.id] : []))
  if (selected === undefined) return by < 0 ? messages.at(-1) : undefined
  const at = messages.indexOf(selected)
  return at < 0 ? messages.at(-1) : messages[at + by]
}

export function messageOf({ entries }: Chat, id: MessageId | undefined) {
  const found = entries.find((entry) => entry.kind === 'message' && entry.id === id)
  return found?.kind === 'message' ? found.object : undefined
}
