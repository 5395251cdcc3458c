import { hex } from '@sotto/protocol'
import type { StoreRecord } from '../relay-host.js'
import type { Invariant } from './invariant.js'
import { doneOf, lineagesOf, type Lineage } from './lineages.js'

/** A client shows a permit for one target, ever; the relay grants each to one, with so many submissions. */
export const permitsOnce: Invariant = {
  name: 'permits once',
  check: (history) => {
    const { restored, last } = lineagesOf(history)
    const granted = [...restored, last].flatMap(grantedTwice)
    return [...new Set([...shownTwice(history.records), ...granted])]
  },
}

function shownTwice(records: readonly StoreRecord[]): readonly string[] {
  const targets = new Map<string, string>()
  return records.flatMap(({ operation }) => {
    if (operation.name !== 'spend-permit') return []
    const { nullifier, targetHash } = operation.input
    const before = targets.get(hex(nullifier))
    targets.set(hex(nullifier), hex(targetHash))
    return before === undefined || before === hex(targetHash)
      ? []
      : [`permit ${hex(nullifier)} was shown for two things`]
  })
}

function grantedTwice({ records }: Lineage): readonly string[] {
  const errands = new Map<string, { readonly target: string; readonly requests: Set<string> }>()
  return records.flatMap((record) => {
    const done = doneOf(record, 'spend-permit')
    if (done?.output !== 'granted') return []
    const { nullifier, targetHash, requestHash, submissionsMax } = done.input
    const errand = errands.get(hex(nullifier)) ?? { target: hex(targetHash), requests: new Set() }
    errands.set(hex(nullifier), errand)
    if (requestHash !== undefined) errand.requests.add(hex(requestHash))
    return errand.target === hex(targetHash) && errand.requests.size <= submissionsMax
      ? []
      : [`permit ${hex(nullifier)} was granted for more than one errand`]
  })
}
