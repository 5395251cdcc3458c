import { SIGNUP_HALF_MS } from '../limits/bounds.js'
import type { Limits } from '../limits/limits.js'
import type { Clock } from '../ports.js'

/**
 * How much work a new account takes just now: what the operator says while few sign up, in proportion to
 * their number once they are many, and never more than the operator says at most. A relay that ran short
 * of something begins again at the most. In memory: a relay that restarts begins calm.
 */
export class SignupLoad {
  readonly #clock: Clock
  readonly #limits: Limits
  /** Accounts made; each counts half every SIGNUP_HALF_MS. */
  #made = 0
  #countedMs: number

  constructor(options: { readonly clock: Clock; readonly limits: Limits }) {
    this.#clock = options.clock
    this.#limits = options.limits
    this.#countedMs = options.clock.nowMs()
  }

  /** Attempts that an account takes on average. */
  attempts(): number {
    const { signupAttempts, signupAttemptsMax, signupCalm } = this.#limits
    const wanted = Math.ceil(signupAttempts * Math.max(1, this.#count() / signupCalm))
    return Math.max(signupAttempts, Math.min(wanted, signupAttemptsMax))
  }

  /** An account was made. */
  made(): void {
    this.#made = this.#count() + 1
  }

  /** The relay has too much to do for any new account: those who wait for it come slowly. */
  pressed(): void {
    const { signupAttempts, signupAttemptsMax, signupCalm } = this.#limits
    this.#made = Math.max(this.#count(), (signupCalm * signupAttemptsMax) / signupAttempts)
  }

  /** A clock that goes back makes nobody count more. */
  #count(): number {
    const nowMs = this.#clock.nowMs()
    const elapsedMs = Math.max(0, nowMs - this.#countedMs)
    this.#made *= 2 ** (-elapsedMs / SIGNUP_HALF_MS)
    this.#countedMs = nowMs
    return this.#made
  }
}
