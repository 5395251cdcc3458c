import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ownBytes, type Bytes } from '@sotto/protocol'
import type { UnsealKeys, UnsealThread } from '../ports.js'

/** A thread that has had nothing to do for so long ends. */
const IDLE_MS = 5_000

/** V8 would take three times 16 for what is gone with each batch, and keep it. */
const YOUNG_MIB_MAX = 8

type Unsealed = readonly (Bytes | undefined)[]

/**
 * A thread beside this one, which is given a copy of the identity key, and tells when it is `ready`;
 * undefined where there can be none.
 */
export function startUnsealThread(
  keys: UnsealKeys,
  ready: () => void = () => undefined,
): UnsealThread | undefined {
  if (availableParallelism() < 2) return undefined
  try {
    return new NodeThread(keys, ready)
  } catch {
    return undefined // A machine that has no thread to give: it is done here.
  }
}

/** Holds the process only while it is asked. */
class NodeThread implements UnsealThread {
  readonly #worker: Worker
  /** Who waits, in order: it answers one after the other. */
  #asking: ((unsealed: Unsealed) => void)[] = []
  /** Not while it starts, which takes as long as the machine is busy. */
  #idle: NodeJS.Timeout | undefined
  #state: UnsealThread['state'] = 'starting'

  constructor(keys: UnsealKeys, ready: () => void) {
    this.#worker = new Worker(new URL('./unseal-main.js', import.meta.url), {
      workerData: keys,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB_MAX },
    })
    this.#worker.on('message', (said: 'ready' | Unsealed) => {
      if (said === 'ready') this.#begun(ready)
      else this.#asking.shift()?.(said)
      if (this.#asking.length === 0) this.#worker.unref()
    })
    const failed = (): void => {
      this.#finish('failed')
    }
    this.#worker.on('error', failed)
    this.#worker.on('messageerror', failed)
    this.#worker.on('exit', failed)
    this.#worker.unref()
  }

  get state(): UnsealThread['state'] {
    return this.#state
  }

  unseal(bodies: readonly Bytes[]): Promise<Unsealed> {
    if (this.#hasEnded()) return Promise.resolve([])
    this.#endWhenIdle()
    this.#worker.ref()
    return new Promise((answer) => {
      this.#asking.push(answer)
      // A copy of its own each: a view into a larger buffer would be sent with all of it.
      const own = bodies.map((body) => ownBytes(body))
      this.#worker.postMessage(
        own,
        own.map(({ buffer }) => buffer),
      )
    })
  }

  end(): void {
    this.#finish('ended')
  }

  #finish(state: 'ended' | 'failed'): void {
    if (this.#hasEnded()) return
    this.#state = state
    clearTimeout(this.#idle)
    for (const answer of this.#asking) answer([])
    this.#asking = []
    void this.#worker.terminate()
  }

  #hasEnded(): boolean {
    return this.#state === 'ended' || this.#state === 'failed'
  }

  #begun(ready: () => void): void {
    if (this.#hasEnded()) return
    this.#state = 'ready'
    this.#endWhenIdle()
    ready()
  }

  /** What it has not answered by then it never will: whoever asked does it themselves. */
  #endWhenIdle(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      this.end()
    }, IDLE_MS).unref()
  }
}
