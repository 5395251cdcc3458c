import { join } from 'node:path'
import file, { type Test } from 'tap'

import {
  makePair,
  makePerson,
  personAt,
  startRelay,
  tempDir,
  type Person,
  type RelayProcess,
} from '../../harness/index.js'
import { ReadyScene } from '../../harness/ready-scene.js'

export interface Pair {
  readonly dir: string
  readonly relay: RelayProcess
  readonly alice: Person
  readonly bob: Person
}

/** A relay, and Alice and Bob who know each other. */
export async function beginPair(t: Test): Promise<Pair> {
  const { dir, port } = await acquainted.begin(t)
  const relay = await startRelay(t, { dir, port })
  const [alice, bob] = [personAt(join(dir, 'alice'), 'alice'), personAt(join(dir, 'bob'), 'bob')]
  return { dir, relay, alice, bob }
}

const acquainted = new ReadyScene(file, 'pair', async (scope, { dir, port }) => {
  const relay = await startRelay(scope, { dir, port })
  await makePair(relay, dir)
  await relay.stop()
})

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
