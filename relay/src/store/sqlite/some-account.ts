import type Database from '@signalapp/sqlcipher'
import { DECOY, type SomeAccount } from '../port.js'
import { blob, type Row } from './rows.js'

/** Any account, and not the decoy; undefined: there is none. */
export function someAccount(database: Database): SomeAccount | undefined {
  const row = database
    .prepare('SELECT account, identity_key FROM account WHERE account <> ? LIMIT 1')
    .get<Row>([DECOY])
  if (row === undefined) return undefined
  return { account: blob(row, 'account'), identityKey: blob(row, 'identity_key') }
}
