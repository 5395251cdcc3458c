import type { ShownMessage } from '../rows/entry.js'
import { messageOf } from './chat.js'
import { openChat, type UiState } from './state.js'

type IsMeant = (line: ShownMessage) => boolean

/** The chosen message; where none is chosen the newest with which it can be done. Undefined: with none. */
export function meantMessage(state: UiState, isMeant: IsMeant): ShownMessage | undefined {
  const chat = openChat(state)
  if (chat === undefined) return undefined
  if (state.focus === 'timeline') {
    const chosen = messageOf(chat, chat.selected)
    return chosen !== undefined && isMeant(chosen) ? chosen : undefined
  }
  if (!chat.atEnd) return undefined // Nobody sees which one would be meant.
  const newest = chat.entries.findLast((entry) => entry.kind === 'message' && isMeant(entry.object))
  return newest?.kind === 'message' ? newest.object : undefined
}

/** Of others, or own ones that are on their way; to a request nothing is answered. */
export const canReact: IsMeant = ({ message }) =>
  message.deleted !== true && message.held !== true && message.status !== 'failed'

export const canEdit: IsMeant = ({ message, sender }) =>
  sender.self && message.deleted !== true && message.text !== null

/** What is left of a deleted one too. */
export const canDelete: IsMeant = ({ message }) => message.held !== true

/** One's own reaction to it. */
export function ownReaction({ message }: ShownMessage): string | undefined {
  return message.reactions?.find(({ sender }) => sender.self)?.emoji
}
