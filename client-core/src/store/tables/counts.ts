import { integer, integerOrNull, type Statements } from '../rows.js'

/** How many rows of each kind there are. */
export interface StoreCounts {
  readonly messages: number
  readonly conversations: number
  readonly quarantined: number
  /** In the journal. */
  readonly events: number
  /** In the outbox. */
  readonly queued: number
  /** Arrival of the oldest message; null: there is none. */
  readonly oldestMs: number | null
}

/** Tried more often than this, a row of the outbox is stuck. */
const ATTEMPTS_USUAL = 10

/** Looks at all of the store at once: for people who ask how it is, not for work. */
export class CountsReader {
  readonly #sql: Statements

  constructor(sql: Statements) {
    this.#sql = sql
  }

  all(): StoreCounts {
    const oldest = this.#sql.get('SELECT MIN(arrival_ms) AS ms FROM message')
    return {
      messages: this.#count('message'),
      conversations: this.#count('conversation'),
      quarantined: this.#count('quarantine'),
      events: this.#count('journal'),
      queued: this.#count('outbox'),
      oldestMs: oldest === undefined ? null : integerOrNull(oldest, 'ms'),
    }
  }

  /** Rows of the outbox that have been tried in vain again and again. */
  stuck(): number {
    return this.#count(`outbox WHERE attempts > ${String(ATTEMPTS_USUAL)}`)
  }

  /** One-time prekeys that the relay was given and that are still ours, of the scarcer kind. */
  oneTimePrekeys(): number {
    return Math.min(
      this.#count('ec_prekey WHERE published = 1'),
      this.#count('kyber_prekey WHERE published = 1 AND last_resort = 0'),
    )
  }

  #count(rows: string): number {
    const row = this.#sql.get(`SELECT COUNT(*) AS count FROM ${rows}`)
    return row === undefined ? 0 : integer(row, 'count')
  }
}
