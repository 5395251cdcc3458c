import { setTimeout } from 'node:timers/promises'
import type { Origin, Running } from './subject.js'

/** The first pay for code that has never run. */
const WARM_UP = 100
const OPENED_AT_ONCE = 64
const SETTLE_MS = 1_000
/** Each has some 28,000 ports to come from. */
const ADDRESSES = 8

/** KiB that a connection costs which has logged in and does nothing, at each of `counts`, rising. */
export async function measureIdle(
  running: Running,
  counts: readonly number[],
): Promise<readonly number[]> {
  await running.prepare(counts.at(-1) ?? 0)
  await openIdle(running, { from: 0, to: WARM_UP })
  const baseKiB = await settled(running)
  const each: number[] = []
  let opened = WARM_UP
  for (const count of counts) {
    await openIdle(running, { from: opened, to: count })
    opened = count
    each.push(((await settled(running)) - baseKiB) / (count - WARM_UP))
  }
  return each
}

/** The address of loopback that a connection comes from. Only Linux has more than one. */
export function originOf(index: number): Origin {
  const last = process.platform === 'linux' ? 1 + (index % ADDRESSES) : 1
  return { localAddress: `127.0.0.${String(last)}` }
}

/** Does `work` for all from `from` on and before `to`, some at once. */
export async function forEach(
  { from, to }: { readonly from: number; readonly to: number },
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = from
  const worker = async (): Promise<void> => {
    while (next < to) await work(next++)
  }
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, worker))
}

function openIdle(
  running: Running,
  range: { readonly from: number; readonly to: number },
): Promise<void> {
  return forEach(range, async (index) => {
    await running.openReceiver(index, () => undefined, originOf(index))
  })
}

async function settled(running: Running): Promise<number> {
  await setTimeout(SETTLE_MS)
  return running.residentKiB()
}
