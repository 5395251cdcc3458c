import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { FLUSHING, type FlushingOf } from './flushing.js'

/*
 * The thread of flushing.ts. What is written between two flushes is what others may have to wait for.
 */

const PAUSE_MS = 2

const { path, state } = workerData as FlushingOf // Given by whileFlushing and nobody else.

if (Atomics.compareExchange(state, 0, FLUSHING.asked, FLUSHING.going) === FLUSHING.asked) {
  const end = flushUntilOver() ? FLUSHING.ended : FLUSHING.failed
  Atomics.store(state, 0, end)
  Atomics.notify(state, 0)
}

/** False where the disk does not take it. */
function flushUntilOver(): boolean {
  try {
    const file = openSync(path, 'r')
    while (Atomics.load(state, 0) === FLUSHING.going) {
      fdatasyncSync(file)
      Atomics.wait(state, 0, FLUSHING.going, PAUSE_MS)
    }
    closeSync(file)
    return true
  } catch {
    return false // Why does not matter: there is no backup.
  }
}
