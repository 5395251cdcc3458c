import type {
  AccountDetailObject,
  CancelledObject,
  ContactDetailObject,
  ContactObject,
  ConversationDetailObject,
  ConversationObject,
  ErrorObject,
  EventObject,
  EventType,
  MessageDetailObject,
  IdentityLogObject,
  InviteObject,
  MessageObject,
  OutboxObject,
  ReactionObject,
  ReceiptObject,
  SendObject,
  SenderObject,
  VerifyObject,
  VerifyQrObject,
} from '@sotto/client-core'
import {
  conversationIdFromHash,
  eventId,
  messageIdFromBytes,
  parseAccountId,
} from '@sotto/protocol'

const ID = new Uint8Array(16).fill(7)
const ACCOUNT = parseAccountId('0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000')
const SUCCESSOR = parseAccountId('0199aaaa-bbbb-8ccc-9ddd-eeeeffff2222')
const AT = '2026-10-31T08:12:04.512Z'

export const CONVERSATION: ConversationObject = {
  id: conversationIdFromHash(ID),
  kind: 'direct',
  name: '@bob.42',
}
export const SENDER: SenderObject = {
  id: ACCOUNT,
  handle: '@bob.42',
  name: 'Bob',
  device: 1,
  trust: 'known',
  self: false,
}
export const STRANGER: SenderObject = {
  ...{ id: ACCOUNT, handle: null, claimedHandle: '@eve.66', name: 'Eve', device: 1 },
  ...{ trust: 'request', self: false },
}
export const MESSAGE: MessageObject = {
  ...{ id: messageIdFromBytes(ID), sentAt: AT, text: 'hello', replyTo: null },
  ...{ attachments: [], expiresAt: null },
}
export const REACTION: ReactionObject = { emoji: '👍', sender: SENDER, at: AT }
export const CHANGED_MESSAGE: MessageObject = {
  ...{ ...MESSAGE, edited: true, editedAt: AT, reactions: [REACTION] },
}
export const DELETED_MESSAGE: MessageObject = { ...MESSAGE, text: null, deleted: true }
export const CONVERSATION_DETAIL: ConversationDetailObject = {
  ...{ ...CONVERSATION, trust: 'known', unread: 2, markedUnread: false, muted: true },
  ...{
    mutedUntil: AT,
    notify: 'mentions',
    archived: false,
    pinned: true,
    lastActivityAt: AT,
    lastMessage: MESSAGE,
  },
}
export const ERROR: ErrorObject = {
  ...{ code: 'relay/unreachable', message: 'cannot reach the relay', fix: 'Look whether it runs.' },
  ...{ exit: 69, retryable: true, retryAfterMs: null },
}
export const CONTACT: ContactObject = {
  ...{ id: ACCOUNT, handle: '@bob.42', alias: '@bob', name: 'Bob', trust: 'known' },
  ...{ conversation: CONVERSATION, blocked: false, status: 'out for lunch' },
}
export const ACCOUNT_DETAIL: AccountDetailObject = {
  ...{ id: ACCOUNT, username: 'alice.42', device: 1, relay: 'http://127.0.0.1:8470' },
  ...{ relayRoot: 'BV9p6k7', createdAt: AT, keyIn: 'file', path: '/home/alice', default: true },
}
export const INVITE: InviteObject = {
  ...{ id: 'i_3f9a1c0b77', link: 'sotto://relay.example/invite#AQID', state: 'live' },
  ...{ uses: null, usesLeft: null, expiresAt: null, createdAt: AT },
}
export const VERIFY: VerifyObject = {
  ...{ handle: '@bob.42', safetyNumber: '12345'.repeat(12), verified: false },
}
export const VERIFY_QR: VerifyQrObject = { ...VERIFY, qr: 'CAISIgog' }
export const CONTACT_DETAIL: ContactDetailObject = {
  ...{ ...CONTACT, since: AT, successor: SUCCESSOR },
  messages: { sent: 2, received: 3, unread: 1, held: 0, dropped: 0 },
}
export const IDENTITY: IdentityLogObject = {
  ...{ at: AT, event: 'changed', account: ACCOUNT, name: '@bob.42', other: SUCCESSOR },
}
export const OUTBOX: OutboxObject = {
  ...{ id: MESSAGE.id, status: 'queued', recipients: ['@bob.42'], attempts: 2, sentAt: AT },
  nextAttemptAt: AT,
}
export const CANCELLED: CancelledObject = {
  ...{ ...OUTBOX, status: 'failed', state: 'sealed', nextAttemptAt: null, error: ERROR },
  mayHaveArrived: true,
}
export const RECEIPT: ReceiptObject = {
  ...{ recipient: '@bob.42', account: ACCOUNT, status: 'read', at: AT },
}
export const MESSAGE_DETAIL: MessageDetailObject = {
  message: {
    ...{ ...MESSAGE, status: 'read', edited: false, deleted: false, reactions: [] },
    receipts: [RECEIPT],
  },
  ...{ sender: SENDER, conversation: CONVERSATION },
}
export const SENT: SendObject = {
  ...{ id: MESSAGE.id, status: 'accepted', conversation: CONVERSATION },
  results: [
    {
      ...{ recipient: '@bob.42', status: 'accepted' },
      ...{ id: MESSAGE.id, conversation: CONVERSATION },
    },
  ],
}

/** One event of each type asked for, numbered after `seq`. */
export function eventsOf(types: readonly EventType[], seq = 0): EventObject[] {
  return types.map((type, index) => ({ ...common(seq + index + 1), ...bodyOf(type) }))
}

function common(seq: number) {
  return { seq, id: eventId(ID, seq), ts: AT, account: 'alice.42' }
}

type Body = EventObject extends infer Event
  ? Event extends EventObject
    ? Omit<Event, 'seq' | 'id' | 'ts' | 'account'>
    : never
  : never

function bodyOf(type: EventType): Body {
  switch (type) {
    case 'message.received':
    case 'message.sent':
      return { type, conversation: CONVERSATION, sender: SENDER, message: MESSAGE }
    case 'contact.request':
      return { type, conversation: CONVERSATION, sender: STRANGER, message: MESSAGE }
    case 'message.status':
      return { type, conversation: CONVERSATION, message: { id: MESSAGE.id, status: 'read' } }
    case 'message.undecryptable':
      return {
        type,
        conversation: CONVERSATION,
        sender: SENDER,
        reason: 'torn',
        resendAsked: true,
      }
    case 'message.edited':
      return { type, conversation: CONVERSATION, sender: SENDER, message: CHANGED_MESSAGE }
    case 'message.deleted':
      return { type, conversation: CONVERSATION, sender: SENDER, message: { id: MESSAGE.id } }
    case 'reaction.added':
    case 'reaction.removed':
      return {
        ...{ type, conversation: CONVERSATION, sender: SENDER },
        ...{ message: { id: MESSAGE.id }, emoji: '👍' },
      }
    case 'change.failed':
      return {
        ...{ type, conversation: CONVERSATION, message: { id: MESSAGE.id } },
        ...{ change: 'edit', error: ERROR },
      }
    case 'contact.changed':
      return { type, contact: CONTACT }
    case 'identity.changed':
      return { type, conversation: CONVERSATION, sender: SENDER, successor: SUCCESSOR }
    case 'gap':
      return { type, count: 3, reason: 'quota' }
    case 'conversation.changed':
      return { type, conversation: CONVERSATION }
    case 'account.changed':
      return { type, changed: 'settings' }
    case 'typing.started':
    case 'typing.stopped':
      return { type, conversation: CONVERSATION, sender: SENDER }
    case 'connection.state':
      return { type, state: 'offline', retryAfterMs: 1000 }
    case 'backlog.done':
      return { type }
  }
}
