import type { EventObject } from '@sotto/client-core'
import type { Finding, History } from '../history.js'
import { lostInRestores } from './exactly-once.js'
import type { Invariant } from './invariant.js'

/**
 * 4: first in, first out per sending session: what one device writes to another is journalled there
 * in the order in which it was written down here. What could not be opened comes later,
 * if it is sent again, and so may what a restore took, since its author submits it again only when they hear of the
 * restore, and what had expired by then, when a restore brings it back. So may what was dropped
 * unread from somebody who was blocked then. A relay that lies delivers in whatever order it likes.
 */
export const firstInFirstOut: Invariant = {
  name: 'first in, first out',
  check: (history) =>
    history.findings.flatMap((author) =>
      (history.lies.length > 0 ? [] : history.findings)
        .filter((recipient) => recipient !== author && !dropped(history, { author, recipient }))
        .flatMap((recipient) => outOfOrder(history, { author, recipient })),
    ),
}

/** Whether something of theirs was dropped that a restore has its author send again. */
function dropped(
  { blocks, marks }: History,
  { author, recipient }: { readonly author: Finding; readonly recipient: Finding },
): boolean {
  const wasBlocked = blocks.has(`${recipient.name} of ${author.name}`)
  return wasBlocked && marks.some(({ kind }) => kind === 'restore')
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
  for (const text of takenBack(author.journal)) texts.delete(text)
  const written = textsOf(author.journal, ['message.sent']).filter((text) => texts.has(text))
  const places = new Map(written.map((text, place) => [text, place]))
  const came = [...new Set(textsOf(recipient.journal, ['contact.request', 'message.received']))]
    .filter((text) => texts.has(text))
    .map((text) => places.get(text) ?? -1)
  const wasRestored = history.marks.some(({ kind }) => kind === 'restore')
  const unopened = recipient.journal.filter(
    (event) =>
      event.type === 'message.undecryptable' && (event.resendAsked === true || wasRestored),
  ).length
  const late = came.length - longestRising(came)
  const excused =
    unopened + lostInRestores(history, recipient.account) + broughtBack(recipient.journal)
  if (late <= excused) return []
  return [
    `${String(late)} texts from ${author.name} came to ${recipient.name} out of order: ${came.join(' ')}`,
  ]
}

/** Texts that once had failed, which is what taking one back makes of it. */
function takenBack(journal: readonly EventObject[]): readonly string[] {
  const failed = new Set(
    journal.flatMap((event) =>
      event.type === 'message.status' && event.message.status === 'failed'
        ? [event.message.id]
        : [],
    ),
  )
  return journal.flatMap((event) =>
    event.type === 'message.sent' && failed.has(event.message.id) ? [event.message.text ?? ''] : [],
  )
}

/** How many had expired at a relay that was put back to a time when they had not. */
function broughtBack(journal: readonly EventObject[]): number {
  const gaps = journal.filter((event) => event.type === 'gap')
  if (!gaps.some(({ reason }) => reason === 'relay-restored')) return 0
  return gaps.reduce((sum, { reason, count }) => sum + (reason === 'expired' ? count : 0), 0)
}

function textsOf(
  journal: readonly EventObject[],
  types: readonly EventObject['type'][],
): readonly string[] {
  return journal.flatMap((event) =>
    types.includes(event.type) && 'message' in event && 'text' in event.message
      ? [event.message.text ?? '']
      : [],
  )
}

/** The length of the longest run, with holes, of numbers that rise. */
function longestRising(numbers: readonly number[]): number {
  const ends: number[] = []
  for (const number of numbers) {
    const at = ends.findIndex((end) => end >= number)
    ends[at === -1 ? ends.length : at] = number
  }
  return ends.length
}
