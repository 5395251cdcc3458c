import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import type { Environment, ProgramProcess } from '../../harness/index.js'

/** Sweeps come once an hour; whoever watches one does not wait that long. */
export const SWEEP_EVERY_MS = 5_000
/** Longer than anything is kept. */
const LEAP_DAYS = 60

/**
 * Loaded before a relay that is watched. It does what lines on stdin say: `delay` tells on stdout how
 * late its event loop came since it was asked last, `heap` what it holds when its garbage is
 * collected, and `leap` makes its clock jump ahead; how late it came while clients were there
 * it tells by itself when it ends. An hour, which is how long it waits between two sweeps, passes quickly.
 *
 * What other processes had of the processor meanwhile does not count as late, where the system tells
 * it (Linux, schedstat): on a busy machine nearly all of it would be theirs.
 */
const WATCH = `
import { readFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const EVERY_MS = 2
const wait = globalThis.setTimeout
globalThis.setTimeout = (wake, ms, ...more) =>
  wait(wake, ms === 3_600_000 ? ${String(SWEEP_EVERY_MS)} : ms, ...more)
const queuedMs = () => {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
let delays = []
let queued = queuedMs()
let due = performance.now() + EVERY_MS
let isEnding = false
process.on('SIGTERM', () => (isEnding = true))
const isAlone = () => !process.getActiveResourcesInfo().includes('TCPSocketWrap')
const look = () => {
  if (isEnding && isAlone()) return // What it tidies up now holds nobody up.
  const nowQueued = queuedMs()
  delays.push(Math.max(0, performance.now() - due - (nowQueued - queued)))
  restart(nowQueued)
  wait(look, EVERY_MS).unref()
}
const restart = (nowQueued) => {
  queued = nowQueued
  due = performance.now() + EVERY_MS
}
wait(look, EVERY_MS).unref()
const tell = (told) => writeSync(1, JSON.stringify(told) + '\\n')
const tellDelay = () => {
  delays.sort((a, b) => a - b)
  const at = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0
  tell({ event: 'bench.delay', p99: at(0.99), max: at(1) })
  delays = []
}
const tellHeap = () => {
  for (let again = 0; again < 2; again++) collect()
  tell({ event: 'bench.heap', heapBytes: process.memoryUsage().heapUsed })
  restart(queuedMs()) // That was ours and not the relay's.
}
const leap = () => {
  const now = Date.now
  Date.now = () => now() + ${String(LEAP_DAYS * 86_400_000)}
}
const asked = { delay: tellDelay, heap: tellHeap, leap }
createInterface({ input: process.stdin }).on('line', (line) => asked[line]?.())
process.stdin.unref()
process.on('exit', tellDelay)
`

export const WATCHED: Environment = {
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(WATCH)}`,
}

export interface LoopDelay {
  /** Milliseconds by which it came late, 99 in 100 times less. */
  readonly p99: number
  readonly max: number
}

/** A relay that is watched, from outside. */
export interface Watch {
  /** Where its database lies. */
  readonly dataFolder: string
  /** How late its event loop came since it was asked last. */
  loopDelay(): Promise<LoopDelay>
  /** What it holds in its heap when all garbage is collected. */
  heapMiB(): Promise<number>
  /** Its clock jumps ahead: whatever waits has waited too long. Resolves when a sweep has seen to it. */
  leap(): Promise<void>
  /** SIGTERM; how late its event loop came from then until the last client had gone. */
  drain(): Promise<LoopDelay>
}

/** Of a program that was started with WATCHED in its environment. */
export function watchOf(program: ProgramProcess, dataFolder: string): Watch {
  const nextDelay = (): Promise<LoopDelay> =>
    program.json<Told & LoopDelay>(({ event }) => event === 'bench.delay', SAID_MS_MAX)
  const loopDelay = (): Promise<LoopDelay> => {
    program.write('delay\n')
    return nextDelay()
  }
  return {
    dataFolder,
    loopDelay,
    heapMiB: async () => {
      program.write('heap\n')
      const isHeap = ({ event }: Told): boolean => event === 'bench.heap'
      return (await program.json<Told & { heapBytes: number }>(isHeap)).heapBytes / 2 ** 20
    },
    leap: async () => {
      program.write('leap\n')
      const swept = /"event":"store.swept","mailboxes":\d+,"expired":[1-9]/
      const begunMs = performance.now()
      while (!swept.test(program.stderr)) {
        if (performance.now() - begunMs > SAID_MS_MAX) throw new Error('nothing has expired')
        await setTimeout(100)
      }
    },
    drain: async () => {
      await loopDelay()
      program.signal('SIGTERM')
      return nextDelay()
    },
  }
}

interface Told {
  readonly event?: string
}

/** A sweep of a full mailbox takes a while on a busy machine. */
const SAID_MS_MAX = 120_000
