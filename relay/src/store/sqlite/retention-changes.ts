import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'
import { DECOY, type DeviceKey } from '../port.js'
import type { RetentionChanges, SeenDevice } from '../retention.js'
import type { AccountChanges } from './account-changes.js'
import { deleteMailboxRows } from './gone-mailboxes.js'
import { blob, integer, type Row } from './rows.js'

/** https://sqlite.org/pragma.html#pragma_auto_vacuum */
export const INCREMENTAL = 2

const RELAY_DAY = "(SELECT value FROM meta WHERE name = 'relay_day')"
/** Of a device `d`. */
export const IDLE_DAYS = `${RELAY_DAY} - d.last_day`

/** What makes the store smaller; call it inside a transaction only. */
export class Retention {
  readonly #database: Database
  readonly #accounts: AccountChanges

  constructor(database: Database, accounts: AccountChanges) {
    this.#database = database
    this.#accounts = accounts
  }

  shrink({ pages, spare }: RetentionChanges['shrink']['input']): number {
    const number = (pragma: string) => Number(this.#database.pragma(pragma, { simple: true }))
    if (number('auto_vacuum') !== INCREMENTAL) return 0
    const excess = number('freelist_count') - spare
    if (excess <= 0) return 0
    // All of its rows have to be read: it gives back one page for each.
    this.#database.pragma(`incremental_vacuum(${Math.min(pages, excess)})`)
    return Math.max(0, excess - pages)
  }

  countDay({ day }: RetentionChanges['count-day']['input']): number {
    const counted = this.#run(
      "UPDATE meta SET value = ? WHERE name = 'calendar_day' AND value <> ?",
      [day, day],
    )
    if (counted > 0) this.#run("UPDATE meta SET value = value + 1 WHERE name = 'relay_day'", [])
    return this.#database.prepare(`SELECT ${RELAY_DAY}`, { pluck: true }).get<number>([]) as number
  }

  seeDevices({ devices }: RetentionChanges['see-devices']['input']): 'done' {
    for (const { account, device } of devices) {
      this.#run(`UPDATE device SET last_day = ${RELAY_DAY} WHERE account = ? AND device = ?`, [
        account,
        device,
      ])
    }
    return 'done'
  }

  /** In the order of accounts and devices; the account nobody has is no account. */
  listDevices(after: DeviceKey | undefined, max: number): readonly SeenDevice[] {
    return this.#database
      .prepare(
        `SELECT account, device, mailbox, ${IDLE_DAYS} AS idle_days FROM device d
         WHERE (account, device) > (?, ?) ORDER BY account, device LIMIT ? + 0`,
      )
      .all<Row>([after?.account ?? DECOY, after?.device ?? 127, max])
      .map((row) => ({
        account: blob(row, 'account'),
        device: integer(row, 'device'),
        mailbox: blob(row, 'mailbox'),
        idleDays: integer(row, 'idle_days'),
      }))
  }

  expireDevice({
    owner,
    idleDays,
  }: RetentionChanges['expire-device']['input']): RetentionChanges['expire-device']['output'] {
    const { account, device } = owner
    const idle = this.#database
      .prepare(`SELECT ${IDLE_DAYS} FROM device d WHERE account = ? AND device = ?`, {
        pluck: true,
      })
      .get<number>([account, device])
    if (idle === undefined || idle < idleDays) return { closed: [] }
    return { closed: this.#accounts.expireDevice(owner) }
  }

  purgeMailbox({ max }: RetentionChanges['purge-mailbox']['input']): boolean {
    const mailbox = this.#database
      .prepare('SELECT mailbox FROM closed_mailbox LIMIT 1', { pluck: true })
      .get<Bytes>([])
    if (mailbox === undefined) return false
    if (deleteMailboxRows(this.#database, mailbox, max)) {
      this.#run('DELETE FROM closed_mailbox WHERE mailbox = ?', [mailbox])
    }
    return true
  }

  #run(sql: string, values: readonly (number | Bytes)[]): number {
    return this.#database.prepare(sql).run(values).changes
  }
}
