import type { JournalPage } from '../client.js'
import type { Core } from '../core.js'
import type { ContactObject, ConversationObject, HistoryObject, OutboxObject } from '../objects.js'
import { placeAfter, placeBefore, type Place } from '../store/tables/messages.js'
import { conversationId } from './conversation-named.js'
import { findMessage } from './find-message.js'

const HISTORY_LIMIT = 50
const JOURNAL_LIMIT = 256

type Shared = Pick<Core, 'store' | 'views' | 'own'>

export function readContacts({ store, views }: Shared): readonly ContactObject[] {
  return store.read.contacts.all().map((contact) => views.contact(contact))
}

export function readConversations({ store, views }: Shared): readonly ConversationObject[] {
  return store.read.contacts.conversations().map((conversation) => views.conversation(conversation))
}

export function readOutbox({ store, views }: Shared): readonly OutboxObject[] {
  return store.read.outbox
    .messages()
    .map((row) => views.outbox(row))
    .filter((row) => row !== undefined)
}

/** Stored events after `afterSeq`, oldest first, at most so many rows of the journal. */
export function readJournal(
  { store, views }: Shared,
  afterSeq: number,
  limit: number = JOURNAL_LIMIT,
): JournalPage {
  const rows = store.read.journal.after(afterSeq, limit)
  const events = rows.map((row) => views.event(row)).filter((event) => event !== undefined)
  return { events, through: rows.at(-1)?.seq ?? afterSeq }
}

export interface HistoryPage {
  /** The latest so many; with `after` alone the first so many after it. Default 50. */
  readonly limit?: number | undefined
  /** Message ids (or unique prefixes) or RFC 3339 times; exclusive. */
  readonly before?: string | undefined
  readonly after?: string | undefined
}

/** A page of a conversation, oldest first. */
export function readHistory(
  core: Shared,
  conversation: string,
  page: HistoryPage,
): readonly HistoryObject[] {
  const request = {
    conversation: conversationId(core, conversation),
    limit: page.limit ?? HISTORY_LIMIT,
  }
  const before =
    page.before === undefined ? {} : { before: placeOf(core, page.before, placeBefore) }
  const after = page.after === undefined ? {} : { after: placeOf(core, page.after, placeAfter) }
  return core.store.read.messages
    .page({ ...request, ...before, ...after })
    .map((message) => core.views.history(message))
}

/** A message id (or unique prefix), or a time. */
function placeOf(core: Shared, written: string, ofTime: (ms: number) => Place): Place {
  const timeMs = /^\d{4}-\d{2}-\d{2}/.test(written) ? Date.parse(written) : NaN
  if (!Number.isNaN(timeMs)) return ofTime(timeMs)
  const { arrivalMs, author, id } = findMessage(core, written)
  return { arrivalMs, author, id }
}
