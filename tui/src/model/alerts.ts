import type { EventObject, MessageObject } from '@sotto/client-core'

import type { Words } from '../words/words.js'
import type { Effect } from './effect.js'
import { isTold, mutedUntilMs } from './notify-rule.js'
import { isQuiet } from './quiet-hours.js'
import type { UiState } from './state.js'

/** The bell and a notification, as the person has set them; none of them in their quiet hours. */
export function alertEffects(
  { settings, nowMs }: Pick<UiState, 'settings' | 'nowMs'>,
  { title, text }: { readonly title: string; readonly text: string },
): readonly Effect[] {
  if (isQuiet(settings.quietHours, nowMs)) return []
  const bell: readonly Effect[] = settings.bell ? [{ kind: 'bell' }] : []
  return settings.notify === 'none' ? bell : [...bell, { kind: 'notify', title, text }]
}

/** A message of somebody else, or the request of somebody new. */
export type MessageEvent = Extract<
  EventObject,
  { readonly sender: object; readonly message: MessageObject }
>

export function isMessage(event: EventObject): event is MessageEvent {
  return event.type === 'message.received' || event.type === 'contact.request'
}

/** One bell for all that is not seen anyway, and for each conversation one notification. */
export function messageAlerts(
  state: UiState,
  happened: readonly EventObject[],
  words: Words,
): readonly Effect[] {
  const unseen = happened.filter(isMessage).filter((event) => isUnseen(state, event))
  const conversations = new Set(unseen.map(({ conversation }) => conversation.id))
  const effects = [...conversations].flatMap((id) => {
    const ofIt = unseen.filter(({ conversation }) => conversation.id === id)
    const title = ofIt[0]?.conversation.name ?? ''
    const isFull = ofIt.length === 1 && state.settings.notify === 'full'
    const text = isFull ? (ofIt[0]?.message.text ?? '') : words.newMessages(ofIt.length)
    return alertEffects(state, { title, text })
  })
  const bell = effects.find(({ kind }) => kind === 'bell')
  return effects.filter((effect) => effect.kind !== 'bell' || effect === bell)
}

type Reaction = Extract<EventObject, { readonly type: 'reaction.added' | 'reaction.removed' }>

/** The last reaction of somebody else in each conversation, without a sound; only where that is wanted. */
export function reactionAlerts(
  state: UiState,
  happened: readonly EventObject[],
  words: Words,
): readonly Effect[] {
  if (!state.settings.reactions) return []
  const told = happened.filter(
    (event): event is Reaction => event.type === 'reaction.added' && isToldOf(state, event),
  )
  const last = new Map(told.map((event) => [event.conversation.id, event]))
  return [...last.values()].flatMap(({ conversation: { name: title }, emoji }) => {
    const text =
      state.settings.notify === 'full' ? words.reacted(emoji) : words.screen.somebodyReacted
    return alertEffects(state, { title, text }).filter(({ kind }) => kind === 'notify')
  })
}

function isToldOf(state: UiState, { sender, conversation: { id } }: Reaction): boolean {
  const conversation = state.conversations.find((each) => each.id === id)
  const isSeen = state.isWatched && state.open === id
  if (sender.self || isSeen || conversation === undefined) return false
  return conversation.notify === 'all' && mutedUntilMs(conversation) <= state.nowMs
}

function isUnseen(state: UiState, { conversation: { id }, message }: MessageEvent): boolean {
  if (message.silent === true || (state.isWatched && state.open === id)) return false
  const conversation = state.conversations.find((each) => each.id === id)
  const { username } = state.account
  const { nowMs } = state
  return conversation === undefined || isTold(conversation, message, { username, nowMs })
}
