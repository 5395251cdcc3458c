import type { Environment, ProgramProcess } from '../../harness/index.js'

/** Sweeps come once an hour; whoever watches one does not wait that long. */
export const SWEEP_EVERY_MS = 5_000

/**
 * Loaded before a relay that is watched: on SIGUSR2 it says on stdout how late its event loop came
 * since it was asked last. And an hour, which is how long it waits between two sweeps, passes quickly.
 */
const TELL_WHEN_ASKED = `
import { writeSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
const RESOLUTION_MS = 2
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
process.on('SIGUSR2', () => {
  const told = { event: 'bench.delay', p99: late(delay.percentile(99)), max: late(delay.max) }
  delay.reset()
  writeSync(1, JSON.stringify(told) + '\\n')
})
const wait = globalThis.setTimeout
globalThis.setTimeout = (wake, ms, ...more) =>
  wait(wake, ms === 3_600_000 ? ${String(SWEEP_EVERY_MS)} : ms, ...more)
`

export const WATCHED: Environment = {
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL_WHEN_ASKED)}`,
}

export interface LoopDelay {
  /** Milliseconds by which it came late, 99 in 100 times less. */
  readonly p99: number
  readonly max: number
}

/** Of a program that was started with WATCHED in its environment, since it was asked last. */
export async function loopDelay(program: ProgramProcess): Promise<LoopDelay> {
  program.signal('SIGUSR2')
  return program.json<{ event?: string } & LoopDelay>(({ event }) => event === 'bench.delay')
}
