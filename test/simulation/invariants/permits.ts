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

/** The relay grants an invite to no more errands than it had uses when it first heard of it. */
export const invitesCounted: Invariant = {
  name: 'invites counted',
  check: (history) => {
    const { restored, last } = lineagesOf(history)
    return [...new Set([...restored, last].flatMap(grantedTooOften))]
  },
}

function grantedTooOften({ records }: Lineage): readonly string[] {
  const uses = new Map<string, number>()
  const errands = new Map<string, Set<string>>()
  return records.flatMap((record) => {
    for (const { hash, usesLeft = Infinity } of doneOf(record, 'publish-invites')?.input.invites ??
      [])
      uses.set(hex(hash), Math.max(uses.get(hex(hash)) ?? 0, usesLeft))
    const done = doneOf(record, 'spend-invite')
    if (done?.output !== 'granted') return []
    const invite = hex(done.input.inviteHash)
    const begun = (errands.get(invite) ?? new Set()).add(hex(done.input.nullifier))
    errands.set(invite, begun)
    return begun.size <= (uses.get(invite) ?? 0)
      ? []
      : [`invite ${invite} was granted to ${String(begun.size)} errands`]
  })
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
