import type { Test } from 'tap'

import {
  makePair,
  makePerson,
  startRelay,
  tempDir,
  type Person,
  type RelayProcess,
} from '../../harness/index.js'

export interface Pair {
  readonly dir: string
  readonly relay: RelayProcess
  readonly alice: Person
  readonly bob: Person
}

/** A relay, and Alice and Bob who know each other. */
export async function beginPair(t: Test): Promise<Pair> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  return { dir, relay, ...(await makePair(relay, dir)) }
}

export interface EventLine {
  readonly seq: number
  readonly type: string
  readonly message?: { readonly id: string; readonly text?: string; readonly status?: string }
}

/** The texts of received messages among printed events, in order. */
export function textsOf(events: readonly EventLine[]): readonly (string | undefined)[] {
  return events
    .filter(({ type }) => type === 'message.received')
    .map(({ message }) => message?.text)
}

/** A relay, and two who have never heard of each other. */
export async function beginStrangers(t: Test) {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const [alice, carol] = await Promise.all([
    makePerson(relay, dir, 'alice'),
    makePerson(relay, dir, 'carol'),
  ])
  return { dir, relay, alice, carol }
}
