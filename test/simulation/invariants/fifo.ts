import type { EventObject } from '@sotto/client-core'
import type { Finding, History } from '../history.js'
import type { Invariant } from './invariant.js'
import { submittedAgain } from './submitted-again.js'

/**
 * 4: first in, first out per sending session: what one device writes to another is journalled there
 * in the order in which it was written down here. Only three things come late. What found no room, where
 * somebody on the way sends it again when there is some; a gap has told how often that was. What could not be opened and
 * was asked for again: of that the journal tells how often, not which text it was. And a text that its
 * author submitted again since the relay was put back, whatever had become of it before: lost, expired,
 * not opened, or dropped unread from somebody who was blocked; each is known by its author's journal. A
 * relay that lies delivers in whatever order it likes.
 */
export const firstInFirstOut: Invariant = {
  name: 'first in, first out',
  check: (history) =>
    history.findings.flatMap((author) =>
      (history.lies.length > 0 ? [] : history.findings)
        .filter((recipient) => recipient !== author)
        .flatMap((recipient) => outOfOrder(history, { author, recipient })),
    ),
}

function outOfOrder(
  history: History,
  { author, recipient }: { readonly author: Finding; readonly recipient: Finding },
): readonly string[] {
  const texts = new Set(
    history.sendings
      .filter(({ from, to }) => from === author.name && to === recipient.name)
      .map(({ text }) => text),
  )
  const failed = takenBack(author.journal)
  const written = author.journal.flatMap((event) =>
    event.type === 'message.sent' &&
    !failed.has(event.message.id) &&
    texts.has(event.message.text ?? '')
      ? [{ id: event.message.id, text: event.message.text ?? '' }]
      : [],
  )
  const places = new Map(written.map(({ text }, place) => [text, place]))
  const came = textsReceived(recipient.journal).flatMap((text) => places.get(text) ?? [])
  const again = submittedAgain(author)
  const late = lateOf(came).filter((place) => !again.has(written[place]?.id ?? ''))
  const excused = askedAgain(recipient.journal, author) + withoutRoom(recipient.journal)
  if (late.length <= excused) return []
  return [
    `${String(late.length)} texts from ${author.name} came to ${recipient.name} behind what was written later: ${late.join(' ')} of ${came.join(' ')}`,
  ]
}

/** Messages that once had failed, which is what taking one back makes of it. */
function takenBack(journal: readonly EventObject[]): ReadonlySet<string> {
  return new Set(
    journal.flatMap((event) =>
      event.type === 'message.status' && event.message.status === 'failed'
        ? [event.message.id]
        : [],
    ),
  )
}

/** Each once, when it was told first. */
function textsReceived(journal: readonly EventObject[]): readonly string[] {
  const texts = journal.flatMap((event) =>
    event.type === 'contact.request' || event.type === 'message.received'
      ? [event.message.text ?? '']
      : [],
  )
  return [...new Set(texts)]
}

/** How many envelopes of an author could not be opened, and they were asked for them. */
function askedAgain(journal: readonly EventObject[], author: Finding): number {
  return journal.filter(
    (event) =>
      event.type === 'message.undecryptable' &&
      event.resendAsked === true &&
      event.sender?.id === author.account,
  ).length
}

/** How many envelopes a mailbox had no room for. */
function withoutRoom(journal: readonly EventObject[]): number {
  return journal.reduce(
    (sum, event) => sum + (event.type === 'gap' && event.reason === 'quota' ? event.count : 0),
    0,
  )
}

/** Numbers behind a greater one. */
function lateOf(numbers: readonly number[]): readonly number[] {
  let greatest = -1
  return numbers.filter((number) => {
    greatest = Math.max(greatest, number)
    return number < greatest
  })
}
