import type { EventObject } from '@sotto/client-core'

import type { Effect } from './effect.js'
import type { UiState } from './state.js'
import type { Surface } from './surface.js'

/** One bell for all that is not seen anyway, and for each conversation one notification. */
export function alerts(
  state: UiState,
  happened: readonly EventObject[],
  { words }: Surface,
): readonly Effect[] {
  const { bell, notify } = state.settings
  const unseen = happened.filter(isMessage).filter((event) => isUnseen(state, event))
  if (unseen.length === 0) return []
  const effects: Effect[] = bell ? [{ kind: 'bell' }] : []
  if (notify === 'none') return effects
  for (const id of new Set(unseen.map(({ conversation }) => conversation.id))) {
    const ofIt = unseen.filter(({ conversation }) => conversation.id === id)
    const [first] = ofIt
    if (first === undefined) continue
    const isOne = ofIt.length === 1 && notify === 'full'
    const text = isOne ? (first.message.text ?? '') : words.newMessages(ofIt.length)
    effects.push({ kind: 'notify', title: first.conversation.name, text })
  }
  return effects
}

/** A message of somebody else, or the request of somebody new. */
type MessageEvent = Extract<EventObject, { readonly sender: object; readonly message: object }>

function isMessage(event: EventObject): event is MessageEvent {
  return event.type === 'message.received' || event.type === 'contact.request'
}

function isUnseen(state: UiState, { conversation: { id }, message }: MessageEvent): boolean {
  if (message.silent === true || (state.isWatched && state.open === id)) return false
  return state.conversations.find((each) => each.id === id)?.muted !== true
}
