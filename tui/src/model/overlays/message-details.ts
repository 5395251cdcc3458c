import type { MessageDetailObject } from '@sotto/client-core'

import type { Look } from '../../rows/look.js'
import { plainRow } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'
import { senderName } from '../../text/messages.js'
import { withChanged, withoutOverlay } from '../editing.js'
import type { MessageDetailsOverlay } from '../overlay.js'
import { step } from '../step.js'
import type { Surface } from '../surface.js'
import type { OverlayPart } from './part.js'

/** All that is known of a message, one line for each thing. */
function rowsOf(detail: MessageDetailObject, look: Look, { words }: Surface): readonly Row[] {
  const { message, sender, conversation } = detail
  const { labels, receipt, device } = words.screen.message
  const { moment } = words
  const who = sender.self ? words.you : senderName(sender, conversation)
  const line = (label: string, text: string) =>
    plainRow(
      [
        { text: ` ${label.padEnd(LABEL_COLUMNS)}`, role: 'dim' },
        { text, role: 'text' },
      ],
      look,
    )
  return [
    line(labels.from, `${who}  ${device(sender.device)}`),
    line(labels.sent, moment(Date.parse(message.sentAt))),
    ...(message.status === undefined ? [] : [line(labels.status, words.status[message.status])]),
    ...message.receipts.map(({ recipient, status, at }) =>
      line(labels.receipt, receipt(recipient, words.status[status], moment(Date.parse(at)))),
    ),
    ...(message.silent === true ? [line('', words.silent)] : []),
    line(labels.id, message.id),
  ]
}

const LABEL_COLUMNS = 10

export const messageDetailsPart: OverlayPart<MessageDetailsOverlay> = {
  isText: true,
  move: (state) => step(state),
  choose: (state, overlay) => step(withoutOverlay(state, overlay)),
  answer: (state, overlay, answer) =>
    answer.method === 'message.show' && answer.params.message === overlay.message
      ? step(withChanged(state, overlay, { ...overlay, detail: answer.result }))
      : undefined,
  view: (_state, { detail }, { look, surface }) => {
    const { screen } = surface.words
    const rows =
      detail === undefined
        ? [plainRow([{ text: ` ${screen.loading}`, role: 'dim' }], look)]
        : rowsOf(detail, look, surface)
    return { title: screen.message.detailsTitle, rows }
  },
}
