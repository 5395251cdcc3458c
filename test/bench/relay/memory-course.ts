import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { median, slope } from '../statistics.js'
import type { Watch } from './loop-delay.js'
import { residentKiB } from './memory.js'

/** So many looks, however long it runs; a third of them is its warming up. */
const LOOKS = 90
const LOOK_MS_MIN = 500
const WARM_UP_SHARE = 1 / 3
/** What is told of the end is the median of so many. */
const LATE_LOOKS = 10

export interface Memory {
  /** What is alive when all garbage is collected. */
  readonly heap: Course
  /** What the process has of the system. */
  readonly resident: Course
}

interface Course {
  /** MiB. */
  readonly late: number
  /** MiB an hour, after it has warmed up. */
  readonly slope: number
}

/** Looks at what a relay holds in memory, again and again for `forMs`. */
export async function observeMemory(options: {
  readonly pid: number
  readonly watch: Watch
  readonly forMs: number
}): Promise<Memory> {
  const { pid, watch, forMs } = options
  const everyMs = Math.max(LOOK_MS_MIN, forMs / LOOKS)
  const looks: { readonly heap: number; readonly resident: number }[] = []
  const begunMs = performance.now()
  while (performance.now() - begunMs < forMs) {
    await setTimeout(everyMs)
    const heap = await watch.heapMiB()
    looks.push({ heap, resident: residentKiB(pid) / 1024 })
  }
  const lookHours = (performance.now() - begunMs) / looks.length / 3_600_000
  const warm = looks.slice(Math.floor(looks.length * WARM_UP_SHARE))
  const course = (of: 'heap' | 'resident'): Course => ({
    late: median(warm.slice(-LATE_LOOKS).map((look) => look[of])),
    slope: slope(warm.map((look) => look[of])) / lookHours,
  })
  return { heap: course('heap'), resident: course('resident') }
}
