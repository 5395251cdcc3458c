import type { EventObject } from '@sotto/client-core'
import type { ConversationId } from '@sotto/protocol'

import type { Action } from './action.js'
import type { Effect } from './effect.js'
import { openConversation, type UiState } from './state.js'
import { step, type Step } from './step.js'

/** The core says when it ends; one that went away without a word is not believed for longer. */
const HEARD_MS_MAX = 20_000
/** While keys come it is told again after so long. */
const TELL_AGAIN_MS = 10_000
/** A text that is sent and begins with a slash. */
const LITERAL = /^\/\//

export function isTyping({ typists }: Pick<UiState, 'typists'>, id: ConversationId): boolean {
  return typists.has(id)
}

/** Who writes where, as events tell. */
export function withTypists(state: UiState, happened: readonly EventObject[]): UiState {
  const typists = new Map(state.typists)
  for (const event of happened) {
    if (event.type === 'typing.started')
      typists.set(event.conversation.id, state.nowMs + HEARD_MS_MAX)
    if (event.type === 'typing.stopped') typists.delete(event.conversation.id)
  }
  return happened.some(isOfTyping) ? { ...state, typists } : state
}

export function withoutOldTypists(state: UiState): UiState {
  const live = [...state.typists].filter(([, untilMs]) => untilMs > state.nowMs)
  return live.length === state.typists.size ? state : { ...state, typists: new Map(live) }
}

export function isOfTyping({ type }: EventObject): boolean {
  return type === 'typing.started' || type === 'typing.stopped'
}

/**
 * Tells the others that a text is being written to them, by hand: as it begins, while keys come, and
 * when it is gone from here. What is sent says by itself that it is written.
 */
export function tellTyping(before: UiState, action: Action, done: Step): Step {
  const { state, effects } = done
  const { telling } = before // A state that is locked has forgotten it.
  const where = writtenIn(state)
  if (telling !== undefined && telling.conversation !== where) {
    const { conversation } = telling
    const isSent = effects.some(
      (effect) => effect.kind === 'send' && effect.conversation === conversation,
    )
    const stopped: readonly Effect[] = isSent ? [] : [typing(conversation, false)]
    // In front: behind a lock there is nobody to tell it.
    return step({ ...state, telling: undefined }, ...stopped, ...effects)
  }
  const isByHand = action.kind === 'input' || action.kind === 'edited'
  if (where === undefined || !isByHand || textIn(before, where) === textIn(state, where))
    return done
  if (telling !== undefined && state.nowMs - telling.saidMs < TELL_AGAIN_MS) return done
  const told = { ...state, telling: { conversation: where, saidMs: state.nowMs } }
  return step(told, ...effects, typing(where, true))
}

/** The conversation in which there is something to tell of. */
function writtenIn(state: UiState): ConversationId | undefined {
  const conversation = openConversation(state)
  if (conversation?.kind !== 'direct' || conversation.trust === 'request') return undefined
  if (state.lock !== undefined || state.account.typing === false) return undefined
  if (state.chats.get(conversation.id)?.editing !== undefined) return undefined // What is edited is there already.
  const text = textIn(state, conversation.id).trim()
  const isCommand = text.startsWith('/') && !LITERAL.test(text)
  return text === '' || isCommand ? undefined : conversation.id
}

function textIn({ chats }: UiState, id: ConversationId): string {
  return chats.get(id)?.composer.draft.text ?? ''
}

function typing(conversation: ConversationId, started: boolean): Effect {
  return { kind: 'typing', conversation, started }
}
