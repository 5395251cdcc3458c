import { Worker } from 'node:worker_threads'
import { StorageError } from '@sotto/protocol'

/** How far a thread is that flushes a file. */
export const FLUSHING = { asked: 0, going: 1, over: 2, ended: 3, failed: 4 } as const

/** What flushing-main.ts is given. */
export interface FlushingOf {
  readonly path: string
  /** One of FLUSHING, and the one who waits is told of a change. */
  readonly state: Int32Array
}

/**
 * Does `work`, which fills the file at `path`, while a thread brings to the disk what is in it by
 * then. Left to the end all of it would go there at once, and whoever else waits for that disk, as the
 * relay does with each commit, would wait as long: 80 ms for 170 MB. Throws a StorageError where the
 * disk did not take it: whoever syncs the file later may not hear of that any more.
 */
export function whileFlushing(path: string, work: () => void): void {
  const state = new Int32Array(new SharedArrayBuffer(4))
  begin({ path, state })
  try {
    work()
  } finally {
    end(state)
  }
  if (Atomics.load(state, 0) === FLUSHING.failed) {
    throw new StorageError('store/failed', `${path} does not go to the disk`, {
      fix: 'Check the disk that it is on, or choose another.',
    })
  }
}

/** On a machine that has no thread to give, everything goes to the disk at the end. */
function begin(workerData: FlushingOf): void {
  try {
    const main = new URL('./flushing-main.js', import.meta.url)
    const thread = new Worker(main, { workerData, execArgv: [] })
    thread.on('error', () => undefined) // It has not begun, and says so by its state.
    thread.unref()
  } catch {
    // As if it had been asked and never begun.
  }
}

/** Waits for a flush that is under way; a thread that has not begun by now does nothing. */
function end(state: Int32Array): void {
  if (Atomics.compareExchange(state, 0, FLUSHING.asked, FLUSHING.over) === FLUSHING.asked) return
  Atomics.compareExchange(state, 0, FLUSHING.going, FLUSHING.over)
  Atomics.notify(state, 0)
  Atomics.wait(state, 0, FLUSHING.over)
}
