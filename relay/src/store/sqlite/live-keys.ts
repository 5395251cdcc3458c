import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'
import { mapKey } from '../../bytes.js'
import { blob, integer, type Row } from './rows.js'

export type SeqsByKey = Map<string, number>

/** Keys held for all mailboxes together, about 100 bytes each; a mailbox unused longest goes first. */
export const LIVE_KEYS_MAX = 200_000

/**
 * The idempotency keys of the envelopes that wait, by mailbox. They are on disk in the envelopes'
 * own rows, where no index on them costs every submission a random page; a mailbox's keys are read
 * into memory when it is first submitted to. Tombstones have the keys of envelopes that are gone.
 */
export class LiveKeys {
  /** Seqs by key, in the order of seq. Mailboxes in the order of their last use. */
  readonly #mailboxes = new Map<string, SeqsByKey>()
  readonly #select
  #count = 0

  constructor(database: Database) {
    this.#select = database.prepare(
      'SELECT seq, key FROM envelope WHERE mailbox = ? AND key IS NOT NULL ORDER BY seq',
    )
  }

  /** Seqs by `mapKey` of the key, of one mailbox; good until the end of the operation. */
  of(mailbox: Bytes): SeqsByKey {
    const name = mapKey(mailbox)
    const keys = this.#mailboxes.get(name) ?? this.#load(mailbox)
    this.#mailboxes.delete(name)
    this.#mailboxes.set(name, keys)
    if (this.#count > LIVE_KEYS_MAX && this.#mailboxes.size > 1) this.#forgetOldest()
    return keys
  }

  /** An envelope with a key that `keys` did not have waits under `seq`, the highest so far. */
  add(keys: SeqsByKey, name: string, seq: number): void {
    keys.set(name, seq)
    this.#count++
  }

  /** The envelopes up to `seq` are gone. */
  dropUpTo(mailbox: Bytes, seq: number): void {
    const keys = this.#mailboxes.get(mapKey(mailbox))
    if (keys === undefined) return
    for (const [key, seqOfKey] of keys) {
      if (seqOfKey > seq) break
      keys.delete(key)
      this.#count--
    }
  }

  /** What memory says may not be what is on disk: read it again when it is asked for. */
  forget(mailbox: Bytes): void {
    const name = mapKey(mailbox)
    this.#count -= this.#mailboxes.get(name)?.size ?? 0
    this.#mailboxes.delete(name)
  }

  forgetAll(): void {
    this.#mailboxes.clear()
    this.#count = 0
  }

  #load(mailbox: Bytes): SeqsByKey {
    const rows = this.#select.all<Row>([mailbox])
    this.#count += rows.length
    return new Map(rows.map((row) => [mapKey(blob(row, 'key')), integer(row, 'seq')]))
  }

  #forgetOldest(): void {
    for (const [name, keys] of this.#mailboxes) {
      this.#count -= keys.size
      this.#mailboxes.delete(name)
      return
    }
  }
}
