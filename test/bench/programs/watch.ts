import { readFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { DelayCounts } from '../relay/delay-counts.js'
import { LEAP_DAYS, SWEEP_EVERY_MS } from '../relay/loop-delay.js'

/*
 * Loaded before a relay that is watched. It does what lines on stdin say: `delay` tells on stdout how
 * late its event loop came since it was asked last, `heap` what it holds when its garbage is
 * collected, and `leap` makes its clock jump ahead; how late it came while clients were there
 * it tells by itself when it ends. An hour, which is how long it waits between two sweeps, passes quickly.
 *
 * What other processes had of the processor meanwhile does not count as late, where the system tells
 * it (Linux, schedstat): on a busy machine nearly all of it would be theirs.
 */

const EVERY_MS = 2
const HOUR_MS = 3_600_000

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void // A context made after the flag has it.

const wait = globalThis.setTimeout
const quickly = (wake: (...more: unknown[]) => void, ms?: number, ...more: unknown[]) =>
  wait(wake, ms === HOUR_MS ? SWEEP_EVERY_MS : ms, ...more)
Object.assign(globalThis, { setTimeout: quickly })

const delays = new DelayCounts()
let queued = queuedMs()
let due = performance.now() + EVERY_MS
let isEnding = false

process.on('SIGTERM', () => (isEnding = true))
process.on('exit', tellDelay)
wait(look, EVERY_MS).unref()

const asked = new Map([
  ['delay', tellDelay],
  ['heap', tellHeap],
  ['leap', leap],
])
createInterface({ input: process.stdin }).on('line', (line) => asked.get(line)?.())
process.stdin.unref()

function look(): void {
  if (isEnding && isAlone()) return // What it tidies up now holds nobody up.
  const nowQueued = queuedMs()
  delays.add(Math.max(0, performance.now() - due - (nowQueued - queued)))
  restart(nowQueued)
  wait(look, EVERY_MS).unref()
}

function restart(nowQueued: number): void {
  queued = nowQueued
  due = performance.now() + EVERY_MS
}

function tellDelay(): void {
  tell({ event: 'bench.delay', p99: delays.quantile(0.99), max: delays.max })
  delays.clear()
}

function tellHeap(): void {
  for (let again = 0; again < 2; again++) collect()
  tell({ event: 'bench.heap', heapBytes: process.memoryUsage().heapUsed })
  restart(queuedMs()) // That was ours and not the relay's.
}

function leap(): void {
  const now = Date.now
  Date.now = () => now() + LEAP_DAYS * 86_400_000
}

function tell(told: Readonly<Record<string, string | number>>): void {
  writeSync(1, `${JSON.stringify(told)}\n`)
}

function isAlone(): boolean {
  return !process.getActiveResourcesInfo().includes('TCPSocketWrap')
}

function queuedMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0 // Only Linux tells it.
  }
}
