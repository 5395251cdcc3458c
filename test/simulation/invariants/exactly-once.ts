import type { EventObject } from '@sotto/client-core'
import type { Finding, History, Sending } from '../history.js'
import type { Invariant } from './invariant.js'
import { lineagesOf, lostWith, mailboxOf } from './lineages.js'

/**
 * 1: an accepted message appears exactly once at its recipient, or leaves a visible trace. A relay that
 * lies can withhold; what it cannot is show anything twice, or to anybody but whom it was for, unless
 * it gave that one’s account to somebody who did not know better.
 */
export const exactlyOnce: Invariant = {
  name: 'exactly once',
  check: (history) => [
    ...history.sendings.flatMap((sending) => shownWrongly(history, sending)),
    ...history.findings.flatMap((finding) => lostSilently(history, finding)),
  ],
}

function shownWrongly({ findings, swapped }: History, sending: Sending): readonly string[] {
  return findings.flatMap((finding) => {
    const isFor =
      [sending.from, sending.to].includes(finding.name) ||
      swapped.has(`${sending.to} as ${finding.name}`)
    const allowed = isFor ? 1 : 0
    const times = timesShown(finding, sending)
    return times <= allowed
      ? []
      : [`${finding.name} is shown “${sending.text}” ${String(times)} times`]
  })
}

function lostSilently(history: History, finding: Finding): readonly string[] {
  if (history.lies.length > 0) return []
  const missing = history.sendings.filter(
    (sending) =>
      sending.to === finding.name &&
      isAccepted(history, sending) &&
      !history.blocks.has(`${finding.name} of ${sending.from}`) &&
      timesShown(finding, sending) === 0,
  )
  const told = toldOf(finding.journal) + takenByRestores(history, finding)
  if (missing.length <= told) return []
  const [first] = missing
  return [
    `${finding.name} misses ${String(missing.length)} messages and was told of ${String(told)} at most; the first is “${first?.text ?? ''}”`,
  ]
}

/** Whether its author’s machine says that the relay has it, or more. */
function isAccepted({ findings }: History, sending: Sending): boolean {
  const own = findings.find(({ name }) => name === sending.from)
  const status = own === undefined ? undefined : statusAt(own, sending)
  return status === 'accepted' || status === 'delivered' || status === 'read'
}

/** How far a text has come, as its author’s machine shows it. */
export function statusAt({ conversations }: Finding, sending: Sending) {
  const shown = conversations.get(sending.to) ?? []
  return shown.find(({ message }) => message.text === sending.text)?.message.status
}

/** In any conversation, or held with a request. */
export function timesShown(finding: Finding, { text }: Sending): number {
  const shown = [...finding.conversations.values()].flat()
  return shown.filter(({ message }) => message.text === text).length + timesHeld(finding, text)
}

function timesHeld({ journal }: Finding, text: string): number {
  return journal.filter(
    (event) =>
      (event.type === 'contact.request' || event.type === 'message.received') &&
      event.message.held === true &&
      event.message.text === text,
  ).length
}

/** How many lost messages somebody was told of, but for what restores of the relay took. */
function toldOf(journal: readonly EventObject[]): number {
  return journal.reduce((sum, event) => {
    if (event.type === 'message.undecryptable') return sum + 1
    return event.type === 'gap' ? sum + event.count : sum
  }, 0)
}

/** Of `relay-restored`, which tells that something is lost and not how much. */
export function takenByRestores(history: History, { account, journal }: Finding): number {
  const isTold = journal.some((event) => event.type === 'gap' && event.reason === 'relay-restored')
  return isTold ? lostInRestores(history, account) : 0
}

/** How many envelopes of somebody's mailbox restores of the relay took. */
export function lostInRestores(history: History, account: Finding['account']): number {
  const mailbox = mailboxOf(history, account)
  return lineagesOf(history).restored.reduce((sum, each) => sum + lostWith(each, mailbox), 0)
}
