import { assert, PREKEY_ID_MAX, type Bytes } from '@sotto/protocol'
import { blob, integer, type Statements } from '../rows.js'

export type PrekeyKind = 'ec' | 'signed' | 'kyber'

/** Serialised libsignal record. */
export interface StoredPrekey {
  readonly id: number
  readonly record: Bytes
}

export interface StoredKyberPrekey extends StoredPrekey {
  readonly lastResort: boolean
}

export class PrekeysReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  ec(id: number): Bytes | undefined {
    const row = this.sql.get('SELECT record FROM ec_prekey WHERE id = ?', [id])
    return row === undefined ? undefined : blob(row, 'record')
  }

  signed(id: number): Bytes | undefined {
    const row = this.sql.get('SELECT record FROM signed_prekey WHERE id = ?', [id])
    return row === undefined ? undefined : blob(row, 'record')
  }

  kyber(id: number): StoredKyberPrekey | undefined {
    const row = this.sql.get('SELECT record, last_resort FROM kyber_prekey WHERE id = ?', [id])
    if (row === undefined) return undefined
    return { id, record: blob(row, 'record'), lastResort: integer(row, 'last_resort') === 1 }
  }

  wasKyberSeen(use: KyberUse): boolean {
    const row = this.sql.get(
      'SELECT 1 AS seen FROM kyber_seen WHERE kyber_id = ? AND signed_id = ? AND base_key = ?',
      [use.kyberId, use.signedId, use.baseKey],
    )
    return row !== undefined
  }

  /** When the signed prekey in use was made; undefined before the first. */
  signedSinceMs(): number | undefined {
    const row = this.sql.get(
      'SELECT created_ms FROM signed_prekey WHERE retired_ms IS NULL ORDER BY id DESC LIMIT 1',
    )
    return row === undefined ? undefined : integer(row, 'created_ms')
  }

  unpublishedEc(): readonly StoredPrekey[] {
    return this.#records('SELECT id, record FROM ec_prekey WHERE published = 0 ORDER BY id')
  }

  unpublishedKyber(): readonly StoredPrekey[] {
    return this.#records(
      'SELECT id, record FROM kyber_prekey WHERE published = 0 AND last_resort = 0 ORDER BY id',
    )
  }

  unpublishedSigned(): StoredPrekey | undefined {
    return this.#records(
      'SELECT id, record FROM signed_prekey WHERE published = 0 ORDER BY id DESC LIMIT 1',
    )[0]
  }

  unpublishedLastResort(): StoredPrekey | undefined {
    return this.#records(
      'SELECT id, record FROM kyber_prekey WHERE published = 0 AND last_resort = 1 ORDER BY id DESC LIMIT 1',
    )[0]
  }

  /** How many private halves of one-time keys there are, handed out or not. */
  oneTimeCounts(): { readonly ec: number; readonly kyber: number } {
    const row = this.sql.get(
      `SELECT (SELECT COUNT(*) FROM ec_prekey) AS ec,
              (SELECT COUNT(*) FROM kyber_prekey WHERE last_resort = 0) AS kyber`,
    )
    return row === undefined
      ? { ec: 0, kyber: 0 }
      : { ec: integer(row, 'ec'), kyber: integer(row, 'kyber') }
  }

  #records(sql: string): readonly StoredPrekey[] {
    return this.sql.all(sql).map((row) => ({ id: integer(row, 'id'), record: blob(row, 'record') }))
  }
}

/** One use of a last-resort Kyber prekey (PQXDH, "Replay"). */
export interface KyberUse {
  readonly kyberId: number
  readonly signedId: number
  readonly baseKey: Bytes
}

export class PrekeysWriter extends PrekeysReader {
  /** `count` ids that were never used before, ascending. */
  takeIds(kind: PrekeyKind, count: number): readonly number[] {
    if (count === 0) return []
    const row = this.sql.get('SELECT highest FROM prekey_counter WHERE kind = ?', [kind])
    const highest = row === undefined ? 0 : integer(row, 'highest')
    assert(highest + count <= PREKEY_ID_MAX, 'prekey ids are not used up')
    this.sql.run('INSERT OR REPLACE INTO prekey_counter VALUES (?, ?)', [kind, highest + count])
    return Array.from({ length: count }, (_, index) => highest + 1 + index)
  }

  addEc(prekey: StoredPrekey, nowMs: number): void {
    this.sql.run('INSERT INTO ec_prekey VALUES (?, ?, 0, ?)', [prekey.id, prekey.record, nowMs])
  }

  addSigned(prekey: StoredPrekey, nowMs: number): void {
    this.sql.run('UPDATE signed_prekey SET retired_ms = ? WHERE retired_ms IS NULL', [nowMs])
    this.sql.run('INSERT INTO signed_prekey VALUES (?, ?, 0, ?, NULL)', [
      prekey.id,
      prekey.record,
      nowMs,
    ])
  }

  addKyber(prekey: StoredPrekey, nowMs: number): void {
    this.sql.run('INSERT INTO kyber_prekey VALUES (?, ?, 0, 0, ?, NULL)', [
      prekey.id,
      prekey.record,
      nowMs,
    ])
  }

  addLastResort(prekey: StoredPrekey, nowMs: number): void {
    this.sql.run(
      'UPDATE kyber_prekey SET retired_ms = ? WHERE last_resort = 1 AND retired_ms IS NULL',
      [nowMs],
    )
    this.sql.run('INSERT INTO kyber_prekey VALUES (?, ?, 0, 1, ?, NULL)', [
      prekey.id,
      prekey.record,
      nowMs,
    ])
  }

  removeEc(id: number): void {
    this.sql.run('DELETE FROM ec_prekey WHERE id = ?', [id])
  }

  removeKyber(id: number): void {
    this.sql.run('DELETE FROM kyber_prekey WHERE id = ? AND last_resort = 0', [id])
  }

  markKyberSeen(use: KyberUse, nowMs: number): void {
    this.sql.run('INSERT INTO kyber_seen VALUES (?, ?, ?, ?)', [
      use.kyberId,
      use.signedId,
      use.baseKey,
      nowMs,
    ])
  }

  markPublished(kind: PrekeyKind, ids: readonly number[]): void {
    const table = { ec: 'ec_prekey', signed: 'signed_prekey', kyber: 'kyber_prekey' }[kind]
    for (const id of ids) this.sql.run(`UPDATE ${table} SET published = 1 WHERE id = ?`, [id])
  }

  /** One-time prekeys that a restored relay may hand out a second time. */
  removeOneTime(): void {
    this.sql.run('DELETE FROM ec_prekey')
    this.sql.run('DELETE FROM kyber_prekey WHERE last_resort = 0')
  }

  /** One-time keys that were made before and never used, but for the newest: those wait at the relay. */
  forgetOneTime(beforeMs: number, newest: number): void {
    this.sql.run(
      `DELETE FROM ec_prekey WHERE created_ms < ? AND id NOT IN (
         SELECT id FROM ec_prekey ORDER BY id DESC LIMIT ? + 0)`,
      [beforeMs, newest],
    )
    this.sql.run(
      `DELETE FROM kyber_prekey WHERE last_resort = 0 AND created_ms < ? AND id NOT IN (
         SELECT id FROM kyber_prekey WHERE last_resort = 0 ORDER BY id DESC LIMIT ? + 0)`,
      [beforeMs, newest],
    )
  }

  /** Retired private keys, and what was seen of them, once no message for them can come. */
  forgetRetired(beforeMs: number): void {
    this.sql.run('DELETE FROM signed_prekey WHERE retired_ms < ?', [beforeMs])
    this.sql.run('DELETE FROM kyber_prekey WHERE retired_ms < ?', [beforeMs])
    this.sql.run(
      'DELETE FROM kyber_seen WHERE seen_ms < ? AND kyber_id NOT IN (SELECT id FROM kyber_prekey)',
      [beforeMs],
    )
  }
}
