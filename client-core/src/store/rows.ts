import { assert, ownBytes, type Bytes } from '@sotto/protocol'
import type { Database, Statement } from '@signalapp/sqlcipher'
import { guarded } from './database.js'

/** A row as SQLite gives it; the getters below assert what the schema promises. */
export type Row = Readonly<Record<string, string | number | null | Uint8Array>>

/** What a statement takes. */
export type Value = string | number | null | Bytes

/**
 * Statements of one database, prepared once each; each keeps the row that it gave last. They say
 * `LIMIT ? + 0` and never the parameter alone: SQLite plans by the value of such, and so compiles the
 * statement anew whenever one is bound, which takes ten times as long as a short answer. A disk that
 * fails is a StorageError in reading too: whoever opens an envelope must never take it for a bad one.
 */
export class Statements {
  readonly #database: Database
  /** By their text as it stands in the source: no text is put together to find one. */
  readonly #prepared = new Map<string, Statement>()

  constructor(database: Database) {
    this.#database = database
  }

  get(sql: string, parameters: readonly Value[] = []): Row | undefined {
    return guarded(() => this.#prepare(sql).get<Record<string, Value>>(parameters))
  }

  all(sql: string, parameters: readonly Value[] = []): readonly Row[] {
    return guarded(() => this.#prepare(sql).all<Record<string, Value>>(parameters))
  }

  /** The number of rows changed. */
  run(sql: string, parameters: readonly Value[] = []): number {
    return guarded(() => this.#prepare(sql).run(parameters).changes)
  }

  /** The words of a text, as the search table takes it apart; none where it holds only signs. */
  words(text: string): readonly string[] {
    return guarded(() => this.#database.signalTokenize(text))
  }

  /** The row id of what was inserted. */
  insert(sql: string, parameters: readonly Value[]): number {
    return guarded(() => this.#prepare(sql).run(parameters).lastInsertRowid)
  }

  /** Lets go of the statements, and so of every row. The next of each is prepared anew. */
  forget(): void {
    this.#prepared.clear()
  }

  #prepare(sql: string): Statement {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql, { persistent: true })
    this.#prepared.set(sql, statement)
    return statement
  }
}

export function text(row: Row, column: string): string {
  const value = row[column]
  assert(typeof value === 'string', `${column} is text`)
  return value
}

export function textOrNull(row: Row, column: string): string | null {
  const value = row[column]
  assert(typeof value === 'string' || value === null, `${column} is text or null`)
  return value
}

export function integer(row: Row, column: string): number {
  const value = row[column]
  assert(typeof value === 'number', `${column} is a number`)
  return value
}

export function integerOrNull(row: Row, column: string): number | null {
  const value = row[column]
  assert(typeof value === 'number' || value === null, `${column} is a number or null`)
  return value
}

export function blob(row: Row, column: string): Bytes {
  const value = row[column]
  assert(value instanceof Uint8Array, `${column} is bytes`)
  return ownBytes(value)
}

export function blobOrNull(row: Row, column: string): Bytes | null {
  return row[column] === null ? null : blob(row, column)
}
