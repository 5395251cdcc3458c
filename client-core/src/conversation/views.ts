import { assert, type AccountId, type DeviceId } from '@sotto/protocol'
import type {
  ContactObject,
  ConversationDetailObject,
  ConversationObject,
  ContactDetailObject,
  HistoryObject,
  MessageDetailObject,
  ReactionObject,
  IdentityLogObject,
  MessageObject,
  OutboxObject,
  ReceiptObject,
  ReplyObject,
  SenderObject,
  Trust,
} from '../objects.js'
import type { Reader } from '../store/store.js'
import type { OwnAccount } from '../store/tables/account.js'
import type { Contact, Conversation } from '../store/tables/contacts.js'
import {
  MUTED_FOR_EVER,
  type ConversationPeer,
  type ConversationState,
} from '../store/tables/conversations.js'
import type { IdentityEntry } from '../store/tables/identity-log.js'
import type { StoredMessage } from '../store/tables/messages.js'
import type { OutboxRow } from '../store/tables/outbox.js'
import { timestamp } from '../times.js'
import { directConversation, selfConversation } from './conversation-id.js'
import { shownStatus } from './shown-status.js'

/** Characters of a quoted message. */
const QUOTE_LENGTH_MAX = 80

/** Rows into the objects of cli.md; reads what is stored now. */
export class Views {
  readonly #read: Reader
  readonly #ownNow: () => OwnAccount

  constructor(read: Reader, ownNow: () => OwnAccount) {
    this.#read = read
    this.#ownNow = ownNow
  }

  get #own(): OwnAccount {
    return this.#ownNow()
  }

  conversation(conversation: Conversation): ConversationObject {
    const name = conversation.kind === 'self' ? 'me' : this.nameOf(conversation.account)
    return { id: conversation.id, kind: conversation.kind, name }
  }

  /** All from the state: a list of ten thousand asks for nothing more of each. */
  conversationDetail(state: ConversationState, nowMs: number): ConversationDetailObject {
    const { conversation, peer, mutedUntilMs, last } = state
    const { id, kind, account } = conversation
    const muted = mutedUntilMs !== null && mutedUntilMs > nowMs
    return {
      ...{ id, kind, name: kind === 'self' ? 'me' : nameAs(account, peer) },
      trust: kind === 'self' ? 'verified' : trustIn(peer),
      unread: state.unread,
      markedUnread: state.markedUnread,
      muted,
      mutedUntil: muted && mutedUntilMs < MUTED_FOR_EVER ? timestamp(mutedUntilMs) : null,
      notify: state.notify,
      archived: state.archived,
      pinned: state.pinned,
      lastActivityAt: timestamp(state.activeMs),
      lastMessage: last === undefined ? null : this.message(last),
    }
  }

  conversationWith(account: AccountId): ConversationObject {
    return this.conversation(
      account === this.#own.account
        ? selfConversation(account)
        : directConversation(this.#own.account, account),
    )
  }

  /** How one writes to an account: `@bob.42`, a local name, `acct:…`. */
  nameOf(account: AccountId): string {
    return nameAs(account, this.#read.contacts.byAccount(account))
  }

  /** A contact whose number somebody compared. */
  isVerified(account: AccountId): boolean {
    return this.#trust(this.#read.contacts.byAccount(account)) === 'verified'
  }

  sender(account: AccountId, device: DeviceId): SenderObject {
    if (account === this.#own.account) return this.#self(device)
    return this.#senderOf(account, device, this.#read.contacts.byAccount(account))
  }

  #trust(contact: Contact | undefined): Trust {
    const verified =
      contact?.trust === 'known' && this.#read.peers.peer(contact.account)?.verified === true
    return trustIn({ trust: contact?.trust ?? 'request', verified })
  }

  #senderOf(account: AccountId, device: DeviceId, contact: Contact | undefined): SenderObject {
    const sender: SenderObject = {
      id: account,
      handle: contact?.handle == null ? null : `@${contact.handle}`,
      name: contact?.name ?? null,
      ...(contact === undefined || contact.status === '' ? {} : { status: contact.status }),
      device,
      trust: this.#trust(contact),
      self: false,
    }
    const flagged = contact?.successor == null ? sender : { ...sender, changed: true as const }
    return contact === undefined ? flagged : { ...flagged, ...this.#claim(contact) }
  }

  /** What they call themselves while nobody has looked it up, and whom we know by that name. */
  #claim({
    account,
    handle,
    claimed,
  }: Contact): Pick<SenderObject, 'claimedHandle' | 'claimHeldBy'> {
    if (handle !== null || claimed === null) return {}
    const holder = this.#read.contacts
      .byHandle(claimed)
      .find((other) => other.trust === 'known' && other.account !== account)
    const claim = { claimedHandle: `@${claimed}` }
    return holder === undefined ? claim : { ...claim, claimHeldBy: holder.account }
  }

  message(stored: StoredMessage): MessageObject {
    const message: MessageObject = {
      id: stored.id,
      sentAt: timestamp(stored.sentMs),
      text: stored.body,
      replyTo: this.#reply(stored),
      attachments: [],
      expiresAt: null,
      ...(stored.raw === null ? {} : { unsupported: true as const }),
      ...(stored.silent ? { silent: true as const } : {}),
      ...(stored.held ? { held: true as const } : {}),
      ...this.#changes(stored),
    }
    const { status } = stored
    return status === 'received' ? message : { ...message, status: shownStatus(status, this.#own) }
  }

  #changes(stored: StoredMessage): Partial<MessageObject> {
    const { deleted, editedMs } = stored
    if (deleted) return { deleted }
    const edited = editedMs === null ? {} : { edited: true as const, editedAt: timestamp(editedMs) }
    const reactions = this.#reactions(stored)
    return reactions.length === 0 ? edited : { ...edited, reactions }
  }

  #reactions(stored: StoredMessage): readonly ReactionObject[] {
    if (!stored.reacted) return []
    return this.#read.changes.reactionsTo(stored).map(({ emoji, account, device, sentMs }) => ({
      ...{ emoji, sender: this.sender(account, device), at: timestamp(sentMs) },
    }))
  }

  /** A reply may name anything; what is quoted was said in the same conversation. */
  #reply({ conversation, replyAuthor, replyId }: StoredMessage): ReplyObject | null {
    if (replyId === null || replyAuthor === null) return null
    const reply = { id: replyId, author: replyAuthor }
    const answered = this.#read.messages.get(replyAuthor, replyId)
    if (answered?.conversation !== conversation) return reply
    if (answered.deleted) return { ...reply, deleted: true }
    if (answered.body === null) return reply
    return { ...reply, quote: quoteOf(answered.body) }
  }

  history(stored: StoredMessage): HistoryObject {
    const conversation = this.#read.contacts.conversation(stored.conversation)
    return {
      message: this.message(stored),
      sender: this.sender(stored.author, stored.device),
      conversation:
        conversation === undefined
          ? this.conversationWith(stored.author)
          : this.conversation(conversation),
    }
  }

  contact(contact: Contact): ContactObject {
    const { account, handle, alias } = contact
    const { id, kind } = directConversation(this.#own.account, account)
    const object: ContactObject = {
      id: account,
      handle: handle === null ? null : `@${handle}`,
      alias: alias === null ? null : `@${alias}`,
      name: contact.name,
      trust: this.#trust(contact),
      conversation: { id, kind, name: nameAs(account, contact) },
      blocked: contact.blocked,
      status: contact.status === '' ? null : contact.status,
      ...this.#claim(contact),
    }
    return contact.successor === null ? object : { ...object, successor: contact.successor }
  }

  contactDetail(contact: Contact): ContactDetailObject {
    const { id } = directConversation(this.#own.account, contact.account)
    return {
      ...this.contact(contact),
      since: timestamp(contact.createdMs),
      messages: { ...this.#read.messages.counts(id), dropped: contact.heldDropped },
    }
  }

  identityEntry(entry: IdentityEntry): IdentityLogObject {
    const { atMs, event, account, other } = entry
    return { at: timestamp(atMs), event, account, name: this.nameOf(account), other }
  }

  /** A row that carries a message. */
  outbox(row: OutboxRow): OutboxObject {
    assert(row.message !== null, 'what is shown of the outbox are messages')
    const message = this.#read.messages.get(this.#own.account, row.message)
    const object: OutboxObject = {
      id: row.message,
      status: 'queued',
      state: row.state,
      recipients: [this.nameOf(row.recipient)],
      attempts: row.attempts,
      sentAt: timestamp(message?.sentMs ?? row.createdMs),
      nextAttemptAt: row.nextMs === 0 ? null : timestamp(row.nextMs),
    }
    return row.error === null ? object : { ...object, error: row.error }
  }

  /** An own message that failed, as the outbox had it last. */
  failed(message: StoredMessage): OutboxObject {
    const error = this.#read.messages.failureOf(message.id)
    const object: OutboxObject = {
      id: message.id,
      status: 'failed',
      recipients: [this.history(message).conversation.name],
      attempts: 0,
      sentAt: timestamp(message.sentMs),
      nextAttemptAt: null,
    }
    return error === undefined ? object : { ...object, error }
  }

  receipts(stored: StoredMessage): readonly ReceiptObject[] {
    if (stored.author !== this.#own.account) return []
    return this.#read.messages
      .receiptsOf(stored.id)
      .filter(({ status }) => shownStatus(status, this.#own) === status)
      .map(({ account, status, atMs }) => ({
        recipient: this.nameOf(account),
        ...{ account, status, at: timestamp(atMs) },
      }))
  }

  messageDetail(stored: StoredMessage): MessageDetailObject {
    const { message, sender, conversation } = this.history(stored)
    const none = { edited: false, deleted: false, reactions: [] } as const
    return {
      message: { ...none, ...message, receipts: this.receipts(stored) },
      sender,
      conversation,
    }
  }

  #self(device: DeviceId): SenderObject {
    return {
      id: this.#own.account,
      handle: this.#own.username === null ? null : `@${this.#own.username}`,
      name: this.#own.name === '' ? null : this.#own.name,
      device,
      trust: 'verified',
      self: true,
    }
  }
}

function nameAs(account: AccountId, person: Pick<Contact, 'handle' | 'alias'> | undefined): string {
  const name = person?.handle ?? person?.alias ?? null
  return name === null ? `acct:${account}` : `@${name}`
}

/** Somebody who was verified and is no contact any more is a stranger. */
function trustIn({ trust, verified }: Pick<ConversationPeer, 'trust' | 'verified'>): Trust {
  if (trust === 'request') return 'request'
  return verified ? 'verified' : 'known'
}

/** The beginning of a text's first line. */
function quoteOf(text: string): string {
  const [line = ''] = text.trimStart().split(/\r?\n/)
  const characters = Array.from(line.slice(0, 2 * QUOTE_LENGTH_MAX))
  return characters.length <= QUOTE_LENGTH_MAX
    ? line
    : `${characters.slice(0, QUOTE_LENGTH_MAX).join('')}…`
}
