import type { ConversationId } from '@sotto/protocol'
import type { Core } from '../core.js'
import { markRead } from '../inbox/receipts.js'
import type { ConversationDetailObject } from '../objects.js'
import type { Transactor } from '../store/store.js'
import type { Conversation } from '../store/tables/contacts.js'
import { MUTED_FOR_EVER, type ConversationChoice } from '../store/tables/conversations.js'
import { conversationNamed } from './conversation-named.js'
import type { NotifyRule } from './notify-rule.js'

/** How a conversation is changed; each is the same done twice. */
export type ConversationChange =
  /** Undefined: for ever. */
  | { readonly kind: 'mute'; readonly untilMs: number | undefined }
  | { readonly kind: 'notify'; readonly rule: NotifyRule }
  | { readonly kind: 'unmute' | 'archive' | 'unarchive' | 'pin' | 'unpin' }
  /** All that came is read: read receipts fall due. */
  | { readonly kind: 'mark-read' | 'mark-unread' }

type Shared = Pick<Core, 'store' | 'account' | 'views' | 'own' | 'ports'>

/** Pinned ones first, then the latest activity. */
export function readConversations(
  { store, views, ports }: Pick<Shared, 'store' | 'views' | 'ports'>,
  choice: ConversationChoice = 'all',
  limit: number = Number.MAX_SAFE_INTEGER,
): readonly ConversationDetailObject[] {
  const nowMs = ports.clock.nowMs()
  return store.read.conversations
    .list(choice, limit)
    .map((state) => views.conversationDetail(state, nowMs))
}

/** Throws `recipient/unknown`. */
export function readConversation(core: Shared, written: string): ConversationDetailObject {
  return detailOf(core, conversationNamed(core, written))
}

/** Committed when it returns, with how the conversation stands now. Throws `recipient/unknown`. */
export function changeConversation(
  core: Core,
  written: string,
  change: ConversationChange,
): ConversationDetailObject {
  const conversation = conversationNamed(core, written)
  core.store.transact((tx) => {
    tx.contacts.openConversation(conversation, core.ports.clock.nowMs())
    apply(tx, core, conversation.id, change)
  })
  return detailOf(core, conversation)
}

function apply(tx: Transactor, core: Core, id: ConversationId, change: ConversationChange): void {
  switch (change.kind) {
    case 'mute':
      tx.conversations.mute(id, change.untilMs ?? MUTED_FOR_EVER)
      return
    case 'unmute':
      tx.conversations.mute(id, null)
      return
    case 'notify':
      tx.conversations.notify(id, change.rule)
      return
    case 'archive':
    case 'unarchive':
      tx.conversations.archive(id, change.kind === 'archive')
      return
    case 'pin':
    case 'unpin':
      tx.conversations.pin(id, change.kind === 'pin' ? core.ports.clock.nowMs() : null)
      return
    case 'mark-read':
      markRead(tx, core, id)
      return
    case 'mark-unread':
      tx.conversations.markUnread(id, true)
  }
}

function detailOf(core: Shared, conversation: Conversation): ConversationDetailObject {
  const { store, account, ports, views } = core
  const state = store.read.conversations.state(conversation.id)
  const unbegun = { unread: 0, markedUnread: false, mutedUntilMs: null, archived: false }
  const notify = 'all' as const
  return views.conversationDetail(
    state ?? {
      ...{ conversation, ...unbegun, notify, pinned: false },
      peer: store.read.conversations.peer(conversation.account),
      ...{ activeMs: account.createdMs, last: undefined },
    },
    ports.clock.nowMs(),
  )
}
