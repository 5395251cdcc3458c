import type { EventObject } from '@sotto/client-core'
import type { MessageId } from '@sotto/protocol'

import { EMPTY_SENT_LOG } from '../composer/sent-log.js'
import { leftEditing, withDraftComposer } from './edit-mode.js'
import type { Hits, Overlay } from './overlay.js'
import { withChatOf, type Chat, type UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { toast } from './toasts.js'

type Deleted = Extract<EventObject, { readonly type: 'message.deleted' }>

/**
 * Nothing of a message that was deleted stays in what the person is doing: no edit of it, no answer to
 * it, nothing that was found in it, no question about it. The rows that were made of it are forgotten,
 * and those of a text that was edited.
 */
export function withDeletions(
  state: UiState,
  happened: readonly EventObject[],
  surface: Surface,
): Step {
  const isLost = happened.some(
    ({ type }) => type === 'message.deleted' || type === 'message.edited',
  )
  const without = happened
    .filter((event): event is Deleted => event.type === 'message.deleted')
    .reduce((before, event) => withoutDeleted(before, event, surface), state)
  return isLost ? step(without, { kind: 'forget' }, ...searchedAgain(without)) : step(state)
}

function withoutDeleted(state: UiState, event: Deleted, surface: Surface): UiState {
  const { id } = event.message
  const overlays = state.overlays
    .filter((overlay) => !isAbout(overlay, id))
    .map((overlay) => withoutHit(overlay, id))
  const left = { ...toldOf(state, event, surface), overlays }
  return withChatOf(left, event.conversation.id, (chat) => withoutMessage(chat, event))
}

function isAbout(overlay: Overlay, id: MessageId): boolean {
  if (overlay.kind === 'message-details') return overlay.message.startsWith(id)
  return 'message' in overlay && overlay.message === id
}

function withoutHit(overlay: Overlay, id: MessageId): Overlay {
  if (!('hits' in overlay) || overlay.hits.state !== 'found') return overlay
  const hits: Hits = {
    ...overlay.hits,
    all: overlay.hits.all.filter(({ message }) => message.id !== id),
  }
  return { ...overlay, hits }
}

/** What is seen to end by itself says why. */
function toldOf(
  state: UiState,
  { conversation: { id }, message }: Deleted,
  { words }: Surface,
): UiState {
  const chat = id === state.open ? state.chats.get(id) : undefined
  if (chat === undefined) return state
  const said = words.screen.message
  if (chat.editing?.message === message.id) return toast(state, said.editedIsGone, 'bad')
  return answersOf(chat).includes(message.id) ? toast(state, said.answeredIsGone, 'bad') : state
}

const answersOf = ({ replyTo, editing }: Chat) => [replyTo, editing?.replyTo]

function withoutMessage(before: Chat, { message: { id }, sender }: Deleted): Chat {
  const left = before.editing?.message === id ? leftEditing(before) : before
  // What was sent can be recalled by its text alone: nobody knows any more which of them it was.
  const chat = sender.self
    ? withDraftComposer(left, (composer) => ({ ...composer, sent: EMPTY_SENT_LOG }))
    : left
  const { search, editing, replyTo } = chat
  return {
    ...chat,
    ...(replyTo === id ? { replyTo: undefined } : {}),
    ...(editing?.replyTo === id ? { editing: { ...editing, replyTo: undefined } } : {}),
    ...(search?.hits === undefined
      ? {}
      : { search: { ...search, hits: search.hits.filter((hit) => hit.id !== id) } }),
  }
}

/** What was found may say something else now. */
function searchedAgain({ overlays }: UiState) {
  return overlays.flatMap((overlay) =>
    'hits' in overlay && overlay.hits.state === 'found'
      ? [{ kind: 'search', query: overlay.hits.query } as const]
      : [],
  )
}
