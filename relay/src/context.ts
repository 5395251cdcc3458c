import type { Bytes, RegistrationKind } from '@sotto/protocol'
import type { SignupWork } from './accounts/signup-work.js'
import type { Doorbell } from './doorbell/local.js'
import type { RelayKeys } from './keys.js'
import { IDEMPOTENCY_DAYS_AFTER_RETENTION } from './limits/bounds.js'
import type { Limits } from './limits/limits.js'
import type { Gates } from './limits/gates.js'
import type { Pressure } from './limits/pressure.js'
import type { Refusals } from './limits/refusals.js'
import type { Log } from './log.js'
import type { Meters } from './metrics/meters.js'
import { dayOf, type Clock, type Random } from './ports.js'
import type { GroupCommit } from './store/group-commit.js'
import type { Store } from './store/port.js'

/** The parts of one relay, as every request needs them. */
export interface Context {
  readonly store: Store
  readonly commits: GroupCommit
  readonly doorbell: Doorbell
  readonly gates: Gates
  readonly refusals: Refusals
  readonly pressure: Pressure
  readonly limits: Limits
  readonly keys: RelayKeys
  readonly registration: RegistrationKind
  readonly signupWork: SignupWork
  /** The encoded SignedParameters. */
  readonly parameters: Bytes
  readonly epoch: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly meters: Meters
}

/**
 * The day until which the idempotency key of an envelope that comes at `arrivalMs` is remembered: as
 * long after its expiry as any sender tries again.
 */
export function forgetDay(arrivalMs: number, { retentionDays }: Context['limits']): number {
  return dayOf(arrivalMs) + retentionDays + IDEMPOTENCY_DAYS_AFTER_RETENTION
}

/** The device behind an identified connection. */
export interface Session {
  readonly account: Bytes
  readonly device: number
  readonly mailbox: Bytes
  readonly identityKey: Bytes
}
