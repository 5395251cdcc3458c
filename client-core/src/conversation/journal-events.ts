import { eventId } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { EventObject, GapReason } from '../objects.js'
import type { JournalPage } from '../outcomes.js'
import type { JournalRow, Purged } from '../store/tables/journal.js'
import { timestamp } from '../times.js'
import {
  FIRST_DEVICE,
  deletedEvent,
  editedEvent,
  failedChangeEvent,
  reactionEvent,
} from './change-events.js'
import { shownStatus } from './shown-status.js'

const JOURNAL_LIMIT = 256

type Shared = Pick<Core, 'store' | 'views' | 'account'>
type Common = Pick<EventObject, 'seq' | 'id' | 'ts' | 'account'>

/**
 * Stored events after `afterSeq`, oldest first, at most so many rows of the journal; before them a
 * gap, where some are no longer kept.
 */
export function readJournal(
  core: Shared,
  afterSeq: number,
  limit: number = JOURNAL_LIMIT,
): JournalPage {
  const { journal } = core.store.read
  const purged = journal.purged()
  const gap = afterSeq < purged.seq ? [purgedGap(core, purged, purged.seq - afterSeq)] : []
  const from = Math.max(afterSeq, purged.seq)
  const rows = journal.after(from, limit - gap.length)
  const events = rows.map((row) => eventOf(core, row)).filter((event) => event !== undefined)
  return { events: [...gap, ...events], through: rows.at(-1)?.seq ?? from }
}

/** A row of the journal as `receive` tells it; undefined where what it is about is no longer stored. */
export function eventOf(core: Shared, row: JournalRow): EventObject | undefined {
  const { views } = core
  const common = {
    seq: row.seq,
    id: eventId(core.store.read.journal.id(), row.seq),
    ts: timestamp(row.atMs),
    account: ownName(core),
  }
  const { type, account, detail } = row
  const device = row.device ?? FIRST_DEVICE
  switch (type) {
    case 'message.received':
    case 'message.sent':
    case 'contact.request':
      return messageEvent(core, row, { ...common, type })
    case 'message.status':
      return statusEvent(core, row, common)
    case 'message.undecryptable':
      return {
        ...common,
        type,
        conversation: account === null ? null : views.conversationWith(account),
        sender: account === null ? null : views.sender(account, device),
        reason: detail.reason ?? '',
        ...(detail.resendAsked === true ? { resendAsked: true } : {}),
      }
    case 'message.edited':
      return editedEvent(core, row, { ...common, type })
    case 'message.deleted':
      return deletedEvent(core, row, { ...common, type })
    case 'reaction.added':
    case 'reaction.removed':
      return reactionEvent(core, row, { ...common, type })
    case 'change.failed':
      return failedChangeEvent(core, row, { ...common, type })
    case 'contact.changed': {
      const contact = account === null ? undefined : core.store.read.contacts.byAccount(account)
      return contact === undefined
        ? undefined
        : { ...common, type, contact: views.contact(contact) }
    }
    case 'identity.changed': {
      const { successor } = detail
      if (account === null || successor === undefined) return undefined
      const conversation = views.conversationWith(account)
      return { ...common, type, conversation, sender: views.sender(account, device), successor }
    }
    case 'gap': {
      const gap = { ...common, type, count: detail.count ?? 1, reason: gapReason(detail.reason) }
      return account === null ? gap : { ...gap, conversation: views.conversationWith(account) }
    }
  }
}

/** In the place of the events up to here, for a consumer that had not seen them. */
function purgedGap(core: Shared, { seq, atMs }: Purged, count: number): EventObject {
  // Not the id of the event that had this seq.
  const journal = core.store.read.journal.id().map((byte) => 255 - byte)
  return {
    seq,
    id: eventId(journal, seq),
    ts: timestamp(atMs),
    account: ownName(core),
    ...{ type: 'gap', count, reason: 'purged' },
  }
}

function messageEvent(
  { store, views }: Shared,
  row: JournalRow,
  common: Common & { readonly type: 'message.received' | 'message.sent' | 'contact.request' },
): EventObject | undefined {
  const author = row.detail.author ?? row.account
  if (author === null || row.message === null) return undefined
  const stored = store.read.messages.get(author, row.message)
  if (stored === undefined) return undefined
  const retold = row.detail.held === true && row.type === 'message.received' && !stored.held
  if (retold) return undefined
  const { conversation, sender, message } = views.history(stored)
  return { ...common, conversation, sender, message }
}

function statusEvent(
  { views, account: own }: Shared,
  { account, message, detail }: JournalRow,
  common: Common,
): EventObject | undefined {
  const { status, error } = detail
  if (account === null || message === null || status === undefined) return undefined
  if (shownStatus(status, own) !== status) return undefined
  const event = {
    ...common,
    type: 'message.status' as const,
    conversation: views.conversationWith(account),
    message: { id: message, status },
  }
  return error === undefined ? event : { ...event, error }
}

function ownName({ account }: Shared): string {
  return account.username ?? account.account
}

const GAP_REASONS = ['quota', 'expired', 'relay-restored', 'store-damaged', 'held'] as const

function gapReason(reason: string | undefined): Exclude<GapReason, 'purged'> {
  return GAP_REASONS.find((each) => each === reason) ?? 'missing'
}
