import { hex } from '@sotto/protocol'
import type { EventObject, MessageStatus } from '@sotto/client-core'
import type { Finding, Heard, History } from '../history.js'
import { statusAt } from './exactly-once.js'
import type { Invariant } from './invariant.js'
import { doneOf, mailboxOf } from './lineages.js'
import { isMisled } from './recovery.js'

/** What a status says is so: it never goes back, and nobody claims what the other end does not have. */
export const statusHonest: Invariant = {
  name: 'a status is true',
  check: (history) => [
    ...history.findings.flatMap(goesBack),
    ...history.findings.flatMap((finding) => deliveredToNobody(history, finding)),
    ...history.findings.flatMap((finding) => acceptedByNobody(history, finding)),
    ...answeredTooSoon(history),
    ...unseenFailures(history),
  ],
}

const PROGRESS: Readonly<Record<MessageStatus, number>> = {
  queued: 0,
  failed: 1,
  accepted: 2,
  delivered: 3,
  read: 4,
}

/** What failed may be queued again by whoever wrote it; nothing else goes back. */
function goesBack({ name, journal }: Finding): readonly string[] {
  const statuses = new Map<string, MessageStatus>()
  return journal.flatMap((event) => {
    if (event.type !== 'message.status') return []
    const { id, status } = event.message
    const before = statuses.get(id) ?? 'queued'
    statuses.set(id, status)
    const again = before === 'failed' && status === 'queued'
    return again || PROGRESS[status] > PROGRESS[before]
      ? []
      : [`${name} shows a message as ${status} that was ${before} before`]
  })
}

/** Nothing held and nothing from somebody blocked is answered with a receipt. */
function deliveredToNobody({ sendings, findings }: History, author: Finding): readonly string[] {
  return sendings.flatMap((sending) => {
    if (sending.from !== author.name) return []
    const status = statusAt(author, sending)
    if (status !== 'delivered' && status !== 'read') return []
    const recipient = findings.find(({ name }) => name === sending.to)
    const shown = recipient?.conversations.get(sending.from) ?? []
    return shown.some(({ message }) => message.text === sending.text)
      ? []
      : [`${author.name} shows “${sending.text}” as ${status}, and ${sending.to} does not have it`]
  })
}

/** A receipt that came before its message was told as received, which is when a request is accepted. */
function answeredTooSoon({ heard }: History): readonly string[] {
  const received = heard.flatMap(({ name, atMs, event }) =>
    event.type === 'message.received' && event.message.held !== true
      ? [{ name, atMs, id: event.message.id }]
      : [],
  )
  return heard.flatMap(({ name, atMs, event }) => {
    if (event.type !== 'message.status' || event.message.status !== 'delivered') return []
    const { id } = event.message
    const told = received.filter((each) => each.id === id && each.name !== name)
    return told.length === 0 || told.some((each) => each.atMs <= atMs)
      ? []
      : [`${name} was told that ${id} is delivered before its recipient was shown it`]
  })
}

/** At every moment no more texts to somebody are accepted than envelopes for them were stored. */
function acceptedByNobody(history: History, recipient: Finding): readonly string[] {
  if (history.lies.length > 0) return [] // It says what it likes of what it has taken.
  const stored = storedTimes(history, mailboxOf(history, recipient.account))
  const accepted = history.heard.filter((heard) => isAccepted(heard, recipient))
  return accepted.flatMap(({ name, atMs, event }, index) => {
    const there = stored.filter((storedMs) => storedMs <= atMs).length
    return there > index
      ? []
      : [
          `at ${String(atMs)} ms ${name} said of the ${String(index + 1)}. text to ${recipient.name} that it is accepted, and the relay had taken ${String(there)}: ${JSON.stringify(event)}`,
        ]
  })
}

function isAccepted({ event }: Heard, recipient: Finding): boolean {
  if (event.type !== 'message.status' || event.message.status !== 'accepted') return false
  return event.conversation.name === `@${recipient.name}.42`
}

/** When each envelope for a mailbox was taken first, a stranger’s that found no room included. */
function storedTimes({ records }: History, mailbox: string): readonly number[] {
  const times = new Map<string, number>()
  for (const record of records) {
    const done = doneOf(record, 'submit')
    if (done?.output.kind !== 'stored') continue
    for (const envelope of done.input.envelopes) {
      const key = hex(envelope.key)
      if (hex(envelope.mailbox) === mailbox && !times.has(key)) times.set(key, record.atMs)
    }
  }
  return [...times.values()]
}

/** Whatever a machine took on stands in the conversation of whoever wrote it. */
function unseenFailures(history: History): readonly string[] {
  return history.sendings.flatMap((sending) => {
    const author = history.findings.find(({ name }) => name === sending.from)
    if (sending.state !== 'sent' || author === undefined || isMisled(history, sending)) return []
    return statusAt(author, sending) === undefined
      ? [`${sending.from} wrote “${sending.text}”, and it is not shown there`]
      : []
  })
}

/** The text of a message that an event tells of; of one that was changed since nothing can be said. */
export function textOf(event: EventObject): string | undefined {
  if (!('message' in event) || !('text' in event.message)) return undefined
  const { text, edited, deleted } = event.message
  return edited === true || deleted === true ? undefined : (text ?? '')
}
