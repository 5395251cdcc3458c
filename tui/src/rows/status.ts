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

/** `edited  read ✓✓`, `failed ✗ [R]etry`: always in words. Empty where there is nothing to say. */
export function statusSpans({ message }: ShownMessage, look: Look): readonly Span[] {
  const { words, signs } = look
  const spans: Span[] = []
  if (message.edited === true && message.deleted !== true)
    spans.push({ text: words.edited, role: 'dim' })
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
