import type { EventObject } from '@sotto/client-core'
import type { Finding, History, Sending } from '../history.js'
import type { Invariant } from './index.js'

/** 1: an accepted message appears exactly once at its recipient, or leaves a visible trace. */
export const exactlyOnce: Invariant = {
  name: 'exactly once',
  check: (history) => [
    ...history.sendings.flatMap((sending) => shownWrongly(history, sending)),
    ...history.findings.flatMap((finding) => lostSilently(history, finding)),
  ],
}

function shownWrongly({ findings }: History, sending: Sending): readonly string[] {
  return findings.flatMap((finding) =>
    finding.name === sending.from
      ? []
      : timesShown(finding, sending) > (finding.name === sending.to ? 1 : 0)
        ? [
            `${finding.name} is shown “${sending.text}” ${String(timesShown(finding, sending))} times`,
          ]
        : [],
  )
}

function lostSilently(history: History, finding: Finding): readonly string[] {
  const missing = history.sendings.filter(
    (sending) =>
      sending.to === finding.name &&
      isAccepted(history, sending) &&
      timesShown(finding, sending) === 0,
  )
  if (missing.length <= told(finding.journal)) return []
  const [first] = missing
  return [
    `${finding.name} misses ${String(missing.length)} messages and was told of ${String(told(finding.journal))}; the first is “${first?.text ?? ''}”`,
  ]
}

/** Whether its author’s machine says that the relay has it, or more. */
function isAccepted({ findings }: History, sending: Sending): boolean {
  const own = findings.find(({ name }) => name === sending.from)
  const shown = own?.conversations
    .get(sending.to)
    ?.find(({ message }) => message.text === sending.text)
  const status = shown?.message.status
  return status === 'accepted' || status === 'delivered' || status === 'read'
}

function timesShown({ conversations }: Finding, { text }: Sending): number {
  return [...conversations.values()].flat().filter(({ message }) => message.text === text).length
}

/** How many lost messages somebody was told of. A restored relay does not know how many. */
function told(journal: readonly EventObject[]): number {
  return journal.reduce((sum, event) => {
    if (event.type === 'message.undecryptable') return sum + 1
    if (event.type !== 'gap') return sum
    return sum + (event.reason === 'relay-restored' ? Infinity : event.count)
  }, 0)
}
