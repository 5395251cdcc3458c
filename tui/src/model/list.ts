import type { ContactObject, ConversationDetailObject } from '@sotto/client-core'
import type { ConversationId } from '@sotto/protocol'

import type { Action } from './action.js'
import { LOADED_MESSAGES_MAX, newChat, PAGE_MESSAGES } from './chat.js'
import { openChat, openConversation, withChatOf, type Chat, type UiState } from './state.js'
import { step, type Step } from './step.js'

/** Of what was read already, above the first unread message. */
const CONTEXT_MESSAGES = 50

/** What of the list is shown: archived ones only where something in them is unread. */
export function shownConversations(state: UiState): readonly ConversationDetailObject[] {
  return state.conversations.filter((conversation) => isShown(state, conversation))
}

function isShown(state: UiState, conversation: ConversationDetailObject): boolean {
  if (conversation.id === state.open) return true
  const isUnread = conversation.unread > 0 || conversation.markedUnread
  switch (state.filter) {
    case 'all':
      return !conversation.archived
    case 'unread':
      return isUnread
    case 'groups':
      return false // There are none yet: the list says so.
    case 'requests':
      return conversation.trust === 'request' && !isBlocked(state, conversation)
  }
}

function isBlocked(state: UiState, { id }: ConversationDetailObject): boolean {
  return contactIn(state, id)?.blocked === true
}

/** The line of the list that keys are for. */
export function highlighted(state: UiState): ConversationId | undefined {
  const shown = shownConversations(state)
  const isThere = shown.some(({ id }) => id === state.highlighted)
  return isThere ? state.highlighted : (state.open ?? shown[0]?.id)
}

/** In the list what is highlighted, elsewhere what is open. */
export function meant(state: UiState): ConversationDetailObject | undefined {
  if (state.focus !== 'list') return openConversation(state)
  return state.conversations.find(({ id }) => id === highlighted(state))
}

/** Who a conversation is with; undefined for the notes to self, and for who is no contact any more. */
export function contactIn(
  { contacts }: Pick<UiState, 'contacts'>,
  id: ConversationId | undefined,
): ContactObject | undefined {
  return contacts.find(({ conversation }) => conversation.id === id)
}

export function meantContact(state: UiState): ContactObject | undefined {
  return contactIn(state, meant(state)?.id)
}

/** The whole list as it is now. What was open and is not there any more was removed: nothing of it stays. */
export function withList(
  state: UiState,
  { conversations, contacts, queued }: Extract<Action, { readonly kind: 'list' }>,
): Step {
  const link = { ...state.link, queued }
  const { nowMs: listedMs } = state
  const listed = { ...state, conversations, contacts, link, isListed: true, listedMs }
  const isGone =
    openConversation(state) !== undefined && !conversations.some(({ id }) => id === state.open)
  return isGone ? step({ ...closeChat(listed), focus: 'list' }, { kind: 'forget' }) : step(listed)
}

/** Some of the list as they are now, each where it belongs; pinned ones first, then the latest activity. */
export function withConversations(
  state: UiState,
  { conversations, queued }: Extract<Action, { readonly kind: 'conversations' }>,
): UiState {
  const ids = new Set(conversations.map(({ id }) => id))
  const others = state.conversations.filter(({ id }) => !ids.has(id))
  const link = queued === undefined ? state.link : { ...state.link, queued }
  return { ...state, link, conversations: [...others, ...conversations].sort(byPlace) }
}

/** As the store has them. */
function byPlace(one: ConversationDetailObject, other: ConversationDetailObject): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1
  if (one.lastActivityAt !== other.lastActivityAt)
    return one.lastActivityAt > other.lastActivityAt ? -1 : 1
  return one.id < other.id ? -1 : 1
}

/** No event says that the time is over for which somebody is muted. */
export function withoutEndedMutes(state: UiState): UiState {
  const isOver = ({ muted, mutedUntil }: ConversationDetailObject): boolean =>
    muted && mutedUntil !== null && Date.parse(mutedUntil) <= state.nowMs
  if (!state.conversations.some(isOver)) return state
  const conversations = state.conversations.map((each) =>
    isOver(each) ? { ...each, muted: false, mutedUntil: null } : each,
  )
  return { ...state, conversations }
}

/** How many conversations have something unread, muted ones aside. */
export function unreadConversations({ conversations }: UiState): number {
  return conversations.filter(
    ({ unread, markedUnread, muted }) => !muted && (unread > 0 || markedUnread),
  ).length
}

/** Somebody who has a conversation open has begun. */
function withoutWelcome(state: UiState): UiState {
  if (!state.overlays.some(({ kind }) => kind === 'welcome')) return state
  return { ...state, overlays: state.overlays.filter(({ kind }) => kind !== 'welcome') }
}

/** Shows a conversation, at its first unread message or at the end; what was open lets its entries go. */
export function openConversationById(before: UiState, id: ConversationId): Step {
  const state = withoutWelcome(before)
  if (state.open === id) return step({ ...state, focus: 'composer', highlighted: id })
  const left = closeChat(state)
  const known = left.chats.get(id) ?? newChat()
  const chat: Chat = { ...known, loading: 'first', landing: { kind: 'unread' } }
  const chats = new Map(left.chats).set(id, chat)
  const opened: UiState = { ...left, chats, open: id, focus: 'composer', highlighted: id }
  return step(opened, {
    ...{ kind: 'load-page', conversation: id, which: 'newest', from: undefined },
    limit: openingLimit(state, id),
  })
}

/** All that is unread, and some of what was before it, as far as that may be loaded. */
function openingLimit({ conversations }: UiState, id: ConversationId): number {
  const unread = conversations.find((each) => each.id === id)?.unread ?? 0
  return Math.min(LOADED_MESSAGES_MAX, Math.max(PAGE_MESSAGES, unread + CONTEXT_MESSAGES))
}

/** The open conversation keeps its draft; where it stood is where it is unread, or its end. */
export function closeChat(state: UiState): UiState {
  const { open } = state
  if (open === undefined || openChat(state) === undefined) return state
  const shut = withChatOf(state, open, ({ composer, editing, replyTo }) => ({
    ...newChat(),
    ...{ composer, editing, replyTo },
  }))
  return { ...shut, open: undefined }
}
