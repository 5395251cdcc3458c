import { StorageError, UnavailableError, asSottoError } from '@sotto/protocol'
import { OPERATIONS_PENDING_MAX, UNAVAILABLE_RETRY_MS } from '../limits/bounds.js'
import { SILENT_METERS, type Meters } from '../metrics/meters.js'
import type { Acknowledgement, ChangeName, Changes, Operation, Outcome, Store } from './port.js'

interface Pending {
  readonly operation: Operation
  readonly resolve: (output: never) => void
  readonly reject: (cause: unknown) => void
}

/**
 * Commits that go ahead of an acknowledgement, at most. Nobody waits for it, and a mailbox that is
 * read acknowledges again meanwhile: what is forgotten together touches each page once.
 */
export const COMMITS_AHEAD_MAX = 16

/** So many turns of the event loop are waited for what is on its way, at most. */
export const GATHERING_TURNS_MAX = 8

/**
 * Commits together whatever one turn of the event loop brought: one transaction and one fsync for
 * all, at the turn's end and never by a timer. Where that is less than was committed last, whoever
 * was answered then is writing again just now: turns are added as long as each brings more. A promise resolves only after the commit that holds
 * its operation is durable, as far as `Store.apply` says. Should the process die before, nothing was
 * promised. Acknowledgements go with the first commit that has nothing else to do, or after
 * COMMITS_AHEAD_MAX others: lost with the process, they cost a second delivery and nothing more.
 * Nobody finds a mailbox full for their sake: `Store.apply` is told of those that wait.
 */
export class GroupCommit {
  readonly #store: Store
  readonly #onFailure: (cause: unknown) => void
  readonly #meters: Pick<Meters, 'nowMs' | 'committed'>
  #pending: Pending[] = []
  #acknowledgements: Pending[] = []
  #commitsAhead = 0
  #committedLast = 0
  #committing: Promise<void> | undefined

  constructor(
    store: Store,
    onFailure: (cause: unknown) => void,
    meters: Pick<Meters, 'nowMs' | 'committed'> = SILENT_METERS,
  ) {
    this.#store = store
    this.#onFailure = onFailure
    this.#meters = meters
  }

  /**
   * Rejects with an UnavailableError when nothing could be stored (disk full, I/O error, too much
   * waiting), with an InvariantError when this operation alone broke.
   */
  change<Name extends ChangeName>(
    name: Name,
    input: Changes[Name]['input'],
  ): Promise<Changes[Name]['output']> {
    const waiting = this.#pending.length + this.#acknowledgements.length
    if (waiting >= OPERATIONS_PENDING_MAX) {
      return Promise.reject(unavailable('too much is waiting to be stored'))
    }
    return new Promise((resolve, reject) => {
      const pending = name === 'acknowledge' ? this.#acknowledgements : this.#pending
      pending.push({ operation: { name, input } as Operation, resolve, reject })
      if (this.#committing === undefined) this.#committing = this.#commitAtEndOfTurn()
    })
  }

  /** Resolves when everything asked for so far has been answered. */
  async settle(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing
  }

  async #commitAtEndOfTurn(): Promise<void> {
    await this.#gather()
    this.#committedLast = this.#pending.length
    await this.#commit(this.#takeBatch())
    const isDone = this.#pending.length + this.#acknowledgements.length === 0
    this.#committing = isDone ? undefined : this.#commitAtEndOfTurn()
  }

  async #gather(): Promise<void> {
    for (let turn = 0, before = -1; turn < GATHERING_TURNS_MAX; turn++) {
      await endOfTurn()
      const there = this.#pending.length
      if (there >= this.#committedLast || there === before) return
      before = there
    }
  }

  /** Acknowledgements first: they make room. */
  #takeBatch(): readonly Pending[] {
    const pending = this.#pending
    this.#pending = []
    const isDue = pending.length === 0 || this.#commitsAhead >= COMMITS_AHEAD_MAX
    if (this.#acknowledgements.length === 0 || !isDue) {
      this.#commitsAhead += this.#acknowledgements.length === 0 ? 0 : 1
      return pending
    }
    const acknowledgements = this.#acknowledgements
    this.#acknowledgements = []
    this.#commitsAhead = 0
    return [...acknowledgements, ...pending]
  }

  /** Acknowledgements that are asked for and not in this batch. */
  #later(): readonly Acknowledgement[] {
    return this.#acknowledgements.flatMap(({ operation }) =>
      operation.name === 'acknowledge' ? [operation.input] : [],
    )
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    const begunAtMs = this.#meters.nowMs()
    let outcomes: readonly Outcome[]
    try {
      const operations = batch.map((pending) => pending.operation)
      outcomes = await this.#store.apply(operations, this.#later())
    } catch (cause) {
      this.#onFailure(cause)
      for (const pending of batch) pending.reject(unavailable('the store failed', cause))
      return
    }
    this.#meters.committed(batch.length, this.#meters.nowMs() - begunAtMs)
    for (const [index, pending] of batch.entries()) settleOne(pending, outcomes[index])
  }
}

function settleOne(pending: Pending, outcome: Outcome | undefined): void {
  if (outcome?.kind === 'done') pending.resolve(outcome.output as never)
  else
    pending.reject(asSottoError(outcome?.cause ?? new StorageError('store/failed', 'no outcome')))
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function unavailable(message: string, cause?: unknown): UnavailableError {
  return new UnavailableError('relay/unavailable', message, {
    cause,
    retryAfterMs: UNAVAILABLE_RETRY_MS,
  })
}
