import type { EventObject, HistoryObject, ReactionObject } from '@sotto/client-core'

import type { UiState } from '../../src/model/state.js'
import type { Step } from '../../src/model/step.js'
import { EVENT, feed, line, NOW_MS } from './scene.js'

export const THEM = line(1).sender
export const ME = line(1, { own: true }).sender

export const reference = ({ message, sender }: HistoryObject) => `${message.id}@acct:${sender.id}`
export const mine = (number: number, text: string) => line(number, { own: true, text })
export const reacted = (number: number, ...reactions: readonly ReactionObject[]) =>
  line(number, { message: { reactions } })
export const tombstone = (number: number, own = false) => {
  const { message, ...gone } = line(number, { own })
  return { ...gone, message: { ...message, text: null, deleted: true } }
}

export const told = (state: UiState, ...events: readonly EventObject[]): Step =>
  feed(state, { kind: 'events', events, nowMs: NOW_MS })
export const deleted = (of: HistoryObject): EventObject => ({
  ...{ ...EVENT, type: 'message.deleted', conversation: of.conversation, sender: of.sender },
  message: { id: of.message.id },
})
export const edited = (of: HistoryObject): EventObject => ({
  ...EVENT,
  type: 'message.edited',
  ...of,
})
export const reaction = (of: HistoryObject, emoji: string): EventObject => ({
  ...{ ...EVENT, type: 'reaction.added', conversation: of.conversation, sender: THEM },
  ...{ message: { id: of.message.id }, emoji },
})
