import { asSottoError, StorageError, type SottoError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Signal } from '../signal.js'
import { checkClaim } from './claims.js'
import type { UsernameDoor } from './successor.js'

const HOUR_MS = 60 * 60_000
/** A claim is looked up at most this often. */
const CHECK_MS_MIN = 24 * HOUR_MS
/** Each costs a permit of the day: no flood of claims has all of them at once. */
const LOOKUPS_AN_HOUR = 30
const RETRY_MS_MIN = 60_000

/**
 * Looks up, one after the other, what contacts claim to be called, and who has a contact's username
 * where somebody else claims it. Holds no state that matters: what is due stands in the store.
 */
export class ClaimLookups {
  readonly #core: Core
  readonly #door: UsernameDoor
  readonly #changed: Signal
  readonly #fatal: (error: SottoError) => void
  /** When lookups of the last hour began, monotonic. */
  #begunMs: number[] = []
  #working: Promise<void> | undefined
  #notBeforeMs = -Infinity
  #cancelTimer: () => void = () => undefined
  #started = false
  #stopped = false

  constructor(options: {
    readonly core: Core
    readonly door: UsernameDoor
    /** Fired when no lookup is under way any more. */
    readonly changed: Signal
    readonly fatal: (error: SottoError) => void
  }) {
    this.#core = options.core
    this.#door = options.door
    this.#changed = options.changed
    this.#fatal = options.fatal
  }

  /** The relay can be reached: from now on what is due is looked up. */
  start(): void {
    this.#started = true
    this.kick()
  }

  /** Cheap; call it after anything that may have brought a claim. */
  kick(): void {
    if (!this.#started || this.#stopped || this.#working !== undefined) return
    if (this.#waitMs() > 0 || this.#due() === undefined) return
    this.#working = this.#work()
      .catch((thrown: unknown) => {
        this.#stopped = true
        this.#fatal(asSottoError(thrown))
      })
      .finally(() => {
        this.#working = undefined
        this.#changed.fire()
      })
  }

  /** Nothing is being looked up. */
  isSettled(): boolean {
    return this.#working === undefined
  }

  /** Ends after what is being looked up. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    await this.#working
  }

  async #work(): Promise<void> {
    while (!this.#stopped && this.#waitMs() === 0) {
      const claimant = this.#due()
      if (claimant === undefined) return
      this.#begunMs.push(this.#core.ports.clock.monotonicMs())
      try {
        await checkClaim(this.#core, this.#door, claimant)
      } catch (thrown) {
        const error = asSottoError(thrown)
        if (error instanceof StorageError || error.code === 'bug/invariant') throw error
        const { clock } = this.#core.ports
        this.#notBeforeMs = clock.monotonicMs() + restMs(error)
      }
    }
    this.#schedule()
  }

  #due() {
    const nowMs = this.#core.ports.clock.nowMs()
    return this.#core.store.read.contacts.claimDue({ sinceMs: nowMs - CHECK_MS_MIN, nowMs })
  }

  /** How long until the next lookup may begin; 0: now. */
  #waitMs(): number {
    const nowMs = this.#core.ports.clock.monotonicMs()
    this.#begunMs = this.#begunMs.filter((begunMs) => nowMs - begunMs < HOUR_MS)
    const [oldest] = this.#begunMs.slice(-LOOKUPS_AN_HOUR)
    const isFull = oldest !== undefined && this.#begunMs.length >= LOOKUPS_AN_HOUR
    return Math.max(0, this.#notBeforeMs - nowMs, isFull ? oldest + HOUR_MS - nowMs : 0)
  }

  #schedule(): void {
    const waitMs = this.#waitMs()
    if (waitMs === 0 || this.#stopped) return
    this.#cancelTimer()
    this.#cancelTimer = this.#core.ports.clock.after(waitMs, () => {
      this.kick()
    })
  }
}

/** However long a relay asks for, it is asked again after an hour. */
function restMs({ retryAfterMs }: SottoError): number {
  return Math.min(HOUR_MS, Math.max(RETRY_MS_MIN, retryAfterMs ?? 0))
}
