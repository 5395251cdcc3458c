import type { EventObject } from '@sotto/client-core'

import { safeLine } from '../text/safe-text.js'
import type { Words } from '../words/words.js'
import type { UiState } from './state.js'
import { toast } from './toasts.js'

/**
 * What was lost is told at once, where it is not seen anyway: its lines stand in the conversations
 * that it may be of. However much comes together, one line tells of each kind.
 */
export function withLossesTold(
  state: UiState,
  happened: readonly EventObject[],
  words: Words,
): UiState {
  const lost = happened
    .filter(isLoss)
    .filter(({ conversation }) => isElsewhere(state, conversation))
  const kinds = [
    lost.findLast(({ type }) => type === 'gap'),
    lost.findLast(({ type }) => type === 'message.undecryptable'),
  ]
  return kinds.reduce<UiState>(
    (told, event) => (event === undefined ? told : toast(told, textOf(event, words), 'bad')),
    state,
  )
}

function isLoss(event: EventObject): event is Loss {
  return event.type === 'gap' || event.type === 'message.undecryptable'
}

function isElsewhere({ open }: UiState, conversation: Loss['conversation']): boolean {
  return conversation == null || conversation.id !== open
}

type Loss = Extract<EventObject, { readonly type: 'gap' | 'message.undecryptable' }>

function textOf(event: Loss, words: Words): string {
  const { conversation } = event
  const who = conversation == null ? undefined : safeLine(conversation.name)
  if (event.type === 'message.undecryptable')
    return words.undecryptable(who, event.resendAsked === true)
  const lost = `${words.missing(event.count)}: ${words.gapReason[event.reason]}`
  return who === undefined ? lost : `${who}: ${lost}`
}
