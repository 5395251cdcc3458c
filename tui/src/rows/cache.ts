import { KeptRows } from './kept-rows.js'
import type { EntryId, Row } from './row.js'

export interface RowKey {
  readonly id: EntryId
  readonly revision: number
  /** Everything else by which the rows are what they are. */
  readonly options: string
}

export interface RowCacheLimits {
  readonly entriesMax: number
  /** Of all entries together: one may have thousands. */
  readonly rowsMax: number
}

const LIMITS: RowCacheLimits = { entriesMax: 2_000, rowsMax: 100_000 }

interface Kept {
  readonly revision: number
  readonly options: string
  readonly rows: readonly Row[]
}

/**
 * The rows of the entries that were shown last, one layout of each: what was laid out for another
 * revision or width is forgotten with it. It holds decrypted text, so `clear` it when the screen is
 * locked and `forget` what is deleted or has expired.
 */
export class RowCache {
  /** Those of everything else on the screen. */
  readonly others = new KeptRows()
  /** Those used last at the end. */
  readonly #kept = new Map<EntryId, Kept>()
  readonly #limits: RowCacheLimits
  #rowCount = 0

  constructor(limits: RowCacheLimits = LIMITS) {
    this.#limits = limits
  }

  get size(): number {
    return this.#kept.size
  }

  /** The rows that are kept, else those that `layOut` makes, kept from now on. */
  rows({ id, revision, options }: RowKey, layOut: () => readonly Row[]): readonly Row[] {
    const kept = this.#kept.get(id)
    const isSame = kept?.revision === revision && kept.options === options
    const rows = isSame ? kept.rows : layOut()
    this.forget(id)
    this.#kept.set(id, { revision, options, rows })
    this.#rowCount += rows.length
    this.#trim()
    return rows
  }

  forget(id: EntryId): void {
    this.#rowCount -= this.#kept.get(id)?.rows.length ?? 0
    this.#kept.delete(id)
  }

  /** Afterwards nothing here leads to a text, nor does what the engine keeps of the last match. */
  clear(): void {
    this.#kept.clear()
    this.others.clear()
    this.#rowCount = 0
    forgetLastMatch()
  }

  #trim(): void {
    for (const id of this.#kept.keys()) {
      const isFull =
        this.#kept.size > this.#limits.entriesMax || this.#rowCount > this.#limits.rowsMax
      if (!isFull || this.#kept.size === 1) return
      this.forget(id)
    }
  }
}

/** RegExp keeps the last text that something was found in. */
function forgetLastMatch(): void {
  ;/x/.exec('x')
}
