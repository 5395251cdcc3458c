import type { Anchor, EntryId, Row } from './row.js'

/** The entries of a timeline, oldest first; rows are asked for only where they are needed. */
export interface Timeline {
  readonly count: number
  readonly idAt: (index: number) => EntryId
  /** Undefined: not loaded, or gone. */
  readonly indexOf: (id: EntryId) => number | undefined
  /** May be empty. */
  readonly rowsAt: (index: number) => readonly Row[]
}

/**
 * Where the window stands: at the newest row and staying there, or with a place of the text on its
 * first row. The anchor names what was written, not a row, so that it means the same when older
 * entries are put in front, when others come below, and at every width.
 */
export type ScrollPlace =
  | { readonly kind: 'bottom' }
  | {
      readonly kind: 'anchored'
      readonly anchor: Anchor
      /** The entries below it on the screen: the first that is left stands in when it is gone. */
      readonly following: readonly EntryId[]
    }

export const BOTTOM: ScrollPlace = { kind: 'bottom' }

export interface TimelineWindow {
  /** At most `height`; fewer only where there are no more. */
  readonly rows: readonly Row[]
  /** Entries that stand, whole or in part, above and below. */
  readonly above: number
  readonly below: number
}

/** How far a page goes: two rows of what was shown stay. */
export function pageOf(height: number): number {
  return Math.max(1, height - 2)
}

/** The rows that are seen. The window is full wherever there is enough to fill it. */
export function windowOf(timeline: Timeline, place: ScrollPlace, height: number): TimelineWindow {
  const begin = beginOf(timeline, place, height)
  const rows: Row[] = []
  let { entry } = begin
  let skipped = begin.row
  let isCut = false
  for (; entry < timeline.count && rows.length < height; entry++) {
    const left = timeline.rowsAt(entry).slice(skipped)
    skipped = 0
    isCut = left.length > height - rows.length
    rows.push(...left.slice(0, height - rows.length))
  }
  return {
    rows,
    above: begin.entry + (begin.row > 0 ? 1 : 0),
    below: timeline.count - entry + (isCut ? 1 : 0),
  }
}

/** Where the window stands after `rows` more, upwards where negative. At the end it is the bottom. */
export function scrollBy(
  timeline: Timeline,
  place: ScrollPlace,
  { height, rows }: { readonly height: number; readonly rows: number },
): ScrollPlace {
  const begin = move(timeline, beginOf(timeline, place, height), rows)
  return placeAt(timeline, begin, height)
}

/** Where the window stands with an entry in its middle; as it was where the entry is not there. */
export function scrollTo(
  timeline: Timeline,
  place: ScrollPlace,
  { height, id }: { readonly height: number; readonly id: EntryId },
): ScrollPlace {
  const entry = timeline.indexOf(id)
  if (entry === undefined) return place
  const room = Math.max(0, height - timeline.rowsAt(entry).length)
  const begin = move(timeline, { entry, row: 0 }, -Math.floor(room / 2))
  return placeAt(timeline, begin, height)
}

/** Where the window stands when an entry is seen, moved as little as that takes. */
export function reveal(
  timeline: Timeline,
  place: ScrollPlace,
  { height, id }: { readonly height: number; readonly id: EntryId },
): ScrollPlace {
  const entry = timeline.indexOf(id)
  if (entry === undefined) return place
  const begin = beginOf(timeline, place, height)
  const top = { entry, row: 0 }
  const end = move(timeline, { entry: entry + 1, row: 0 }, -height)
  const last = isBefore(top, end) ? top : end // Of one that is higher than the window its top.
  if (isBefore(top, begin)) return placeAt(timeline, top, height)
  return isBefore(begin, last) ? placeAt(timeline, last, height) : place
}

/** A row of an entry. */
interface Position {
  readonly entry: number
  readonly row: number
}

/** The first row that is seen: never so far down that the window is not full. */
function beginOf(timeline: Timeline, place: ScrollPlace, height: number): Position {
  const lowest = move(timeline, { entry: timeline.count, row: 0 }, -height)
  const anchored = place.kind === 'bottom' ? undefined : positionOf(timeline, place)
  return anchored === undefined || isBefore(lowest, anchored) ? lowest : anchored
}

function positionOf(
  timeline: Timeline,
  { anchor, following }: Extract<ScrollPlace, { readonly kind: 'anchored' }>,
): Position | undefined {
  const entry = timeline.indexOf(anchor.entry)
  if (entry !== undefined) return { entry, row: rowOf(timeline.rowsAt(entry), anchor) }
  const left = following.map((id) => timeline.indexOf(id)).find((index) => index !== undefined)
  return left === undefined ? undefined : { entry: left, row: 0 }
}

/** The last row that does not begin behind the anchor. */
function rowOf(rows: readonly Row[], { line, at }: Anchor): number {
  const isReached = ({ anchor }: Row) =>
    anchor !== undefined && (anchor.line < line || (anchor.line === line && anchor.at <= at))
  return Math.max(0, rows.findLastIndex(isReached))
}

/** Up or down by rows, as far as there are any; down to behind the last. */
function move(timeline: Timeline, from: Position, by: number): Position {
  let { entry, row } = from
  let left = by
  while (left < 0) {
    if (row >= -left) return { entry, row: row + left }
    left += row
    if (entry === 0) return { entry: 0, row: 0 }
    entry--
    row = timeline.rowsAt(entry).length
  }
  while (entry < timeline.count) {
    const rows = timeline.rowsAt(entry).length
    if (row + left < rows) return { entry, row: row + left }
    left -= rows - row
    entry++
    row = 0
  }
  return { entry, row }
}

function placeAt(timeline: Timeline, begin: Position, height: number): ScrollPlace {
  const lowest = move(timeline, { entry: timeline.count, row: 0 }, -height)
  if (!isBefore(begin, lowest)) return BOTTOM
  const { entry, row } = move(timeline, begin, 0) // Past entries without rows.
  const anchor = timeline.rowsAt(entry)[row]?.anchor
  if (anchor === undefined) return BOTTOM
  const end = Math.min(timeline.count, entry + 1 + height)
  const indexes = Array.from({ length: end - entry - 1 }, (_, at) => entry + 1 + at)
  return { kind: 'anchored', anchor, following: indexes.map((index) => timeline.idAt(index)) }
}

function isBefore(a: Position, b: Position): boolean {
  return a.entry < b.entry || (a.entry === b.entry && a.row < b.row)
}
