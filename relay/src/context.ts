import type { Bytes } from '@sotto/protocol'
import type { Doorbell } from './doorbell/local.js'
import type { RelayKeys } from './keys.js'
import type { Limits } from './limits/limits.js'
import type { Gates } from './limits/gates.js'
import type { Log } from './log.js'
import type { Clock, Random } from './ports.js'
import type { GroupCommit } from './store/group-commit.js'
import type { Store } from './store/port.js'

/** The parts of one relay, as every request needs them. */
export interface Context {
  readonly store: Store
  readonly commits: GroupCommit
  readonly doorbell: Doorbell
  readonly gates: Gates
  readonly limits: Limits
  readonly keys: RelayKeys
  readonly epoch: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** The device behind an identified connection. */
export interface Session {
  readonly account: Bytes
  readonly device: number
  readonly mailbox: Bytes
  readonly identityKey: Bytes
}
