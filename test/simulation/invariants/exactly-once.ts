import type { EventObject } from '@sotto/client-core'
import type { Finding, History, Sending } from '../history.js'
import { DAY_MS } from '../spans.js'
import type { Invariant } from './invariant.js'
import { lineagesOf, lostWith, mailboxOf } from './lineages.js'
import { submittedAgain } from './submitted-again.js'

/** A text is submitted again for a week, and so many times; clocks jump by a day, back and forth. */
const AGAIN_MAX = { ageMs: 5 * DAY_MS, times: 4 }
/** An outbox gives up what found no relay for 30 days; of what was accepted once it says nothing then. */
const OUTBOX_MS_MAX = 28 * DAY_MS

/**
 * 1: an accepted message appears exactly once at its recipient, or leaves a visible trace. What a restore of
 * the relay took is submitted again, so that it is there in the end: only what is too old for that is
 * excused by a gap that tells of the restore. A relay that
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
  const owed = missing.filter((sending) => isOwed(history, sending))
  const told = toldOf(finding.journal)
  const toldOfOld = told + takenByRestores(history, finding)
  return [
    ...(missing.length > toldOfOld ? [tooMany(finding, missing, toldOfOld)] : []),
    ...(owed.length > told ? [tooMany(finding, owed, told)] : []),
  ]
}

function tooMany({ name }: Finding, missing: readonly Sending[], told: number): string {
  return `${name} misses ${String(missing.length)} messages and was told of ${String(told)} at most; the first is “${missing[0]?.text ?? ''}”`
}

/** Whether its author’s machine submitted it again; to whom they have blocked it sends nothing. */
function isOwed({ findings, blocks }: History, { from, to, text }: Sending): boolean {
  const author = findings.find(({ name }) => name === from)
  if (author === undefined || blocks.has(`${from} of ${to}`)) return false
  const id = author.journal.flatMap((event) =>
    event.type === 'message.sent' && event.message.text === text ? [event.message.id] : [],
  )[0]
  const again = id === undefined ? undefined : submittedAgain(author).get(id)
  if (again === undefined || lastEventMs(findings) - again.lastMs > OUTBOX_MS_MAX) return false
  return again.ageMs < AGAIN_MAX.ageMs && again.times <= AGAIN_MAX.times
}

function lastEventMs(findings: readonly Finding[]): number {
  return Math.max(...findings.flatMap(({ journal }) => journal.map(({ ts }) => Date.parse(ts))))
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
function takenByRestores(history: History, { account, journal }: Finding): number {
  if (!journal.some((event) => event.type === 'gap' && event.reason === 'relay-restored')) return 0
  const mailbox = mailboxOf(history, account)
  return lineagesOf(history).restored.reduce((sum, each) => sum + lostWith(each, mailbox), 0)
}
