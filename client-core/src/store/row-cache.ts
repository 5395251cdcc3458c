/** Rows kept at most; then all are forgotten, and those in use come back by themselves. */
const ROWS_MAX = 256

/**
 * Rows of one table by their key, as this connection reads them, within a transaction what it has
 * written: whoever writes a row forgets it here, and a transaction that did not commit forgets all.
 * That no such row exists is kept too.
 */
export class RowCache<Key, Value> {
  readonly #rows = new Map<Key, Value | undefined>()

  get(key: Key, read: () => Value | undefined): Value | undefined {
    if (this.#rows.has(key)) return this.#rows.get(key)
    const value = read()
    if (this.#rows.size >= ROWS_MAX) this.#rows.clear()
    this.#rows.set(key, value)
    return value
  }

  forget(key: Key): void {
    this.#rows.delete(key)
  }

  forgetAll(): void {
    this.#rows.clear()
  }
}

/**
 * What one query answered, as this connection reads it: whoever writes what it reads forgets it, and a
 * transaction that did not commit forgets it too. For questions that are asked after every commit.
 */
export class KeptAnswer<Value> {
  #kept: { readonly value: Value } | undefined

  get(read: () => Value): Value {
    this.#kept ??= { value: read() }
    return this.#kept.value
  }

  forget(): void {
    this.#kept = undefined
  }
}
