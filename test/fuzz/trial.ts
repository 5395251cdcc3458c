import { getHeapStatistics } from 'node:v8'
import type { Bytes } from '@sotto/protocol'
import type { Target } from './target.js'

/** Generous: what takes this long on a busy machine would still be an attack. */
const MS_MAX = 2_000
/** What one input may make a parser hold or leave behind, besides so much for each of its bytes. */
const HEAP_BYTES_MAX = 64 * 1024 * 1024
const HEAP_BYTES_PER_BYTE = 2_000
const AGAIN = 2

/** Runs one input. Answers what is wrong with that; undefined where nothing is. */
export async function trial(target: Target, input: Bytes): Promise<string | undefined> {
  let wrong = await attempt(target, input)
  // Time and memory may be another's fault: only what is slow every time is slow.
  for (let again = 0; again < AGAIN && wrong?.mayPass === true; again++)
    wrong = await attempt(target, input)
  return wrong?.what
}

interface Verdict {
  readonly what: string
  readonly mayPass: boolean
}

async function attempt(target: Target, input: Bytes): Promise<Verdict | undefined> {
  const heapBytes = heapBytesNow()
  const begunMs = performance.now()
  try {
    const running = target.run(input)
    if (running !== undefined) await running
  } catch (thrown) {
    return { what: describe(thrown), mayPass: false }
  }
  const tookMs = performance.now() - begunMs
  if (tookMs > MS_MAX) return { what: `took ${String(Math.round(tookMs))} ms`, mayPass: true }
  const grownBytes = heapBytesNow() - heapBytes
  if (grownBytes > HEAP_BYTES_MAX + HEAP_BYTES_PER_BYTE * input.length)
    return { what: `allocated ${String(grownBytes)} bytes`, mayPass: true }
  return undefined
}

function heapBytesNow(): number {
  const { used_heap_size: used, external_memory: external } = getHeapStatistics()
  return used + external
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? String(thrown)) : String(thrown)
}
