import { call, reference } from './effect.js'
import {
  isSplit,
  isTooSmall,
  openChat,
  openConversation,
  type Chat,
  type UiState,
} from './state.js'
import { step, type Step } from './step.js'

/** What is shown at its end, in a terminal that is looked at, is read. */
export function seen(state: UiState): Step {
  const conversation = openConversation(state)
  if (conversation === undefined || !isEndSeen(state)) return step(state)
  if (conversation.unread === 0 && !conversation.markedUnread) return step(state)
  const read = { ...conversation, unread: 0, markedUnread: false }
  const conversations = state.conversations.map((each) => (each.id === read.id ? read : each))
  return step(
    { ...state, conversations },
    call('conversation.markRead', { conversation: reference(conversation.id) }),
  )
}

function isEndSeen(state: UiState): boolean {
  const chat = openChat(state)
  const { isWatched, overlays, focus } = state
  const isShown =
    isWatched && overlays.length === 0 && (isSplit(state) || focus !== 'list') && !isTooSmall(state)
  const isLoaded = chat?.loading === undefined && chat?.isOld === false && chat.atEnd
  return isShown && isLoaded && chat.place.kind === 'bottom' && isNewestLoaded(state, chat)
}

/** What the list knows of already is read when it is shown. */
function isNewestLoaded(state: UiState, { entries }: Chat): boolean {
  const newest = openConversation(state)?.lastMessage?.id
  return newest === undefined || entries.findLast(({ id }) => id === newest) !== undefined
}
