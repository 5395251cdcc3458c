import type { EventObject } from '@sotto/client-core'
import type { History } from '../history.js'
import type { Invariant } from './invariant.js'

/**
 * 6: no message key is used twice, and no ratchet is on disk without the bytes it made: else some
 * envelope would not open. Two things explain one that does not. A restored relay may have handed
 * out a prekey twice, and whoever may suffer from that was told of the restore before. And where the
 * relay’s clock jumps ahead, certificates end that were good when they were sealed under. What a relay
 * that lies delivers need not open.
 */
export const everythingOpens: Invariant = {
  name: 'everything opens',
  check: (history) =>
    history.findings.flatMap(({ name, journal }) =>
      beforeRestore(journal)
        .filter((event) => isUnexplained(history, event))
        .map((event) => `${name} could not open something: ${JSON.stringify(event)}`),
    ),
}

/** Only of what a ratchet would not open is anybody asked to send it again. */
function isUnexplained({ relayWasAhead, lies }: History, event: EventObject): boolean {
  if (lies.length > 0 || event.type !== 'message.undecryptable') return false
  return !relayWasAhead || event.resendAsked === true
}

function beforeRestore(journal: readonly EventObject[]): readonly EventObject[] {
  const told = journal.findIndex((each) => each.type === 'gap' && each.reason === 'relay-restored')
  return told === -1 ? journal : journal.slice(0, told)
}
