import { buildRow, dividerSpans } from './build-row.js'
import type { RowCache } from './cache.js'
import { timeOf, type Entry } from './entry.js'
import { eventRows } from './event-rows.js'
import type { Look } from './look.js'
import { LINES_ABOVE, messageRows, type MessagePlace } from './message-rows.js'
import type { Row } from './row.js'

/** What stands above an entry, and how it stands below the one before. */
export interface Place extends MessagePlace {
  /** The date above it, where its day is another than that of the entry before. */
  readonly day: string | undefined
  /** How many unread ones begin here. */
  readonly unread: number | undefined
}

export interface Surroundings {
  /** The entry before, as far as it is loaded. */
  readonly previous: Entry | undefined
  readonly nowMs: number
  /** Where the unread ones begin, and how many there are. */
  readonly firstUnread?: { readonly id: Entry['id']; readonly count: number } | undefined
  readonly expanded?: ReadonlySet<Entry['id']>
}

/** Messages of one author closer together than this are one group. */
const GROUP_MS_MAX = 5 * 60 * 1000

export function placeOf(entry: Entry, around: Surroundings, { words }: Look): Place {
  const { previous, nowMs, firstUnread, expanded } = around
  const atMs = timeOf(entry)
  const isNewDay = previous === undefined || words.dayKey(timeOf(previous)) !== words.dayKey(atMs)
  const unread = firstUnread?.id === entry.id ? firstUnread.count : undefined
  return {
    day: isNewDay ? words.day(atMs, nowMs) : undefined,
    unread,
    isGrouped: !isNewDay && unread === undefined && isContinuation(entry, previous),
    isExpanded: expanded?.has(entry.id) === true,
  }
}

/** All rows of an entry, with the date and the divider above it, kept for the next time. */
export function timelineRows(
  entry: Entry,
  place: Place,
  look: Look,
  cache: RowCache,
): readonly Row[] {
  const { day, unread, isGrouped, isExpanded } = place
  const options = [look.key, day, unread, isGrouped, isExpanded].map(String).join('|')
  return cache.rows({ id: entry.id, revision: entry.revision, options }, () => [
    ...dividerRows(entry, place, look),
    ...(entry.kind === 'message' ? messageRows(entry, place, look) : eventRows(entry, look)),
  ])
}

function dividerRows(entry: Entry, { day, unread }: Place, look: Look): readonly Row[] {
  const { words, signs } = look
  const rows: Row[] = []
  if (day !== undefined) {
    const spans = dividerSpans(day, signs.line, 'divider', look)
    const anchor = { entry: entry.id, line: LINES_ABOVE.date, at: 0 }
    rows.push(buildRow({ kind: 'date', spans, anchor }, look))
  }
  if (unread !== undefined) {
    const spans = dividerSpans(words.newMessages(unread), signs.doubleLine, 'unread', look)
    const anchor = { entry: entry.id, line: LINES_ABOVE.unread, at: 0 }
    rows.push(buildRow({ kind: 'unread', spans, anchor }, look))
  }
  return rows
}

function isContinuation(entry: Entry, previous: Entry | undefined): boolean {
  if (entry.kind !== 'message' || previous?.kind !== 'message') return false
  const [one, other] = [entry.object, previous.object]
  return (
    one.sender.id === other.sender.id &&
    one.sender.changed === other.sender.changed &&
    one.message.held === other.message.held &&
    Math.abs(timeOf(entry) - timeOf(previous)) < GROUP_MS_MAX
  )
}
