import type {
  ConnectionState,
  ContactObject,
  ConversationDetailObject,
  ConversationObject,
  EventObject,
  HistoryObject,
  MessageStatus,
  TimelineEventObject,
} from '@sotto/client-core'
import {
  conversationIdFromHash,
  eventId,
  messageIdFromBytes,
  parseAccountId,
} from '@sotto/protocol'

import { PLAIN, type Look } from '../../src/index.js'
import type { Happening } from '../../src/demo/script.js'

const ID = new Uint8Array(16).fill(7)
const BOB = parseAccountId('0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000')
const ALICE = parseAccountId('0199aaaa-bbbb-8ccc-9ddd-eeeeffff1111')

export const LOOK: Look = { paint: PLAIN, nowMs: Date.parse('2026-10-31T12:00:00Z') }
export const CONVERSATION: ConversationObject = {
  ...{ id: conversationIdFromHash(ID), kind: 'direct', name: '@bob.42' },
}

interface LineOptions {
  readonly text?: string
  readonly name?: string
  /** One's own. */
  readonly own?: boolean
}

export function line({ text = 'hello', name = 'Bob', own = false }: LineOptions): HistoryObject {
  return {
    conversation: CONVERSATION,
    sender: {
      ...{ id: own ? ALICE : BOB, handle: own ? '@alice.42' : '@bob.42', name },
      ...{ device: 1, trust: 'known', self: own },
    },
    message: {
      ...{ id: messageIdFromBytes(ID), sentAt: '2026-10-31T08:12:04.512Z', text, replyTo: null },
      ...{ attachments: [], expiresAt: null },
      ...(own ? { status: 'accepted' as const } : {}),
    },
  }
}

export const CONVERSATION_DETAIL: ConversationDetailObject = {
  ...{ ...CONVERSATION, trust: 'known', unread: 0, markedUnread: false, muted: false },
  ...{ mutedUntil: null, notify: 'all', archived: false, pinned: false, lastMessage: null },
  lastActivityAt: '2026-10-31T08:12:04.512Z',
}

export const CONTACT: ContactObject = {
  ...{ id: BOB, handle: '@bob.42', alias: null, name: 'Bob', trust: 'known' },
  conversation: CONVERSATION,
  ...{ blocked: false, status: null },
}

const COMMON = {
  ...{ id: eventId(ID, 1), seq: 1, ts: '2026-10-31T08:12:04.512Z', account: 'alice.42' },
}

export function sentEvent(text: string): EventObject {
  return { ...COMMON, type: 'message.sent', ...line({ text, own: true }) }
}

export function receivedEvent(text: string): EventObject {
  return { ...COMMON, type: 'message.received', ...line({ text }) }
}

export function statusEvent(status: MessageStatus): EventObject {
  const message = { id: messageIdFromBytes(ID), status }
  return { ...COMMON, type: 'message.status', conversation: CONVERSATION, message }
}

export function connectionEvent(state: ConnectionState): EventObject {
  return { ...COMMON, type: 'connection.state', state }
}

/** A line between the messages. */
export function timelineEvent(what: Happening, changed: Partial<TimelineEventObject> = {}) {
  const { id, ts } = COMMON
  const event = { id, ts, after: null, conversation: CONVERSATION, ...what, ...changed }
  // A happening with where and when is an event, which TypeScript cannot follow through a union.
  return event as TimelineEventObject
}

export const GAP: OfType<'gap'> = { type: 'gap', count: 3, reason: 'quota', whose: 'unknown' }
export const UNDECRYPTABLE: OfType<'message.undecryptable'> = {
  ...{ type: 'message.undecryptable', count: 1, whose: 'theirs', resendAsked: true, resent: 0 },
}

type OfType<Type> = Extract<Happening, { readonly type: Type }>

export function gapEvent(count: number, reason: 'quota' | 'relay-restored'): EventObject {
  return { ...COMMON, type: 'gap', count, reason }
}

export function undecryptableEvent(): EventObject {
  const common = { ...COMMON, conversation: null, sender: null }
  return { ...common, type: 'message.undecryptable', reason: 'could not be opened' }
}
