import type { ConversationId } from '@sotto/protocol'

import { selectAll, type as typed } from '../composer/composer.js'
import type { Action } from './action.js'
import { draftComposer, withDraftComposer } from './edit-mode.js'
import { saveDraft } from './editing.js'
import { withChatOf, type Chat, type UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { tell } from './tell.js'
import { toast } from './toasts.js'

type NotSent = Extract<Action, { readonly kind: 'not-sent' }>

/** A text that was not taken stands where it was written again, and why is told. */
export function notSent(state: UiState, action: NotSent, surface: Surface): Step {
  const restored = withChatOf(state, action.conversation, (chat) => withUnsent(chat, action))
  return draftKept(toast(restored, tell(action.error, surface), 'bad'), action.conversation)
}

/** In front of what has been written meanwhile, and an answer again to what it answered. */
function withUnsent(chat: Chat, { text: unsent, replyTo }: NotSent): Chat {
  const { text: meanwhile } = draftComposer(chat).draft
  const whole = meanwhile === '' ? unsent : `${unsent}\n${meanwhile}`
  const written = withDraftComposer(chat, (composer) => typed(selectAll(composer), whole))
  const { editing } = written
  return editing === undefined
    ? { ...written, replyTo: chat.replyTo ?? replyTo }
    : { ...written, editing: { ...editing, replyTo: editing.replyTo ?? replyTo } }
}

/** The draft of a conversation as it is now is what is kept. */
export function draftKept(state: UiState, conversation: ConversationId): Step {
  const chat = state.chats.get(conversation)
  return chat === undefined
    ? step(state)
    : step(state, saveDraft(conversation, draftComposer(chat)))
}
