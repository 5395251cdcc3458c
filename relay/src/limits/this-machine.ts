import { statfs } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Machine } from './pressure.js'

/** How often Node looks whether the event loop is late; what it tells includes this. */
const RESOLUTION_MS = 20
/** The event loop is judged over so many readings: one long turn is not yet too much to do. */
const LOOP_READINGS = 4

/** This machine, with the disk of `folder`. `reusableBytes` are free inside the database there. */
export function thisMachine(folder: string, reusableBytes: () => Promise<number>): Machine {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  let readings = 0
  let lateMs = 0
  const read: Machine['read'] = async () => {
    if (++readings % LOOP_READINGS === 0) {
      lateMs = delay.count === 0 ? 0 : Math.max(0, delay.mean / 1e6 - RESOLUTION_MS)
      delay.reset()
    }
    const { bavail, blocks, bsize } = await statfs(folder)
    return {
      diskFreeBytes: bavail * bsize + (await reusableBytes()),
      diskBytes: blocks * bsize,
      memoryBytes: process.memoryUsage.rss(),
      loopDelayMs: lateMs,
    }
  }
  return { read, stop: () => delay.disable() }
}
