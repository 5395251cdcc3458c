import type { HistoryObject, TimelineEventObject } from '@sotto/client-core'
import type { MessageId } from '@sotto/protocol'

import { openComposer } from '../composer/composer.js'
import { EMPTY_DRAFT } from '../composer/draft.js'
import type { Action, AskedLines } from './action.js'
import type { Entry } from '../rows/entry.js'
import { markRow } from '../rows/mark.js'
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
    ...{ isOld: false, landing: undefined, unsent: undefined },
    ...{ popup: undefined, popupClosedAt: undefined },
    search: undefined,
    ...{ selected: undefined, composer: openComposer({ draft: EMPTY_DRAFT }), replyTo: undefined },
    editing: undefined,
    unreadAbove: undefined,
    ...{ firstUnread: undefined, expanded: new Set<EntryId>(), jumps: [] },
  }
}

/** The part of it that is loaded, as the core is asked about it. */
export function loadedPart(chat: Chat): Pick<AskedLines, 'from' | 'through'> {
  return {
    from: chat.atStart ? undefined : firstMessage(chat),
    through: chat.atEnd ? undefined : lastMessage(chat),
  }
}

/**
 * Lines of the store as entries, each event behind its message; one that is as it was stays the same,
 * any other gets a revision. What stands behind a message that is none of them stands in front.
 */
export function entriesOf(
  lines: readonly HistoryObject[],
  known: readonly Entry[],
  events: readonly TimelineEventObject[] = [],
): readonly Entry[] {
  const before = new Map(known.map((entry) => [entry.id, entry]))
  return interleaved(
    lines.map((object) => messageEntry(object, before.get(object.message.id))),
    events.map((object) => eventEntry(object, before.get(object.id))),
  )
}

/** Each event behind its message; what stands behind none of these stands in front. */
export function interleaved(
  messages: readonly Entry[],
  events: readonly EventEntry[],
): readonly Entry[] {
  if (events.length === 0) return messages
  const ids = new Set(messages.map(({ id }) => id))
  const behind = new Map<EntryId | null, EventEntry[]>()
  for (const entry of events) {
    const { after } = entry.object
    const place = after !== null && ids.has(after) ? after : null
    behind.set(place, [...(behind.get(place) ?? []), entry])
  }
  return [
    ...(behind.get(null) ?? []),
    ...messages.flatMap((message) => [message, ...(behind.get(message.id) ?? [])]),
  ]
}

export type EventEntry = Extract<Entry, { readonly kind: 'event' }>

export function isEvent(entry: Entry): entry is EventEntry {
  return entry.kind === 'event'
}

function messageEntry(object: HistoryObject, old: Entry | undefined): Entry {
  if (old?.kind === 'message' && isSame(old.object, object)) return old
  return { kind: 'message', id: object.message.id, revision: revisionAfter(old), object }
}

function eventEntry(object: TimelineEventObject, old: Entry | undefined): EventEntry {
  if (old?.kind === 'event' && isSame(old.object, object)) return old
  return { kind: 'event', id: object.id, revision: revisionAfter(old), object }
}

const revisionAfter = (old: Entry | undefined): number => (old?.revision ?? -1) + 1

/** Both are plain values that came as JSON, or might have. */
function isSame<T extends object>(a: T, b: T): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

export type Page = Pick<
  Extract<Action, { readonly kind: 'page' }>,
  'which' | 'from' | 'lines' | 'events' | 'reaches'
>

/** The conversation with a page of the store in it; one that fits nowhere any more is passed over. */
export function withPage(chat: Chat, page: Page): Chat {
  const fresh = entriesOf(page.lines, chat.entries, page.events)
  const { reaches } = page
  const idle = withoutLoading(chat, page.which)
  switch (page.which) {
    case 'newest':
    case 'around':
      return { ...idle, entries: fresh, ...ends(reaches, { atStart: false, atEnd: false }) }
    case 'refresh':
      return refreshed(idle, fresh, page)
    case 'older': {
      if (firstMessage(chat) !== page.from) return idle
      return bounded(
        withUnreadFound(
          { ...idle, entries: joined(fresh, chat.entries), ...ends(reaches, chat) },
          fresh,
        ),
        'newer',
      )
    }
    case 'newer': {
      if (lastMessage(chat) !== page.from) return idle
      return bounded(
        { ...idle, entries: joined(chat.entries, fresh), ...ends(reaches, chat) },
        'older',
      )
    }
  }
}

/** The page of a kind is there, or will not come. */
export function withoutLoading(chat: Chat, which: Page['which']): Chat {
  const isIt =
    chat.loading === 'first' ? which === 'newest' || which === 'around' : which === chat.loading
  return isIt ? { ...chat, loading: undefined } : chat
}

/** What was asked for again takes the place of what it was; what was loaded meanwhile stays. */
function refreshed(chat: Chat, fresh: readonly Entry[], { from, reaches }: Page): Chat {
  const at = chat.entries.findIndex(({ id }) => id === from)
  if (at < 0) return { ...chat, isOld: true }
  const ids = new Set(fresh.map(({ id }) => id))
  const isOther = ({ id }: Entry) => !ids.has(id)
  const lastAt = chat.entries.findLastIndex(({ id }) => ids.has(id))
  const behind = reaches.end === undefined ? chat.entries.slice(lastAt + 1) : []
  // Before the first message stands only what is asked for again with it.
  const before = chat.atStart ? [] : chat.entries.slice(0, at)
  const entries = [...before.filter(isOther), ...fresh, ...behind]
  return bounded({ ...chat, entries, ...ends(reaches, chat) }, 'unseen')
}

function ends({ start, end }: Page['reaches'], before: Pick<Chat, 'atStart' | 'atEnd'>) {
  return { atStart: start ?? before.atStart, atEnd: end ?? before.atEnd }
}

/** Not more than may be loaded: what is let go is never what is seen. */
export function bounded(chat: Chat, letGo: 'older' | 'newer' | 'unseen'): Chat {
  const { entries, place } = chat
  if (entries.length <= LOADED_MESSAGES_MAX) return chat
  if (letGo === 'unseen') {
    const at =
      place.kind === 'bottom'
        ? entries.length
        : entries.findIndex(({ id }) => id === place.anchor.entry)
    return bounded(chat, at < LOADED_MESSAGES_MAX / 2 ? 'newer' : 'older')
  }
  return letGo === 'older'
    ? { ...chat, entries: fromMessage(entries.slice(-LOADED_MESSAGES_MAX)), atStart: false }
    : { ...chat, entries: entries.slice(0, LOADED_MESSAGES_MAX), atEnd: false }
}

/** What stood behind a message that was let go goes with it, and comes again with it. */
function fromMessage(entries: readonly Entry[]): readonly Entry[] {
  const first = entries.findIndex(({ kind }) => kind === 'message')
  return first < 0 ? entries : entries.slice(first)
}

export function firstMessage({ entries }: Chat): MessageId | undefined {
  const found = entries.find(({ kind }) => kind === 'message')
  return found?.kind === 'message' ? found.id : undefined
}

export function lastMessage({ entries }: Chat): MessageId | undefined {
  const found = entries.findLast(({ kind }) => kind === 'message')
  return found?.kind === 'message' ? found.id : undefined
}

/** Two neighbouring parts; what is in both is once in it, as the second has it. */
function joined(older: readonly Entry[], newer: readonly Entry[]): readonly Entry[] {
  const later = new Set(newer.map(({ id }) => id))
  return [...older.filter(({ id }) => !later.has(id)), ...newer]
}

/** The message with which the last `count` that others wrote begin; undefined: it is not loaded. */
export function firstUnreadOf(entries: readonly Entry[], count: number): Chat['firstUnread'] {
  const first = count > 0 ? othersIn(entries).at(-count) : undefined
  return first === undefined ? undefined : { id: first.id, count }
}

function othersIn(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ kind, object }) => kind === 'message' && !object.sender.self)
}

/** How many of the unread ones stand above what is loaded. */
export function unreadAbove({ entries }: Chat, count: number): Chat['unreadAbove'] {
  const above = count - othersIn(entries).length
  return above > 0 ? { above, count } : undefined
}

/** An older page may bring the first of them: then it is known where they begin. */
function withUnreadFound(chat: Chat, page: readonly Entry[]): Chat {
  const { unreadAbove: sought } = chat
  if (sought === undefined) return chat
  const others = othersIn(page)
  const first = others.at(-sought.above)
  if (first === undefined)
    return { ...chat, unreadAbove: { ...sought, above: sought.above - others.length } }
  return { ...chat, unreadAbove: undefined, firstUnread: { id: first.id, count: sought.count } }
}

/** The timeline of a conversation, laid out for so many columns. Rows are made when they are asked for. */
export function timelineOf(
  { entries, firstUnread, expanded, search }: Chat,
  { surface, columns, nowMs }: { surface: Surface; columns: number; nowMs: number },
): Timeline {
  const look = surface.look(columns)
  const indexes = new Map(entries.map(({ id }, index) => [id, index]))
  const marks = new Map<EntryId, string>(search?.hits?.map(({ id, text }) => [id, text]))
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
      const rows = timelineRows(at(index), placeOf(at(index), around, look), look, surface.cache)
      const wanted = marks.get(at(index).id)
      return wanted === undefined ? rows : rows.map((row) => markRow(row, wanted))
    },
  }
}

/** What stands before or behind another entry; the last where none is chosen yet. */
export function neighbour({ entries, selected }: Chat, by: -1 | 1): EntryId | undefined {
  if (selected === undefined) return by < 0 ? entries.at(-1)?.id : undefined
  const at = entries.findIndex(({ id }) => id === selected)
  return at < 0 ? entries.at(-1)?.id : entries[at + by]?.id
}

export function messageOf({ entries }: Chat, id: EntryId | undefined) {
  const found = entries.find((entry) => entry.kind === 'message' && entry.id === id)
  return found?.kind === 'message' ? found.object : undefined
}

export function eventOf({ entries }: Chat, id: EntryId | undefined) {
  const found = entries.find((entry) => entry.kind === 'event' && entry.id === id)
  return found?.kind === 'event' ? found.object : undefined
}
