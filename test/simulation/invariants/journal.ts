import type { EventObject } from '@sotto/client-core'
import type { Finding, History } from '../history.js'
import type { MessageId } from '@sotto/protocol'
import type { Invariant } from './invariant.js'
import { textOf } from './status.js'

/** The journal is what happened: in order, once, whole, and before anybody was told. */
export const journalTrue: Invariant = {
  name: 'the journal is true',
  check: (history) => [
    ...history.findings.flatMap(unordered),
    ...history.findings.flatMap(toldTwice),
    ...history.findings.flatMap((finding) => notJournalled(history, finding)),
    ...history.findings.flatMap((finding) => toldUncommitted(history, finding)),
  ],
}

function unordered({ name, journal }: Finding): readonly string[] {
  return journal.flatMap((event, index) => {
    const before = journal[index - 1]?.seq ?? 0
    return (event.seq ?? 0) > before
      ? []
      : [`${name}’s journal goes from ${String(before)} to ${String(event.seq)}`]
  })
}

/** A text that was held is told once more when its author is accepted, as the first of a request. */
function toldTwice({ name, journal }: Finding): readonly string[] {
  const seen = new Set<string>()
  return journal.flatMap((event) => {
    const text = textOf(event)
    if (text === undefined || event.type === 'message.edited') return []
    const telling = `${event.type} ${text}`
    if (seen.has(telling)) return [`${name} is told twice: ${telling}`]
    seen.add(telling)
    return []
  })
}

/** What a conversation shows, the journal has told; a bot has nothing but the journal. */
function notJournalled({ sendings }: History, finding: Finding): readonly string[] {
  const told = new Set(finding.journal.map(textOf))
  const shown = new Set(
    [...finding.conversations.values()].flat().map(({ message }) => message.text),
  )
  return sendings.flatMap(({ text }) =>
    shown.has(text) && !told.has(text)
      ? [`${finding.name} shows “${text}”, and the journal does not tell of it`]
      : [],
  )
}

/** What a bot was told is on disk: nothing is told before its commit. */
function toldUncommitted(
  { heard, changeables }: History,
  { name, journal }: Finding,
): readonly string[] {
  const written = new Map(journal.map((event) => [event.seq, event]))
  return heard.flatMap((told) => {
    const { event } = told
    if (told.name !== name || event.seq === undefined) return []
    if (changeables.some(({ message }) => isOf(event, message))) return []
    const same = written.get(event.seq)
    const is = same === undefined ? isRetold(event) : isSame(same, event)
    return is ? [] : [`${name} was told what is not on disk: ${JSON.stringify(event)}`]
  })
}

/** Events show what is stored now: of a message that is changed not what was told then. */
function isOf(event: EventObject, message: MessageId | undefined): boolean {
  return message !== undefined && 'message' in event && event.message.id === message
}

/** Held then, and told with another seq since. */
function isRetold(event: EventObject): boolean {
  return event.type === 'message.received' && event.message.held === true
}

function isSame(written: EventObject, told: EventObject): boolean {
  return written.id === told.id && written.type === told.type && textOf(written) === textOf(told)
}
