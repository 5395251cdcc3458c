import type { SearchObject } from '@sotto/client-core'

import { senderName, type Look } from './messages.js'
import { safeLine } from './safe-text.js'
import { shortTime } from './time.js'
import { displayWidth, keepEnd, keepStart } from './width.js'

/** However narrow the terminal, so much of the text is shown. */
const TEXT_WIDTH_MIN = 20
const MORE = '…'

/**
 * `14:02 @bob.42 you: …the deploy failed because…`: one line of at most `columns`, the match in it and
 * marked. The conversation is left out where it is named for the author.
 */
export function renderFound(found: SearchObject, look: Look, columns: number): string {
  const { paint, nowMs } = look
  const conversation = safeLine(found.conversation.name)
  const author = senderName(found.sender, found.conversation)
  const time = shortTime(found.message.sentAt, nowMs)
  const named = author === conversation ? [] : [conversation]
  const width = displayWidth([time, ...named, author].join(' ')) + 2
  const text = excerptOf(found, Math.max(TEXT_WIDTH_MIN, columns - width))
  const marked = `${text.before}${text.match === '' ? '' : paint.match(text.match)}${text.after}`
  return [paint.dim(time), ...named, `${paint.bold(author)}:`, marked].join(' ')
}

export interface Excerpt {
  readonly before: string
  readonly match: string
  readonly after: string
}

/** As much of the text around the match as fits, a third of it before; each part safe to print. */
export function excerptOf({ message, match }: SearchObject, room: number): Excerpt {
  const text = message.text ?? ''
  const { start, end } = match ?? { start: 0, end: 0 }
  const found = keepStart(flat(text.slice(start, end)), room, MORE)
  const left = room - displayWidth(found)
  const before = flat(text.slice(0, start)).trimStart()
  const after = flat(text.slice(end)).trimEnd()
  const afterWidth = Math.min(displayWidth(after), left)
  const forBefore = Math.max(Math.floor(left / 3), left - afterWidth)
  const shownBefore = keepEnd(before, forBefore, MORE)
  const shownAfter = keepStart(after, left - displayWidth(shownBefore), MORE)
  return { before: shownBefore, match: found, after: shownAfter }
}

/** On one line: what separates words becomes a space, the rest of what is unsafe is escaped. */
function flat(text: string): string {
  return safeLine(text.replace(/[ \t\r\n]+/g, ' '))
}
