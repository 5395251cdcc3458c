import {
  assert,
  InputError,
  isEmoji,
  NotFoundError,
  PermissionError,
  type Change,
} from '@sotto/protocol'
import { conversationId } from '../conversation/conversation-named.js'
import { findMessage } from '../conversation/find-message.js'
import { refuseUnwritable } from '../conversation/may-write.js'
import type { Core } from '../core.js'
import { checkText } from '../outbox/compose.js'
import { contactOf } from '../outbox/retry.js'
import type { Transactor } from '../store/store.js'
import type { Contact } from '../store/tables/contacts.js'
import type { StoredMessage } from '../store/tables/messages.js'
import { sendChange } from './outgoing.js'
import { hasLeft, rewriteUnsent, takeBack } from './unsent.js'
import { writeChange } from './write.js'

/** What somebody wants of a message. */
export type Wish =
  /** Empty: their reaction taken back. */
  | { readonly kind: 'reaction'; readonly emoji: string }
  /** `to`: where it must have been said, in the grammar of recipients. */
  | { readonly kind: 'edit'; readonly text: string; readonly to?: string | undefined }
  | { readonly kind: 'delete'; readonly everyone: boolean }

/** An own change that is on disk. */
export interface Changed {
  readonly message: StoredMessage
  /** The row of the outbox that tells it; undefined: there is nothing to tell, or it has been told. */
  readonly row: number | undefined
}

/**
 * tx1 of an own change: what it changes here and the outbox row that tells it, in one transaction; in
 * the lane, so that nothing of the message is being sealed meanwhile. Once committed it will be sent or
 * shown as failed; if we die before, nothing has happened. What is so already is not told again.
 * Throws what `findMessage` does, `content/not-yours`, `message/deleted`, `contact/not-accepted`,
 * `contact/blocked`, `identity/changed`, `content/invalid`, `content/too-large`.
 */
export async function changeMessage(core: Core, written: string, wish: Wish): Promise<Changed> {
  check(wish)
  await core.composing.settled() // It may be the one before.
  const found = findMessage(core, written)
  if (wish.kind === 'edit' && wish.to !== undefined) checkPlace(core, found, wish.to)
  const changed = await core.lane.run(async () =>
    core.store.transact((tx): Changed => {
      const message = tx.messages.get(found.author, found.id)
      if (message === undefined) throw goneMeanwhile(found)
      return { message, row: grant(tx, core, message, wish) }
    }),
  )
  core.ports.crashpoint('change.composed')
  return changed
}

function check(wish: Wish): void {
  if (wish.kind === 'edit') checkText(wish.text)
  if (wish.kind !== 'reaction' || wish.emoji === '' || isOneEmoji(wish.emoji)) return
  throw new InputError('content/invalid', 'a reaction is one emoji', {
    fix: 'Nothing was sent. As in: sotto message react ID 👍',
  })
}

const SINGLE = /^\p{Emoji}\ufe0f?$/u

/** One that shows as one: of those made of several the ones that Unicode recommends. */
function isOneEmoji(text: string): boolean {
  // The flag `v` is newer than what the compiler lets be written.
  const isRecommended = () => new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v').test(text)
  return isEmoji(text) && (SINGLE.test(text) || isRecommended())
}

function checkPlace(core: Core, message: StoredMessage, to: string): void {
  if (message.conversation === conversationId(core, to)) return
  throw new InputError('content/invalid', `${message.id} was not said in that conversation`, {
    fix: 'Nothing was changed. Name the conversation that it stands in, or: sotto message edit',
  })
}

function grant(tx: Transactor, core: Core, message: StoredMessage, wish: Wish): number | undefined {
  if (wish.kind === 'delete' && !wish.everyone) {
    takeBack(tx, message)
    tellGone(tx, core, message)
    return undefined
  }
  const isOwn = message.author === core.own.account
  if (wish.kind !== 'reaction' && !isOwn) throw notYours(message)
  if (wish.kind !== 'delete' && message.deleted) throw deleted(message)
  if (wish.kind !== 'delete' && message.raw !== null) throw unread(message)
  const contact = isNote(tx, message) ? undefined : contactOf(tx, message)
  if (contact !== undefined) refuseUntellable(core, contact)
  if (isOwn && !isNote(tx, message) && !hasLeft(tx, message) && wish.kind !== 'reaction') {
    if (wish.kind === 'edit') {
      rewriteUnsent(tx, message, wish.text)
      return undefined
    }
    takeBack(tx, message)
    tellGone(tx, core, message)
    return undefined
  }
  return make(tx, core, { message, contact, wish })
}

function make(
  tx: Transactor,
  core: Core,
  made: {
    readonly message: StoredMessage
    readonly contact: Contact | undefined
    readonly wish: Wish
  },
): number | undefined {
  const { message, contact, wish } = made
  const { account, device } = core.own
  const peer = contact?.account ?? account
  const { change, sentMs } = changeOf(tx, core, message, wish)
  writeChange(tx, message, { change, account, device, sentMs, peer })
  return contact === undefined
    ? undefined
    : sendChange(tx, core, { recipient: contact.account, message, change, sentMs })
}

/** Behind every earlier one of ours, whatever our clock says; one that is there already as it is. */
function changeOf(
  tx: Transactor,
  core: Core,
  message: StoredMessage,
  wish: Wish,
): { readonly change: Change; readonly sentMs: number } {
  const nowMs = core.ports.clock.nowMs()
  const { id } = message
  switch (wish.kind) {
    case 'reaction': {
      const before = tx.changes.reactionOf(message, core.own.account)
      const target = { author: message.author, message: id }
      const change = { kind: 'reaction', target, emoji: wish.emoji } as const
      if (before?.emoji === wish.emoji) return { change, sentMs: before.sentMs }
      return { change, sentMs: Math.max(nowMs, (before?.sentMs ?? 0) + 1) }
    }
    case 'edit': {
      const { revision, editedMs, body } = message
      const isSame = body === wish.text && editedMs !== null
      const change = { kind: 'edit', message: id, body: wish.text } as const
      if (isSame) return { change: { ...change, revision }, sentMs: editedMs }
      return { change: { ...change, revision: revision + 1 }, sentMs: nowMs }
    }
    case 'delete':
      assert(wish.everyone, 'what is deleted here alone is told to nobody')
      // The same bytes however often: what was told once is known by them.
      return { change: { kind: 'delete', message: id }, sentMs: message.sentMs }
  }
}

/** Gone from every view here; in the journal it is told like one that was deleted for everyone. */
function tellGone(tx: Transactor, core: Core, message: StoredMessage): void {
  tx.drafts.forgetEdit(message.id)
  if (message.held) return
  const { account, device } = core.own
  const peer = tx.contacts.conversation(message.conversation)?.account ?? message.author
  tx.record({
    ...{ type: 'message.deleted', account: peer, device, message: message.id },
    detail: { author: message.author, by: account },
  })
}

function isNote(tx: Transactor, message: StoredMessage): boolean {
  return tx.contacts.conversation(message.conversation)?.kind === 'self'
}

/** Who is blocked learns nothing, and a request not that it was read. */
function refuseUntellable(core: Core, contact: Contact): void {
  refuseUnwritable(core, contact)
  if (contact.trust === 'known') return
  const name = core.views.nameOf(contact.account)
  throw new PermissionError('contact/not-accepted', `${name} is a request: that would answer it`, {
    fix: `Nothing was sent. First: sotto contact accept ${name}`,
  })
}

function notYours({ id }: StoredMessage): PermissionError {
  return new PermissionError('content/not-yours', `somebody else wrote ${id}`, {
    fix: 'Nothing was changed. To take it away here alone: sotto message delete, without --everyone',
  })
}

function deleted({ id }: StoredMessage): InputError {
  return new InputError('message/deleted', `${id} was deleted: nothing is left of it`, {
    fix: 'Nothing was sent. Write a message of its own.',
  })
}

function unread({ id }: StoredMessage): InputError {
  return new InputError('content/invalid', `${id} needs a newer sotto`, {
    fix: 'Nothing was sent. Upgrade, and it can be read.',
  })
}

function goneMeanwhile({ id }: StoredMessage): NotFoundError {
  return new NotFoundError('message/unknown', `no message ${id}`, {
    fix: 'It was deleted here just now.',
  })
}
