import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import type { Environment, ProgramProcess } from '../../harness/index.js'

/** Sweeps come once an hour; whoever watches one does not wait that long. */
export const SWEEP_EVERY_MS = 5_000
/** Longer than anything is kept. */
export const LEAP_DAYS = 60

/** For a relay that is watched: `programs/watch.ts` is loaded before it. */
export const WATCHED: Environment = {
  NODE_OPTIONS: `--import ${new URL('../programs/watch.js', import.meta.url).href}`,
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
