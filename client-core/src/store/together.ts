import { setImmediate as nextTurn } from 'node:timers/promises'
import { SottoError, StorageError } from '@sotto/protocol'
import type { Store, Transactor } from './store.js'

/** However many wait, nobody else is held up for longer than these take. */
const TOGETHER_MAX = 64

interface Waiting {
  readonly body: (tx: Transactor) => unknown
  readonly committed: (result: never) => void
  readonly resolve: (result: never) => void
  readonly reject: (thrown: unknown) => void
}

type Outcome = { readonly result: unknown } | { readonly refused: SottoError }

/**
 * Commits together, in order, what was asked for within one turn of the event loop: one fsync and each
 * page once, where sixty-four sends had as many of both. If we die before the commit, none of it has
 * happened; what is told of it is told afterwards.
 */
export class Together {
  readonly #store: Pick<Store, 'transact'>
  readonly #waiting: Waiting[] = []
  #committing: Promise<void> | undefined

  constructor(store: Pick<Store, 'transact'>) {
    this.#store = store
  }

  /**
   * Runs `body` in a transaction with others', and `committed` as soon as it is on disk, before anything
   * else. `body` sees what those before it have written; it may refuse with an error of its own as long
   * as it has written nothing, which the others do not notice. Rejects with that, or with what kept all
   * of them from being committed.
   */
  write<Result>(
    body: (tx: Transactor) => Result,
    committed: (result: Result) => void = () => undefined,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ body, committed, resolve, reject })
      this.#committing ??= this.#commitAll()
    })
  }

  /** Resolves when everything asked for so far is committed, or is not and never will be. */
  async settled(): Promise<void> {
    await this.#committing
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await nextTurn()
      this.#commit(this.#waiting.splice(0, TOGETHER_MAX))
    }
    this.#committing = undefined
  }

  #commit(batch: readonly Waiting[]): void {
    let outcomes: readonly Outcome[] = []
    try {
      outcomes = this.#store.transact((tx) => batch.map(({ body }) => outcomeOf(body, tx)))
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown)
      return
    }
    for (const [at, { committed, resolve, reject }] of batch.entries()) {
      const outcome = outcomes[at]
      if (outcome === undefined || !('result' in outcome)) {
        reject(outcome?.refused)
        continue
      }
      try {
        committed(outcome.result as never) // What its own body answered.
        resolve(outcome.result as never)
      } catch (thrown) {
        reject(thrown)
      }
    }
  }
}

function outcomeOf(body: Waiting['body'], tx: Transactor): Outcome {
  try {
    return { result: body(tx) }
  } catch (thrown) {
    if (!(thrown instanceof SottoError)) throw thrown
    if (thrown instanceof StorageError || thrown.code === 'bug/invariant') throw thrown
    return { refused: thrown }
  }
}
