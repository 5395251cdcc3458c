import type { EventObject } from '@sotto/client-core'
import type { ConversationId, MessageId } from '@sotto/protocol'

import { isEvent } from './chat.js'
import { ask, type Effect } from './effect.js'
import { contactIn } from './list.js'
import { refresh } from './paging.js'
import { isOfTyping } from './typing.js'
import { openChat, withChat, type Chat, type UiState } from './state.js'
import { step, then, type Step } from './step.js'

/** Of more than these all is read: a page costs less. */
const MESSAGES_MAX = 100
const CONVERSATIONS_MAX = 20
/** What changes without an event is seen with the first event that comes so long after the last list. */
const LIST_MS_MAX = 10_000

/**
 * Asks for what events say has changed, and for nothing else: messages and conversations by name
 * where they name them, all that is loaded where they do not.
 */
export function askChanged(state: UiState, happened: readonly EventObject[]): Step {
  const changing = happened.filter(isChange)
  const own = [...askOwn(happened), ...askDetails(state, happened)]
  if (changing.length === 0) return step(state, ...own)
  const asked = then(askMessages(state, changing), (before) => askList(before, changing))
  return step(asked.state, ...own, ...asked.effects)
}

/** What another process set for the account, or this screen, which then is told what it knows. */
function askOwn(happened: readonly EventObject[]): readonly Effect[] {
  const parts = new Set(
    happened.flatMap((event) => (event.type === 'account.changed' ? [event.changed] : [])),
  )
  return [
    ...(parts.has('profile') ? [ask('account.current', {})] : []),
    ...(parts.has('settings') ? [ask('setting.list', {})] : []),
  ]
}

/** What is shown of one message may be otherwise now. */
function askDetails({ overlays }: UiState, happened: readonly EventObject[]): readonly Effect[] {
  const ids = new Set<string>(
    happened.flatMap((event) => (namesMessage(event) ? [event.message.id] : [])),
  )
  return overlays.flatMap((overlay) =>
    overlay.kind === 'message-details' && ids.has(overlay.message.split('@')[0] ?? '')
      ? [ask('message.show', { message: overlay.message })]
      : [],
  )
}

/** How the relay is reached changes nothing that is stored; what came about while it was not may. */
function isChange(event: EventObject): boolean {
  if (event.type === 'connection.state') return event.state === 'online'
  return event.type !== 'backlog.done' && event.type !== 'account.changed' && !isOfTyping(event)
}

/** Of the open conversation. */
function askMessages(state: UiState, happened: readonly EventObject[]): Step {
  const chat = openChat(state)
  const { open } = state
  if (open === undefined || chat === undefined) return step(state)
  const named = new Set<MessageId>()
  // What a request has written stands outside of the order that messages are asked for by.
  const isRequest = contactIn(state, open)?.trust === 'request'
  for (const event of happened) {
    if (event.type === 'conversation.changed' || !isAbout(event, open)) continue // It is of the list.
    if (!namesMessage(event) || isRequest || mayFill(event, chat)) return refresh(state)
    named.add(event.message.id)
  }
  if (named.size === 0) return step(state)
  const messages = [...new Set([...named, ...answersTo(named, chat, happened)])]
  if (messages.length > MESSAGES_MAX) return refresh(state)
  if (chat.loading !== undefined)
    return step(withChat(state, (before) => ({ ...before, isOld: true })))
  return step(state, { kind: 'load-lines', conversation: open, messages })
}

const OF_MESSAGE = [
  ...(['message.received', 'message.sent', 'message.status'] as const),
  ...(['message.edited', 'message.deleted', 'reaction.added', 'reaction.removed'] as const),
]
type MessageEvent = EventObject & { readonly type: (typeof OF_MESSAGE)[number] }

function namesMessage(event: EventObject): event is MessageEvent {
  return OF_MESSAGE.some((type) => type === event.type)
}

/** What a line of the list does not say. */
function isReaction({ type }: EventObject): boolean {
  return type === 'reaction.added' || type === 'reaction.removed'
}

/** What could not be opened, and was asked for again, may have come with it: its line says so then. */
function mayFill({ type }: MessageEvent, { entries }: Chat): boolean {
  return (
    type === 'message.received' &&
    entries.filter(isEvent).some(({ object }) => {
      if (object.type !== 'message.undecryptable') return false
      return object.resendAsked && object.resent < object.count
    })
  )
}

/** What says nothing of a conversation may be about this one. */
function isAbout(event: EventObject, open: ConversationId): boolean {
  if (event.type === 'contact.changed') return event.contact.conversation.id === open
  if (!('conversation' in event) || event.conversation == null) return true
  return event.conversation.id === open
}

/** Those that quote what was not there when they came, or says something else now. */
function answersTo(
  named: ReadonlySet<MessageId>,
  { entries }: Chat,
  happened: readonly EventObject[],
): readonly MessageId[] {
  const rewritten = new Set(
    happened.flatMap((event) =>
      event.type === 'message.edited' || event.type === 'message.deleted' ? [event.message.id] : [],
    ),
  )
  return entries.flatMap((entry) => {
    const reply = entry.kind === 'message' ? entry.object.message.replyTo : null
    if (entry.kind !== 'message' || reply === null) return []
    const isOf = reply.quote === undefined && named.has(reply.id)
    return isOf || rewritten.has(reply.id) ? [entry.id] : []
  })
}

function askList(state: UiState, changing: readonly EventObject[]): Step {
  const happened = changing.filter((event) => !isReaction(event))
  if (happened.length === 0) return step(state)
  const all = step(state, { kind: 'load-list' })
  if (state.nowMs - state.listedMs >= LIST_MS_MAX || !happened.every(namesConversation)) return all
  const named = new Set(happened.map(({ conversation }) => conversation.id))
  const listed = new Set(state.conversations.map(({ id }) => id))
  if (named.size > CONVERSATIONS_MAX || [...named].some((id) => !listed.has(id))) return all
  return step(state, {
    ...{ kind: 'load-conversations', conversations: [...named] },
    outbox: happened.some(({ type }) => type === 'message.sent' || type === 'message.status'),
  })
}

/** What changes one line of the list, and nothing else of it. */
function namesConversation(
  event: EventObject,
): event is MessageEvent | (EventObject & { readonly type: 'conversation.changed' }) {
  return event.type === 'conversation.changed' || namesMessage(event)
}
