import type { ConversationId, MessageId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { ContactObject, HistoryObject, OutboxObject, PlacedLineObject } from '../objects.js'
import {
  comparePlaces,
  placeAfter,
  placeBefore,
  placeOf,
  type PageRequest,
  type Place,
  type StoredMessage,
} from '../store/tables/messages.js'
import { conversationId } from './conversation-named.js'
import { findContact } from './find-contact.js'
import { findMessageIn, settled } from './find-message.js'

const HISTORY_LIMIT = 50

type Shared = Pick<Core, 'store' | 'views' | 'own'>

export function readContacts({ store, views }: Shared): readonly ContactObject[] {
  return store.read.contacts.all().map((contact) => views.contact(contact))
}

export function readOutbox({ store, views }: Shared): readonly OutboxObject[] {
  return store.read.outbox.messages().map((row) => views.outbox(row))
}

/** Throws `message/settled` for what is no longer the outbox's business. */
export function readOutboxOf({ store, views, own }: Shared, message: StoredMessage): OutboxObject {
  const isOwn = message.author === own.account
  const row = isOwn ? store.read.outbox.ofMessage(message.id) : undefined
  if (row !== undefined) return views.outbox(row)
  if (isOwn && message.status === 'failed') return views.failed(message)
  throw settled(message)
}

export interface HistoryPage {
  /** The latest so many; with `after` alone the first so many after it. Default 50. */
  readonly limit?: number | undefined
  /** Messages as `findMessageIn` reads them, or RFC 3339 times; exclusive. */
  readonly before?: string | undefined
  readonly after?: string | undefined
}

/** A page of a conversation, oldest first. */
export function readHistory(
  core: Shared,
  conversation: string,
  page: HistoryPage,
): readonly HistoryObject[] {
  const id = conversationId(core, conversation)
  return core.store.read.messages
    .page({ conversation: id, limit: page.limit ?? HISTORY_LIMIT, ...rangeOf(core, id, page) })
    .map((message) => core.views.history(message))
}

export interface LinesRequest {
  /** Whole ids. */
  readonly messages: readonly string[]
  /** The first and the last message of the part that is asked about, both included. */
  readonly from?: string | undefined
  readonly through?: string | undefined
}

/**
 * Some messages of a conversation as they are now, oldest first, for whoever holds a part of it and
 * was told what changed. Left out: what is not there (any more), is held, or stands outside the part.
 */
export function readLines(
  core: Shared,
  conversation: string,
  { messages: ids, from, through }: LinesRequest,
): readonly PlacedLineObject[] {
  const id = conversationId(core, conversation)
  const { messages } = core.store.read
  const placed = [...new Set(ids)]
    .flatMap((each) => messages.ofId(id, each))
    .map((message) => ({ message, place: placeOf(message) }))
  const [first, last] = [from, through].map((end) =>
    end === undefined ? undefined : placeOf(findMessageIn(core, id, end)),
  )
  const isInside = (place: Place): boolean =>
    (first === undefined || comparePlaces(place, first) >= 0) &&
    (last === undefined || comparePlaces(place, last) <= 0)
  const neighbour = (range: Pick<PageRequest, 'before' | 'after'>): MessageId | null =>
    messages.page({ conversation: id, limit: 1, ...range })[0]?.id ?? null
  return placed
    .filter(({ place }) => isInside(place))
    .sort((one, other) => comparePlaces(one.place, other.place))
    .map(({ message, place }) => ({
      line: core.views.history(message),
      previous: neighbour({ before: place }),
      next: neighbour({ after: place }),
    }))
}

/** What a request has written and nobody has accepted, oldest first; empty for a contact. */
export function readHeld(
  core: Pick<Core, 'store' | 'views'>,
  to: string,
): readonly HistoryObject[] {
  const { account } = findContact(core, to)
  return core.store.read.messages.heldOf(account).map((message) => core.views.history(message))
}

/** How many messages a conversation has in a range. */
export function countHistory(
  core: Shared,
  conversation: string,
  range: Pick<HistoryPage, 'before' | 'after'>,
): number {
  const id = conversationId(core, conversation)
  return core.store.read.messages.count({ conversation: id, ...rangeOf(core, id, range) })
}

function rangeOf(
  core: Shared,
  conversation: ConversationId,
  { before, after }: Pick<HistoryPage, 'before' | 'after'>,
): Pick<PageRequest, 'before' | 'after'> {
  return {
    ...(before === undefined
      ? {}
      : { before: placeAt(core, conversation, { written: before, ofTime: placeBefore }) }),
    ...(after === undefined
      ? {}
      : { after: placeAt(core, conversation, { written: after, ofTime: placeAfter }) }),
  }
}

/** A message of the conversation, another one, or a time. */
function placeAt(
  core: Shared,
  conversation: ConversationId,
  { written, ofTime }: { readonly written: string; readonly ofTime: (ms: number) => Place },
): Place {
  const timeMs = /^\d{4}-\d{2}-\d{2}/.test(written) ? Date.parse(written) : NaN
  if (!Number.isNaN(timeMs)) return ofTime(timeMs)
  return placeOf(findMessageIn(core, conversation, written))
}
