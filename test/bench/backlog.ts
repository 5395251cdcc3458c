import { performance } from 'node:perf_hooks'
import { openClient } from '@sotto/client-core'
import {
  makePair,
  startRelay,
  succeed,
  tempDir,
  type Person,
  type Scope,
} from '../harness/index.js'
import { sealedOpenRate } from './backlog/sealed-open.js'
import type { Figure, RunOptions } from './figure.js'
import { withScope } from '../harness/scope.js'
import { median } from './statistics.js'

/** How many envelopes wait; more to see what memory does. */
const ENVELOPES = Number(process.env.SOTTO_BENCH_BACKLOG ?? 10_000)
/** libsignal alone is measured over this many, before and after. */
const FLOOR_ENVELOPES = 2_000
const SAMPLE_MS = 100
const TEXT = 'a message of ordinary length, as people write'

/** docs: opening a backlog (delivered, opened, stored, indexed), beside libsignal's sealed-open alone. */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope((scope) => measure(options, scope))
}

async function measure({ note }: RunOptions, scope: Scope): Promise<readonly Figure[]> {
  const dir = tempDir(scope)
  const limits = [`mailboxEnvelopes=${String(ENVELOPES * 2)}`, 'mailboxBytes=4000000000']
  const args = limits.flatMap((limit) => ['--limit', limit])
  const relay = await startRelay(scope, { dir, args })
  const { alice, bob } = await makePair(relay, dir)
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'hi']))
  await succeed(alice.run(['receive']))
  note(`${String(ENVELOPES)} messages are sent to somebody who is away`)
  await sendAll(alice, bob)
  const before = await sealedOpenRate(FLOOR_ENVELOPES)
  const drained = await drain(bob)
  const floor = median([before, await sealedOpenRate(FLOOR_ENVELOPES)])
  note(`memory, MiB: ${drained.memoryMiB.map((each) => each.toFixed(0)).join(' ')}`)
  const [first = 0, last = 0] = [drained.memoryMiB.at(0), drained.memoryMiB.at(-1)]
  return [
    {
      bench: 'backlog.open',
      value: drained.perSecond,
      unit: 'msg/s',
      floor: { name: 'libsignal sealed-open', value: floor },
      goal: { atLeast: 0.7 },
    },
    {
      bench: 'backlog.rss',
      value: last,
      unit: 'MiB',
      floor: { name: 'after the first tenth', value: first },
      goal: { atMost: 1.3 },
    },
  ]
}

async function sendAll(from: Person, to: Person): Promise<void> {
  const client = await openClient({ home: { dataDir: from.home }, command: 'bench' })
  for (let sent = 0; sent < ENVELOPES; sent++)
    await client.call('message.send', { to: [to.handle], text: TEXT, wait: 'accepted' })
  await client.close()
}

interface Drained {
  readonly perSecond: number
  /** Resident memory at the end of each tenth. */
  readonly memoryMiB: readonly number[]
}

async function drain(person: Person): Promise<Drained> {
  const client = await openClient({ home: { dataDir: person.home }, command: 'bench' })
  const memoryMiB: number[] = []
  const sampling = setInterval(() => {
    memoryMiB.push(process.memoryUsage().rss / 1024 / 1024)
  }, SAMPLE_MS)
  const beginMs = performance.now()
  await client.call('relay.catchUp', {})
  const tookMs = performance.now() - beginMs
  clearInterval(sampling)
  await client.close()
  return { perSecond: (ENVELOPES / tookMs) * 1000, memoryMiB: tenths(memoryMiB) }
}

/** What was sampled at the end of each tenth of the time. */
function tenths(samples: readonly number[]): readonly number[] {
  return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(
    (tenth) => samples[Math.ceil((samples.length * tenth) / 10) - 1] ?? NaN,
  )
}
