import type { MessageDetailObject, ReactionObject } from '@sotto/client-core'

import type { Look } from '../../rows/look.js'
import { plainRow } from '../../rows/plain-row.js'
import { shownEmoji } from '../../rows/reactions.js'
import type { Row } from '../../rows/row.js'
import { senderName } from '../../text/messages.js'
import { shortAccount } from '../../text/short-account.js'
import type { Words } from '../../words/words.js'
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
    ...(message.edited && message.editedAt !== undefined
      ? [line(labels.edited, moment(Date.parse(message.editedAt)))]
      : []),
    ...(message.status === undefined ? [] : [line(labels.status, words.status[message.status])]),
    ...message.receipts.map(({ recipient, status, at }) =>
      line(labels.receipt, receipt(recipient, words.status[status], moment(Date.parse(at)))),
    ),
    ...message.reactions.map((reaction) =>
      line(labels.reaction, reactionText(reaction, detail, { look, words })),
    ),
    ...(message.silent === true ? [line('', words.silent)] : []),
    line(labels.id, message.id),
  ]
}

const LABEL_COLUMNS = 10

/** `👍  @bob.42, Sat 31 Oct 14:02`. */
function reactionText(
  { emoji, sender, at }: ReactionObject,
  { conversation }: MessageDetailObject,
  { look, words }: { readonly look: Look; readonly words: Words },
): string {
  const who = sender.self ? words.you : shortAccount(senderName(sender, conversation))
  return `${shownEmoji(emoji, look)}  ${words.screen.message.reactedAt(who, words.moment(Date.parse(at)))}`
}

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
