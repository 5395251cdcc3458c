import { openComposer, type Composer } from '../composer/composer.js'
import { placeCursor, plainFragment } from '../composer/draft.js'
import type { ShownMessage } from '../rows/entry.js'
import type { Action } from './action.js'
import { messageOf } from './chat.js'
import { messageReference } from './effect.js'
import { withChat, type Chat, type Editing, type UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { tell } from './tell.js'
import { toast } from './toasts.js'

/**
 * A message of one's own in the composer, to be written anew. The draft stands aside until the edit is
 * sent or left; what is written in an edit is never saved, so nothing of a message that is deleted
 * meanwhile can be left in a draft.
 */
export function beginEditing(state: UiState, line: ShownMessage, text = line.message.text): Step {
  if (text === null) return step(state)
  const { id: message } = line.message
  const begun = withChat({ ...state, focus: 'composer' }, (before) => {
    const { composer: draft, replyTo, ...chat } = leftEditing(before)
    const editing: Editing = { message, reference: messageReference(line), draft, replyTo }
    const composer: Composer = { ...openComposer(), draft: draftOf(text), kills: draft.kills }
    return { ...chat, composer, editing, replyTo: undefined, popup: undefined }
  })
  return step(begun)
}

function draftOf(text: string): Composer['draft'] {
  const fragment = plainFragment(text)
  return placeCursor(fragment, fragment.text.length)
}

/** The draft is in the composer again, as it was; what was written in the edit is let go. */
export function leftEditing(chat: Chat): Chat {
  const { editing } = chat
  if (editing === undefined) return chat
  const { draft: composer, replyTo } = editing
  return { ...chat, composer, replyTo, editing: undefined, popup: undefined }
}

/** Where the draft of a conversation is, whatever is being edited. */
export function draftComposer({ composer, editing }: Chat): Composer {
  return editing?.draft ?? composer
}

/** The draft of a conversation changes, whatever is being edited. */
export function withDraftComposer(chat: Chat, change: (composer: Composer) => Composer): Chat {
  const { composer, editing } = chat
  if (editing === undefined) return { ...chat, composer: change(composer) }
  return { ...chat, editing: { ...editing, draft: change(editing.draft) } }
}

/** What is being edited goes on its way, and the draft is back; the window stays where it is. */
export function sendEdit(state: UiState, chat: Chat, text: string): Step {
  const { editing } = chat
  if (editing === undefined || state.open === undefined) return step(state)
  const left = withChat(state, leftEditing)
  // As it was: there is nothing to send.
  if (messageOf(chat, editing.message)?.message.text === text) return step(left)
  const { message, reference } = editing
  return step(left, { kind: 'edit', conversation: state.open, message, reference, text })
}

type NotEdited = Extract<Action, { readonly kind: 'not-edited' }>

/** An edit that was not taken is in the composer again, where its message can still be edited. */
export function notEdited(state: UiState, action: NotEdited, surface: Surface): Step {
  const told = toast(state, tell(action.error, surface), 'bad')
  const chat = told.chats.get(action.conversation)
  const line = chat && messageOf(chat, action.message)
  if (chat === undefined || chat.editing !== undefined || state.open !== action.conversation)
    return step(told)
  return line === undefined || line.message.deleted === true
    ? step(told)
    : beginEditing(told, line, action.text)
}
