import type { EventObject } from '@sotto/client-core'

import type { Words } from '../words/words.js'
import type { Effect } from './effect.js'
import { isQuiet } from './quiet-hours.js'
import type { UiState } from './state.js'

/** The bell and a notification, as the person has set them; none of them in their quiet hours. */
export function alertEffects(
  { settings, nowMs }: Pick<UiState, 'settings' | 'nowMs'>,
  { title, text }: { readonly title: string; readonly text: string },
  { timeZone }: Pick<Words, 'timeZone'>,
): readonly Effect[] {
  if (isQuiet(settings.quietHours, { atMs: nowMs, timeZone })) return []
  const bell: readonly Effect[] = settings.bell ? [{ kind: 'bell' }] : []
  return settings.notify === 'none' ? bell : [...bell, { kind: 'notify', title, text }]
}

/** A message of somebody else, or the request of somebody new. */
export type MessageEvent = Extract<
  EventObject,
  { readonly sender: object; readonly message: object }
>

export function isMessage(event: EventObject): event is MessageEvent {
  return event.type === 'message.received' || event.type === 'contact.request'
}

/** For what is not seen anyway. */
export function messageAlerts(
  state: UiState,
  { conversation, message }: MessageEvent,
  words: Words,
): readonly Effect[] {
  const known = state.conversations.find(({ id }) => id === conversation.id)
  if (known?.muted === true || (state.isWatched && state.open === conversation.id)) return []
  const isFull = state.settings.notify === 'full'
  const text = isFull ? (message.text ?? '') : words.newMessages(1)
  return alertEffects(state, { title: conversation.name, text }, words)
}
