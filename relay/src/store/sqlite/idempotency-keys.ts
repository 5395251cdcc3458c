import type Database from '@signalapp/sqlcipher'
import { assert, type Bytes } from '@sotto/protocol'
import { mapKey } from '../../bytes.js'
import type { RetentionChanges } from '../retention.js'
import { blob, integer, type Row } from './rows.js'

/** So many keys in the log, some 150 bytes of memory each, and those that are there are filed. */
export const KEYS_IN_LOG_MAX = 8_192

/** Meanwhile so many are filed for each that comes, and for all that come together. */
const FILED_FOR_EACH = 2
const FILED_AT_LEAST = 8

/** A key in the log: mailbox and key, the day from which on it may be forgotten, and the seq. */
const NAME_BYTES = 32
const DAY_BYTES = 4
const SEQ_BYTES = 6
const ENTRY_BYTES = NAME_BYTES + DAY_BYTES + SEQ_BYTES

const FROM_THE_BEGINNING: Bytes = new Uint8Array(0)

interface Remembered {
  readonly forgetDay: number
  readonly seq: number
}

/** Keys on their way from the log to the table, in its order. */
interface Filing {
  readonly names: readonly string[]
  next: number
  /** They are what the log holds up to here. */
  readonly upTo: number
}

/**
 * The idempotency keys of all mailboxes; call it inside a transaction only. Keys are random: put into
 * a table right away, each would make a page of its own to be written. So they are only added to a log
 * at first, one row for each transaction, and found by memory; when there are many they are filed in
 * the order of the table `idempotency_key`, of which each page is then written for several. A key is
 * in the log until all that came before it are filed, so that whoever dies in between finds it there.
 */
export class IdempotencyKeys {
  readonly #sql
  readonly #inLogMax: number
  /** What is in the log, by mailbox and key; undefined: nobody has looked. */
  #inLog: Map<string, Remembered> | undefined
  /** Of this transaction, and not in the log yet. */
  #added: string[] = []
  #filing: Filing | undefined

  constructor(database: Database, inLogMax = KEYS_IN_LOG_MAX) {
    this.#sql = prepareStatements(database)
    this.#inLogMax = inLogMax
  }

  /** The seq of the envelope that came with it, 0 of one that is long gone; undefined: none came. */
  find(mailbox: Bytes, key: Bytes): number | undefined {
    const remembered = this.#log().get(nameOf(mailbox, key))
    return remembered?.seq ?? this.#sql.filed.get<number>([mailbox, key])
  }

  /** Of a key that is not known. */
  add(mailbox: Bytes, key: Bytes, remembered: Remembered): void {
    const name = nameOf(mailbox, key)
    this.#log().set(name, remembered)
    this.#added.push(name)
  }

  /** Before the commit. */
  write(): void {
    const added = this.#added.length
    if (added === 0) return
    this.#append()
    if (this.#filing === undefined && this.#log().size < this.#inLogMax) return
    this.#file(Math.max(FILED_AT_LEAST, FILED_FOR_EACH * added))
  }

  /** What was added may not be in the log: memory reads it again. */
  rolledBack(): void {
    this.#inLog = undefined
    this.#added = []
    this.#filing = undefined
  }

  /**
   * Files some of what is in the log. Answers whether more waits of what was there with the first such
   * step: what comes meanwhile is not waited for, or who files would never end on a busy relay.
   */
  fileSome({ max }: RetentionChanges['file-keys']['input']): boolean {
    if (this.#log().size === 0) return false
    this.#append()
    this.#file(max)
    return this.#filing !== undefined
  }

  /** Of those in the table: what is in the log has come lately, or is filed before. */
  forget(input: RetentionChanges['forget-keys']['input']): { readonly next: Bytes | undefined } {
    const { mailbox, after = FROM_THE_BEGINNING, max, day } = input
    const rows = this.#sql.page.all<Row>([mailbox, after, max])
    for (const row of rows) {
      if (integer(row, 'forget_day') <= day) this.#sql.forget.run([mailbox, blob(row, 'key')])
    }
    const last = rows.length === max ? rows.at(-1) : undefined
    return { next: last === undefined ? undefined : blob(last, 'key') }
  }

  #append(): void {
    if (this.#added.length > 0) this.#sql.append.run([this.#encode(this.#added)])
    this.#added = []
  }

  #file(max: number): void {
    const filing = (this.#filing ??= this.#beginFiling())
    const log = this.#log()
    const end = Math.min(filing.next + max, filing.names.length)
    for (; filing.next < end; filing.next++) {
      const name = filing.names[filing.next] ?? ''
      const { forgetDay, seq } = log.get(name) as Remembered // Nothing leaves the log but below.
      const bytes = bytesOf(name)
      const half = NAME_BYTES / 2
      this.#sql.file.run([bytes.subarray(0, half), bytes.subarray(half), forgetDay, seq])
    }
    if (filing.next < filing.names.length) return
    this.#sql.truncate.run([filing.upTo])
    for (const name of filing.names) log.delete(name)
    this.#filing = undefined
  }

  #beginFiling(): Filing {
    const upTo = this.#sql.last.get<number>() ?? 0
    return { names: [...this.#log().keys()].sort(), next: 0, upTo }
  }

  #log(): Map<string, Remembered> {
    return (this.#inLog ??= new Map(this.#sql.log.all<Bytes>().flatMap(decode)))
  }

  #encode(names: readonly string[]): Bytes {
    const entries = Buffer.alloc(names.length * ENTRY_BYTES)
    for (const [index, name] of names.entries()) {
      const { forgetDay, seq } = this.#log().get(name) as Remembered // It was added there.
      const at = index * ENTRY_BYTES
      entries.write(name, at, 'latin1')
      entries.writeUInt32BE(forgetDay, at + NAME_BYTES)
      entries.writeUIntBE(seq, at + NAME_BYTES + DAY_BYTES, SEQ_BYTES)
    }
    return entries
  }
}

function prepareStatements(database: Database) {
  return {
    filed: database.prepare('SELECT seq FROM idempotency_key WHERE mailbox = ? AND key = ?', {
      pluck: true,
    }),
    log: database.prepare('SELECT keys FROM idempotency_log ORDER BY position', { pluck: true }),
    append: database.prepare('INSERT INTO idempotency_log (keys) VALUES (?)'),
    last: database.prepare('SELECT max(position) FROM idempotency_log', { pluck: true }),
    truncate: database.prepare('DELETE FROM idempotency_log WHERE position <= ?'),
    /** Nothing for a mailbox that is gone, and nothing twice after a death in between. */
    file: database.prepare(
      `WITH new (mailbox, key, forget_day, seq) AS (VALUES (?, ?, ?, ?))
       INSERT OR IGNORE INTO idempotency_key (mailbox, key, forget_day, seq)
       SELECT * FROM new WHERE EXISTS (SELECT 1 FROM mailbox m WHERE m.mailbox = new.mailbox)`,
    ),
    page: database.prepare(
      `SELECT key, forget_day FROM idempotency_key
       WHERE mailbox = ? AND key > coalesce(?, zeroblob(0)) ORDER BY key LIMIT ? + 0`,
    ),
    forget: database.prepare('DELETE FROM idempotency_key WHERE mailbox = ? AND key = ?'),
  }
}

function nameOf(mailbox: Bytes, key: Bytes): string {
  assert(mailbox.length + key.length === NAME_BYTES, 'ids and keys are 16 bytes long')
  return mapKey(mailbox) + mapKey(key)
}

function bytesOf(name: string): Bytes {
  return new Uint8Array(Buffer.from(name, 'latin1'))
}

function decode(keys: Bytes): [string, Remembered][] {
  const entries = Buffer.from(keys.buffer, keys.byteOffset, keys.length)
  return Array.from({ length: entries.length / ENTRY_BYTES }, (_, index) => {
    const at = index * ENTRY_BYTES
    const forgetDay = entries.readUInt32BE(at + NAME_BYTES)
    const seq = entries.readUIntBE(at + NAME_BYTES + DAY_BYTES, SEQ_BYTES)
    return [entries.toString('latin1', at, at + NAME_BYTES), { forgetDay, seq }]
  })
}
