import { performance } from 'node:perf_hooks'
import type { Scope } from '../harness/index.js'
import { contest, figureOf } from './contest.js'
import type { Figure, RunOptions } from './figure.js'
import { PEERS } from './peers/index.js'
import type { Subject } from './relay/subject.js'
import { median } from './statistics.js'

/** docs: relay start to first login, beside the floor relay and the peers. */
export async function run(options: RunOptions): Promise<readonly Figure[]> {
  const taken = await contest(options, { name: 'start', measure, peers: PEERS })
  const goal = { atMost: 1.3 }
  return [figureOf(taken, { bench: 'startup.relay', unit: 'ms', summary: median, goal })]
}

/** Milliseconds from nothing to the first device being let in, on a data folder that is there. */
async function measure(subject: Subject, folder: string, scope: Scope): Promise<number> {
  const first = await subject.start(scope, folder)
  await first.prepare(1)
  const once = await first.openReceiver(0, () => undefined)
  once.close()
  await first.stop()
  const begunMs = performance.now()
  const again = await subject.start(scope, folder)
  const receiver = await again.openReceiver(0, () => undefined)
  const tookMs = performance.now() - begunMs
  receiver.close()
  return tookMs
}
