import { messageOf } from './chat.js'
import { ask } from './effect.js'
import { openChat, type UiState } from './state.js'
import { step, then, type Step } from './step.js'

/** Why the message that is chosen is not sent is asked for when it is chosen, and when that changes. */
export function askUnsent(before: UiState, done: Step): Step {
  const chosen = unsentIn(done.state)
  if (chosen === undefined) return done
  const known = unsentIn(before)
  if (known?.id === chosen.id && known.status === chosen.status) return done
  return then(done, (state) => step(state, ask('outbox.show', { message: chosen.id })))
}

function unsentIn(state: UiState) {
  const chat = state.focus === 'timeline' ? openChat(state) : undefined
  const message = chat && messageOf(chat, chat.selected)?.message
  return message?.status === 'failed' || message?.status === 'queued' ? message : undefined
}
