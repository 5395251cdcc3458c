import { writeSync } from 'node:fs'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { hex, type Bytes } from '@sotto/protocol'
import { saveFinding } from './finding.js'

/** An input that keeps a parser busy for this long keeps it for ever. */
const HANG_MS = 30_000
const LOOK_MS = 1_000
const INPUT_BYTES_MAX = 1 << 20

interface Shared {
  /** Inputs begun; the length of the present one. */
  readonly state: SharedArrayBuffer
  readonly input: SharedArrayBuffer
  readonly target: string
}

/** Another thread that tells which input it was that a parser never came back from. */
export class Watchdog {
  readonly #worker: Worker
  readonly #state: Int32Array
  readonly #input: Uint8Array

  constructor(target: string) {
    const state = new SharedArrayBuffer(8)
    const input = new SharedArrayBuffer(INPUT_BYTES_MAX)
    this.#state = new Int32Array(state)
    this.#input = new Uint8Array(input)
    const shared: Shared = { state, input, target }
    this.#worker = new Worker(new URL(import.meta.url), { workerData: shared, execArgv: [] })
    this.#worker.unref()
  }

  begin(input: Bytes): void {
    this.#input.set(input.subarray(0, INPUT_BYTES_MAX))
    this.#state[1] = input.length
    Atomics.add(this.#state, 0, 1)
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

if (!isMainThread) {
  const shared = workerData as Shared
  const state = new Int32Array(shared.state)
  let [before, sinceMs] = [-1, Date.now()]
  setInterval(() => {
    const begun = Atomics.load(state, 0)
    if (begun !== before) [before, sinceMs] = [begun, Date.now()]
    else if (Date.now() - sinceMs > HANG_MS) {
      const input = new Uint8Array(shared.input).slice(0, state[1])
      const path = saveFinding(shared.target, input)
      // The main thread does not listen any more, so nothing goes through it.
      writeSync(2, `${shared.target}: hangs\n  ${hex(input)}\n  saved as ${path}\n`)
      process.kill(process.pid, 'SIGKILL')
    }
  }, LOOK_MS)
}
