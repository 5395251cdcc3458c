import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'
import { mapKey } from '../../bytes.js'
import { blob, integer, type Row } from './rows.js'

/** The counters of one mailbox. `head` rises strictly and is never derived from other rows. */
export interface MailboxRow {
  readonly mailbox: Bytes
  head: number
  acknowledged: number
  envelopes: number
  bytes: number
  strangerEnvelopes: number
  strangerBytes: number
}

/**
 * The mailbox rows that one transaction touches: each is read once and written once, however many
 * envelopes of the transaction are for it. `write` before the commit, `forget` after it or when it
 * is rolled back.
 */
export class MailboxRows {
  readonly #rows = new Map<string, MailboxRow>()
  readonly #touched = new Set<MailboxRow>()
  readonly #select
  readonly #update

  constructor(database: Database) {
    this.#select = database.prepare('SELECT * FROM mailbox WHERE mailbox = ?')
    this.#update = database.prepare(
      `UPDATE mailbox SET head = ?, acknowledged = ?, envelopes = ?, bytes = ?,
         stranger_envelopes = ?, stranger_bytes = ? WHERE mailbox = ?`,
    )
  }

  load(mailbox: Bytes): MailboxRow | undefined {
    const key = mapKey(mailbox)
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const row = this.#select.get<Row>([mailbox])
    if (row === undefined) return undefined
    const loaded = parseMailboxRow(row)
    this.#rows.set(key, loaded)
    return loaded
  }

  touch(row: MailboxRow): void {
    this.#touched.add(row)
  }

  write(): void {
    for (const row of this.#touched) {
      this.#update.run([
        row.head,
        row.acknowledged,
        row.envelopes,
        row.bytes,
        row.strangerEnvelopes,
        row.strangerBytes,
        row.mailbox,
      ])
    }
    this.#touched.clear()
  }

  forget(): void {
    this.#rows.clear()
    this.#touched.clear()
  }
}

function parseMailboxRow(row: Row): MailboxRow {
  return {
    mailbox: blob(row, 'mailbox'),
    head: integer(row, 'head'),
    acknowledged: integer(row, 'acknowledged'),
    envelopes: integer(row, 'envelopes'),
    bytes: integer(row, 'bytes'),
    strangerEnvelopes: integer(row, 'stranger_envelopes'),
    strangerBytes: integer(row, 'stranger_bytes'),
  }
}
