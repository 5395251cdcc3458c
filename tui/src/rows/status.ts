import type { MessageStatus } from '@sotto/client-core'

import type { ShownMessage } from './entry.js'
import type { Look } from './look.js'
import type { Role, Span } from './row.js'

const ROLES: Readonly<Record<MessageStatus, Role>> = {
  queued: 'warn',
  accepted: 'good',
  delivered: 'good',
  read: 'good',
  failed: 'bad',
}

/** `edited 14:01  read ✓✓`, `failed ✗ [R]etry`: always in words. Empty where there is nothing to say. */
export function statusSpans({ message }: ShownMessage, look: Look): readonly Span[] {
  const { words, signs } = look
  const spans: Span[] = []
  if (message.edited === true && message.deleted !== true)
    spans.push({ text: editedText(message, look), role: 'dim' })
  if (message.silent === true) spans.push({ text: words.silent, role: 'dim' })
  const { status } = message
  if (status !== undefined) {
    spans.push({ text: `${words.status[status]} ${signs.status[status]}`, role: ROLES[status] })
    if (status === 'failed') spans.push({ text: words.retry, role: 'accent' })
  }
  return spans.flatMap((span, index) =>
    index === 0 ? [span] : [{ text: '  ', role: 'text' }, span],
  )
}

/** With the time of day where it is of the day on which it was written, else with the day too. */
function editedText({ sentAt, editedAt }: ShownMessage['message'], { words }: Look): string {
  const editedMs = editedAt === undefined ? Number.NaN : Date.parse(editedAt)
  if (Number.isNaN(editedMs)) return words.edited
  const isSameDay = words.dayKey(Date.parse(sentAt)) === words.dayKey(editedMs)
  return `${words.edited} ${isSameDay ? words.time(editedMs) : words.moment(editedMs)}`
}
