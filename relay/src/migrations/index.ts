import { FIRST } from './0001-first.js'
import { DELETED_ACCOUNTS } from './0002-deleted-accounts.js'
import { SIGNUP_CODES } from './0003-signup-codes.js'
import { PERMITS } from './0004-permits.js'
import { IDLE_DEVICES } from './0005-idle-devices.js'
import { INVITES } from './0006-invites.js'
import { ENVELOPE_KEYS } from './0007-envelope-keys.js'
import { IDEMPOTENCY_KEYS } from './0008-idempotency-keys.js'
import { IDEMPOTENCY_LOG } from './0009-idempotency-log.js'

/** In order; the database's user_version says how many have run. Never edited, only added to. */
export const MIGRATIONS: readonly string[] = [
  FIRST,
  DELETED_ACCOUNTS,
  SIGNUP_CODES,
  PERMITS,
  IDLE_DEVICES,
  INVITES,
  ENVELOPE_KEYS,
  IDEMPOTENCY_KEYS,
  IDEMPOTENCY_LOG,
]
