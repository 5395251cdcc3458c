import type { EventObject, MessageObject } from '@sotto/client-core'

import type { Words } from '../words/words.js'
import type { Effect } from './effect.js'
import { isTold } from './notify-rule.js'
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

function isUnseen(state: UiState, { conversation: { id }, message }: MessageEvent): boolean {
  if (message.silent === true || (state.isWatched && state.open === id)) return false
  const conversation = state.conversations.find((each) => each.id === id)
  const { username } = state.account
  const { nowMs } = state
  return conversation === undefined || isTold(conversation, message, { username, nowMs })
}
