import type { Scheduler } from './scheduler.js'

/** What a part that has died throws, whatever it was about to do to the world. */
export class Died extends Error {
  constructor() {
    super('the simulated process is dead')
  }
}

/** Faults that a disk may have. */
export class DiskFault extends Error {
  readonly code: 'SQLITE_FULL' | 'SQLITE_IOERR_FSYNC'

  constructor(code: DiskFault['code']) {
    super(`${code}: the simulated disk does not take it`)
    this.code = code
  }
}

export interface IncarnationHooks {
  readonly died: () => void
  /** It did something that more may follow from. */
  readonly moved: () => void
  /** A callback threw: Node would end the process with a stack trace. */
  readonly uncaught: (thrown: unknown) => void
}

/**
 * One life of a process. Whatever it does to the world goes through `act`, so that it can end before
 * any of it: between two acts it changes nothing that anybody could see.
 */
export class Incarnation {
  #alive = true
  #actsLeft = Infinity
  #commitsUntilFault = Infinity
  #fault: DiskFault['code'] = 'SQLITE_FULL'
  #timers = 0
  readonly #hooks: IncarnationHooks

  constructor(hooks: IncarnationHooks) {
    this.#hooks = hooks
  }

  get isAlive(): boolean {
    return this.#alive
  }

  isDead(): boolean {
    return !this.#alive
  }

  /** Those it has set: none once it is dead. */
  get timers(): number {
    return this.#alive ? this.#timers : 0
  }

  /** Dies before the act that comes after so many more. */
  dieAfter(acts: number): void {
    this.#actsLeft = acts
  }

  /** The disk refuses the commit that comes after so many more. */
  failAfter(commits: number, fault: DiskFault['code']): void {
    this.#commitsUntilFault = commits
    this.#fault = fault
  }

  /** Whatever was armed will not be. */
  disarm(): void {
    this.#actsLeft = Infinity
    this.#commitsUntilFault = Infinity
  }

  die(): void {
    if (!this.#alive) return
    this.#alive = false
    this.#hooks.died()
  }

  /** Throws Died where it is dead, or dies now. */
  act(): void {
    this.#hooks.moved()
    if (this.#alive && --this.#actsLeft < 0) this.die()
    if (!this.#alive) throw new Died()
  }

  /** The same before a commit, which the disk may refuse. */
  commit(): void {
    this.act()
    if (--this.#commitsUntilFault >= 0) return
    this.#commitsUntilFault = Infinity
    throw new DiskFault(this.#fault)
  }

  /** `run`, a callback of the world, as long as it lives. */
  guard<Arguments extends unknown[]>(
    run: (...given: Arguments) => void,
  ): (...given: Arguments) => void {
    return (...given) => {
      this.#hooks.moved()
      if (!this.#alive) return
      try {
        run(...given)
      } catch (thrown) {
        if (this.isDead()) return // Of whatever it says now, it has died.
        this.#hooks.uncaught(thrown)
        this.die()
      }
    }
  }

  /** A timer of its own, on the world’s clock; the answer cancels. */
  after(clock: Pick<Scheduler, 'after'>, delayMs: number, wake: () => void): () => void {
    let isSet = true
    this.#timers++
    const unset = (): void => {
      if (isSet) this.#timers--
      isSet = false
    }
    const cancel = clock.after(
      delayMs,
      this.guard(() => {
        unset()
        wake()
      }),
    )
    return () => {
      unset()
      cancel()
    }
  }

  /** What a dead process waits for never comes. */
  async answer<Value>(value: Promise<Value>): Promise<Value> {
    try {
      const answered = await value
      if (!this.#alive) await never()
      return answered
    } catch (thrown) {
      if (!this.#alive) await never()
      throw thrown
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}
