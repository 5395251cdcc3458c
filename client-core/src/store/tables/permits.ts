import type { Bytes } from '@sotto/protocol'
import { blob, blobOrNull, integer, type Statements } from '../rows.js'

/** How permits are drawn at this account's relay. */
export interface PermitDraw {
  /** What they are drawn under: pinned when they were first drawn. */
  readonly parameters: Bytes
  /** Permits of a day. */
  readonly batch: number
  /** Of a draw whose answer is not on disk yet; null: none is under way. */
  readonly context: Bytes | null
  /** Days since 1970, relay time: drawn last. */
  readonly day: number
}

export interface StoredPermit {
  readonly permit: Bytes
  readonly expiresMs: number
}

export class PermitsReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  /** Undefined until something has been drawn. */
  drawn(): PermitDraw | undefined {
    const row = this.sql.get('SELECT * FROM permit_draw')
    if (row === undefined) return undefined
    return {
      parameters: blob(row, 'parameters'),
      batch: integer(row, 'batch'),
      context: blobOrNull(row, 'context'),
      day: integer(row, 'day'),
    }
  }

  /** The permit of the errand to `target`, while it has not expired. */
  ofErrand(target: Bytes, nowMs: number): Bytes | undefined {
    const row = this.sql.get('SELECT permit FROM permit WHERE target = ? AND expires_ms > ?', [
      target,
      nowMs,
    ])
    return row === undefined ? undefined : blob(row, 'permit')
  }

  /** Permits of no errand that are good beyond `untilMs`. */
  countFree(untilMs: number): number {
    const row = this.sql.get(
      'SELECT count(*) AS free FROM permit WHERE target IS NULL AND expires_ms > ?',
      [untilMs],
    )
    return row === undefined ? 0 : integer(row, 'free')
  }
}

export class PermitsWriter extends PermitsReader {
  saveDrawn({ parameters, batch, context, day }: PermitDraw): void {
    this.sql.run('INSERT OR REPLACE INTO permit_draw VALUES (1, ?, ?, ?, ?)', [
      parameters,
      batch,
      context,
      day,
    ])
  }

  /** Those that are there already stay as they are. */
  add(permits: readonly StoredPermit[]): void {
    for (const { permit, expiresMs } of permits)
      this.sql.run('INSERT OR IGNORE INTO permit VALUES (?, ?, NULL)', [permit, expiresMs])
  }

  /** The one that expires first of those of no errand is this errand's from now on. */
  take(target: Bytes, untilMs: number): Bytes | undefined {
    const row = this.sql.get(
      `SELECT permit FROM permit WHERE target IS NULL AND expires_ms > ?
       ORDER BY expires_ms, permit LIMIT 1`,
      [untilMs],
    )
    if (row === undefined) return undefined
    const permit = blob(row, 'permit')
    this.sql.run('DELETE FROM permit WHERE target = ?', [target])
    this.sql.run('UPDATE permit SET target = ? WHERE permit = ?', [target, permit])
    return permit
  }

  remove(permit: Bytes): void {
    this.sql.run('DELETE FROM permit WHERE permit = ?', [permit])
  }

  /** Nobody takes what has expired. */
  forget(nowMs: number): void {
    this.sql.run('DELETE FROM permit WHERE expires_ms <= ?', [nowMs])
  }
}
