import type { History, Sending } from '../history.js'
import { statusAt, timesShown } from './exactly-once.js'
import type { Invariant } from './invariant.js'

/**
 * Whatever a relay did, once it is honest everybody reaches everybody, or sees that they do not: only where somebody was given
 * another’s account for a name that they had not met does it stay so.
 */
export const everybodyRecovers: Invariant = {
  name: 'everybody recovers',
  check: (history) =>
    history.afterwards
      .filter((sending) => !isMisled(history, sending) && !arrived(history, sending))
      .map(
        ({ from, to, text, state }) =>
          `the relay is honest again, and “${text}” (${state}) did not come from ${from} to ${to}`,
      ),
}

/** Whether somebody may have been given another’s account in place of the one or the other. */
export function isMisled(
  { swapped }: History,
  { from, to }: Pick<Sending, 'from' | 'to'>,
): boolean {
  return [...swapped].some((pair) => pair.startsWith(`${to} as `) || pair.startsWith(`${from} as `))
}

/** It is there, or whoever wrote it sees that it is not. */
function arrived(history: History, sending: Sending): boolean {
  const { from, to, state } = sending
  if (isBlocked(history, sending) || state === 'refused') return true
  const { findings } = history
  const author = findings.find(({ name }) => name === from)
  const recipient = findings.find(({ name }) => name === to)
  return (
    (author !== undefined && statusAt(author, sending) === 'failed') ||
    (recipient !== undefined && timesShown(recipient, sending) > 0)
  )
}

/** By their own name, or by one for which the recipient was given their account. */
function isBlocked({ blocks, swapped }: History, { from, to }: Sending): boolean {
  const names = [...swapped].map((pair) => pair.split(' as ')).filter(([, given]) => given === from)
  return [[from], ...names].some(([name = '']) => blocks.has(`${to} of ${name}`))
}
