import type { CancelledObject, MessageDetailObject, ReceiptObject } from '@sotto/client-core'
import { renderMessage, renderStatus, safeLine, senderName, shortTime, type Look } from '@sotto/tui'

import { renderOutbox } from './lines.js'

/** The message as history shows it; below it what is known of it. */
export function renderDetail(detail: MessageDetailObject, look: Look): string {
  const { message, conversation } = detail
  const row = (name: string, value: string) => `  ${name.padEnd(14)}${value}`
  return [
    renderMessage(detail, look),
    row('id', message.id),
    row('conversation', safeLine(conversation.name)),
    row('sent', message.sentAt),
    ...(message.status === undefined
      ? []
      : [row('status', renderStatus(message.status, look.paint))]),
    ...(message.silent === true ? [row('silent', 'yes')] : []),
    ...(message.editedAt === undefined ? [] : [row('edited', message.editedAt)]),
    ...message.reactions.map(({ emoji, sender }) =>
      row('reaction', `${safeLine(emoji)}  ${senderName(sender, conversation)}`),
    ),
    ...message.receipts.map((receipt) => `  ${renderReceipt(receipt, look)}`),
  ].join('\n')
}

/** `✓✓ read  14:05  @bob.42` */
export function renderReceipt({ recipient, status, at }: ReceiptObject, look: Look): string {
  const time = shortTime(at, look.nowMs)
  return `${renderStatus(status, look.paint)}  ${time}  ${safeLine(recipient)}`
}

/** As the outbox shows it; whether it may have arrived all the same. */
export function renderCancelled(cancelled: CancelledObject, look: Look): string {
  const line = renderOutbox(cancelled, look)
  if (!cancelled.mayHaveArrived) return line
  return `${line}\n  ${look.paint.warn('it may have arrived: it had been sealed and tried')}`
}
