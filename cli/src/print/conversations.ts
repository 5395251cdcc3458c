import type { ConversationDetailObject } from '@sotto/client-core'
import { keepStart, renderStatus, safeLine, shortTime, type Look } from '@sotto/tui'

const TEXT_WIDTH_MAX = 40
const TOLD = { mentions: 'tells what names you', none: 'tells nothing' } as const

/** `@bob.42  14:02  2 unread, pinned  the deploy failed` */
export function renderConversation(conversation: ConversationDetailObject, look: Look): string {
  const { paint, nowMs } = look
  const states = statesOf(conversation, look)
  return [
    paint.bold(safeLine(conversation.name)),
    paint.dim(shortTime(conversation.lastActivityAt, nowMs)),
    ...(states.length === 0 ? [] : [states.join(', ')]),
    ...lastOf(conversation, look),
  ].join('  ')
}

function statesOf(
  conversation: ConversationDetailObject,
  { paint, nowMs }: Look,
): readonly string[] {
  const { unread, markedUnread, muted, mutedUntil, notify, pinned, archived, trust } = conversation
  return [
    ...(unread > 0 ? [paint.warn(`${String(unread)} unread`)] : []),
    ...(markedUnread ? [paint.warn('marked unread')] : []),
    ...(pinned ? ['pinned'] : []),
    ...(muted
      ? [mutedUntil === null ? 'muted' : `muted until ${shortTime(mutedUntil, nowMs)}`]
      : []),
    ...(notify === 'all' ? [] : [TOLD[notify]]),
    ...(archived ? ['archived'] : []),
    ...(trust === 'request' ? [paint.warn('request')] : []),
  ]
}

function lastOf({ lastMessage }: ConversationDetailObject, { paint }: Look): readonly string[] {
  if (lastMessage === null) return []
  const { status, text } = lastMessage
  const line = safeLine((text ?? '[needs a newer sotto]').replace(/[ \t\r\n]+/g, ' ').trim())
  const failed = status === 'failed' ? [renderStatus(status, paint)] : []
  const own = status === undefined ? '' : 'you: '
  return [paint.dim(`${own}${keepStart(line, TEXT_WIDTH_MAX, '…')}`), ...failed]
}
