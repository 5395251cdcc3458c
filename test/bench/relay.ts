import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { tempDir, type Scope } from '../harness/index.js'
import { median, quantile, type Figure, type Goal, type RunOptions } from './figure.js'
import { FLOOR } from './relay/floor-subject.js'
import { measureRefusals } from './relay/refusals.js'
import { measureAccept, measureDrain, measureLatency } from './relay/measures.js'
import { SOTTO } from './relay/sotto-subject.js'
import type { Running, Subject } from './relay/subject.js'

type Measure<Value> = (subject: Subject, folder: string, scope: Scope) => Promise<Value>

/** docs: the budgets of the relay, each against the floor relay in the same run, turn about. */
export async function run(options: RunOptions): Promise<readonly Figure[]> {
  const accept = await both(options, 'accept', running(measureAccept))
  const latency = await both(options, 'latency', running(measureLatency))
  const drain = await both(options, 'drain', running(measureDrain))
  const start = await both(options, 'start', measureStart)
  const refusals = await scoped(measureRefusals)
  const share = (of: number) => (rounds: readonly number[][]) =>
    median(rounds.map((round) => quantile(round, of)))
  return [
    figure('relay.accept', 'msg/s', accept, median, { atLeast: 0.8 }),
    figure('relay.latency.p50', 'ms', latency, share(0.5), { atMost: 1.3 }),
    figure('relay.latency.p99', 'ms', latency, share(0.99), { atMost: 1.5 }),
    figure('relay.drain', 'msg/s', drain, median, { atLeast: 0.7 }),
    figure('relay.start', 'ms', start, median, { atMost: 1.3 }),
    {
      bench: 'relay.refusal.unknown',
      value: median(refusals.unknown),
      unit: 'ms',
      floor: { name: 'wrong key', value: median(refusals.wrongKey) },
      goal: { atMost: 1.02 },
    },
  ]
}

interface Both<Value> {
  readonly sotto: readonly Value[]
  readonly floor: readonly Value[]
}

/** The same measure on both, one after the other, as often as asked. */
async function both<Value>(
  { rounds, note }: RunOptions,
  name: string,
  measure: Measure<Value>,
): Promise<Both<Value>> {
  const sotto: Value[] = []
  const floor: Value[] = []
  for (let round = 1; round <= rounds; round++) {
    note(`${name}, round ${round} of ${rounds}`)
    const order = round % 2 === 0 ? [SOTTO, FLOOR] : [FLOOR, SOTTO]
    for (const subject of order) {
      const value = await scoped((scope) => measure(subject, tempDir(scope), scope))
      ;(subject === SOTTO ? sotto : floor).push(value)
    }
  }
  return { sotto, floor }
}

function running<Value>(measure: (running: Running) => Promise<Value>): Measure<Value> {
  return async (subject, folder, scope) => {
    const relay = await subject.start(scope, join(folder, 'relay'))
    return measure(relay)
  }
}

/** Milliseconds from nothing to the first device being let in, on a data folder that is there. */
async function measureStart(subject: Subject, folder: string, scope: Scope): Promise<number> {
  const first = await subject.start(scope, folder)
  await first.prepare(1)
  await first.stop()
  const begunMs = performance.now()
  const again = await subject.start(scope, folder)
  const receiver = await again.openReceiver(0, () => undefined)
  const tookMs = performance.now() - begunMs
  receiver.close()
  return tookMs
}

async function scoped<Value>(work: (scope: Scope) => Promise<Value>): Promise<Value> {
  const teardowns: (() => unknown)[] = []
  try {
    return await work({ teardown: (each) => void teardowns.unshift(each) })
  } finally {
    for (const teardown of teardowns) await teardown()
  }
}

function figure<Value>(
  bench: string,
  unit: string,
  { sotto, floor }: Both<Value>,
  summary: (rounds: Value[]) => number,
  goal: Goal,
): Figure {
  const value = summary([...sotto])
  return { bench, value, unit, floor: { name: FLOOR.name, value: summary([...floor]) }, goal }
}
