import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'
import type {
  Changes,
  DeviceKey,
  DevicePrekeys,
  PrekeyCounts,
  PublicPrekey,
  SignedPublicPrekey,
} from '../port.js'
import { blob, integer, type Row } from './rows.js'

/** What a row of `prekey` holds, and the columns of `device` that go with it. */
const SIGNED = { kind: 0, highest: 'signed_id' } as const
const LAST_RESORT = { kind: 1, highest: 'last_resort_id' } as const
const ONE_TIME_EC = {
  kind: 2,
  highest: 'one_time_ec_id',
  count: 'one_time_ec_count',
} as const
const ONE_TIME_KYBER = {
  kind: 3,
  highest: 'one_time_kyber_id',
  count: 'one_time_kyber_count',
} as const

type OneTime = typeof ONE_TIME_EC | typeof ONE_TIME_KYBER
type Single = typeof SIGNED | typeof LAST_RESORT

/** A device hears when a stock of one-time prekeys has come down to this. */
const PREKEYS_LOW = 20

/** Changes to prekey stocks; call them inside a transaction only. */
export class PrekeyChanges {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  publish(input: Changes['publish-prekeys']['input']): PrekeyCounts {
    const { owner, stock, prekeysMax } = input
    const device = this.#device(owner)
    if (device === undefined) return { oneTimeEc: 0, oneTimeKyber: 0, lastResortUsed: false }
    for (const stale of [ONE_TIME_EC, ONE_TIME_KYBER]) this.#dropVoid(owner, device, stale)
    const { signed, lastResort } = stock
    if (signed !== undefined) this.#replaceSingle(owner, device, SIGNED, signed)
    if (lastResort !== undefined) this.#replaceSingle(owner, device, LAST_RESORT, lastResort)
    if (stock.replace) {
      this.#keepOnly(owner, ONE_TIME_EC, stock.oneTimeEc)
      this.#keepOnly(owner, ONE_TIME_KYBER, stock.oneTimeKyber)
    }
    this.#add(owner, ONE_TIME_EC, stock.oneTimeEc, prekeysMax)
    this.#add(owner, ONE_TIME_KYBER, stock.oneTimeKyber, prekeysMax)
    if (stock.oneTimeKyber.length > 0) {
      this.#run('UPDATE device SET last_resort_used = 0 WHERE account = ? AND device = ?', owner)
    }
    return this.count(owner)
  }

  /**
   * The database was put back: which one-time prekeys were handed out since is not known, and so none
   * goes out any more. They are void at once and their rows go when their device publishes again.
   */
  voidOneTime(): void {
    this.#database
      .prepare('UPDATE device SET one_time_ec_count = 0, one_time_kyber_count = 0')
      .run()
  }

  count(owner: DeviceKey): PrekeyCounts {
    const device = this.#device(owner)
    return {
      oneTimeEc: device === undefined ? 0 : integer(device, 'one_time_ec_count'),
      oneTimeKyber: device === undefined ? 0 : integer(device, 'one_time_kyber_count'),
      lastResortUsed: device !== undefined && integer(device, 'last_resort_used') === 1,
    }
  }

  take(input: Changes['take-prekeys']['input']): Changes['take-prekeys']['output'] {
    const account = this.#database
      .prepare('SELECT * FROM account WHERE account = ?')
      .get<Row>([input.account])
    if (account === undefined) return { kind: 'unknown' }
    const rows = this.#database
      .prepare('SELECT * FROM device WHERE account = ? ORDER BY device')
      .all<Row>([input.account])
    const devices: DevicePrekeys[] = []
    const low: Bytes[] = []
    for (const row of rows) {
      const id = integer(row, 'device')
      if (input.devices.length > 0 && !input.devices.includes(id)) continue
      const taken = this.#takeOf({ account: input.account, device: id }, row, input.lastResortOnly)
      if (taken === undefined) continue // Nothing published yet: nobody can write to it.
      devices.push(taken.prekeys)
      if (taken.isLow) low.push(blob(row, 'mailbox'))
    }
    const manifest = {
      version: integer(account, 'manifest_version'),
      manifest: blob(account, 'manifest'),
      signature: blob(account, 'manifest_signature'),
      hash: blob(account, 'manifest_hash'),
    }
    return { kind: 'taken', route: blob(account, 'route'), manifest, devices, low }
  }

  #takeOf(
    owner: DeviceKey,
    row: Row,
    lastResortOnly: boolean,
  ): { readonly prekeys: DevicePrekeys; readonly isLow: boolean } | undefined {
    const signed = this.#first(owner, SIGNED.kind)
    const lastResort = this.#first(owner, LAST_RESORT.kind)
    if (signed === undefined || lastResort === undefined) return undefined
    const oneTimeEc = lastResortOnly ? undefined : this.#takeOneTime(owner, row, ONE_TIME_EC)
    const oneTimeKyber = lastResortOnly ? undefined : this.#takeOneTime(owner, row, ONE_TIME_KYBER)
    const usedUp = oneTimeKyber === undefined && integer(row, 'last_resort_used') === 0
    if (oneTimeKyber === undefined) {
      this.#run('UPDATE device SET last_resort_used = 1 WHERE account = ? AND device = ?', owner)
    }
    const prekeys: DevicePrekeys = {
      device: owner.device,
      registrationId: integer(row, 'registration_id'),
      signed,
      oneTimeEc,
      kyber: oneTimeKyber ?? lastResort,
      lastResort: oneTimeKyber === undefined,
    }
    return { prekeys, isLow: usedUp || this.#crossedLow(row, lastResortOnly) }
  }

  /** Whether this very hand-out brought a stock down to PREKEYS_LOW. */
  #crossedLow(before: Row, lastResortOnly: boolean): boolean {
    if (lastResortOnly) return false
    return [ONE_TIME_EC, ONE_TIME_KYBER].some(
      ({ count }) => integer(before, count) === PREKEYS_LOW + 1,
    )
  }

  #takeOneTime(owner: DeviceKey, row: Row, stock: OneTime): SignedPublicPrekey | undefined {
    if (integer(row, stock.count) === 0) return undefined
    const next = this.#first(owner, stock.kind)
    if (next === undefined) return undefined
    this.#database
      .prepare('DELETE FROM prekey WHERE account = ? AND device = ? AND kind = ? AND id = ?')
      .run([owner.account, owner.device, stock.kind, next.id])
    this.#run(
      `UPDATE device SET ${stock.count} = ${stock.count} - 1 WHERE account = ? AND device = ?`,
      owner,
    )
    return next
  }

  #first(owner: DeviceKey, kind: number): SignedPublicPrekey | undefined {
    const row = this.#database
      .prepare(
        `SELECT id, public_key, signature FROM prekey
         WHERE account = ? AND device = ? AND kind = ? ORDER BY id LIMIT 1`,
      )
      .get<Row>([owner.account, owner.device, kind])
    if (row === undefined) return undefined
    return {
      id: integer(row, 'id'),
      publicKey: blob(row, 'public_key'),
      signature: blob(row, 'signature'),
    }
  }

  #replaceSingle(owner: DeviceKey, device: Row, single: Single, next: SignedPublicPrekey): void {
    if (next.id <= integer(device, single.highest)) return
    this.#database
      .prepare('DELETE FROM prekey WHERE account = ? AND device = ? AND kind = ?')
      .run([owner.account, owner.device, single.kind])
    this.#insert(owner, single.kind, next, next.signature)
    this.#database
      .prepare(`UPDATE device SET ${single.highest} = ? WHERE account = ? AND device = ?`)
      .run([next.id, owner.account, owner.device])
  }

  /** Where none counts, those that lie there are void. */
  #dropVoid(owner: DeviceKey, device: Row, stock: OneTime): void {
    if (integer(device, stock.count) > 0) return
    this.#database
      .prepare('DELETE FROM prekey WHERE account = ? AND device = ? AND kind = ?')
      .run([owner.account, owner.device, stock.kind])
  }

  /** Forgets what the device does not list: the same publication twice changes nothing more. */
  #keepOnly(owner: DeviceKey, stock: OneTime, listed: readonly PublicPrekey[]): void {
    const ids = JSON.stringify(listed.map(({ id }) => id))
    const { changes } = this.#database
      .prepare(
        `DELETE FROM prekey WHERE account = ? AND device = ? AND kind = ?
         AND id NOT IN (SELECT value FROM json_each(?))`,
      )
      .run([owner.account, owner.device, stock.kind, ids])
    this.#database
      .prepare(
        `UPDATE device SET ${stock.count} = ${stock.count} - ? WHERE account = ? AND device = ?`,
      )
      .run([changes, owner.account, owner.device])
  }

  #add(
    owner: DeviceKey,
    stock: OneTime,
    prekeys: readonly (PublicPrekey | SignedPublicPrekey)[],
    prekeysMax: number,
  ): void {
    const device = this.#device(owner)
    if (device === undefined) return
    let highest = integer(device, stock.highest)
    let count = integer(device, stock.count)
    for (const prekey of [...prekeys].sort((a, b) => a.id - b.id)) {
      if (prekey.id <= highest || count >= prekeysMax) continue
      this.#insert(owner, stock.kind, prekey, 'signature' in prekey ? prekey.signature : null)
      highest = prekey.id
      count++
    }
    this.#database
      .prepare(
        `UPDATE device SET ${stock.highest} = ?, ${stock.count} = ? WHERE account = ? AND device = ?`,
      )
      .run([highest, count, owner.account, owner.device])
  }

  #insert(owner: DeviceKey, kind: number, prekey: PublicPrekey, signature: Bytes | null): void {
    this.#database
      .prepare(
        `INSERT INTO prekey (account, device, kind, id, public_key, signature)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run([owner.account, owner.device, kind, prekey.id, prekey.publicKey, signature])
  }

  #device(owner: DeviceKey): Row | undefined {
    return this.#database
      .prepare('SELECT * FROM device WHERE account = ? AND device = ?')
      .get<Row>([owner.account, owner.device])
  }

  #run(sql: string, owner: DeviceKey): void {
    this.#database.prepare(sql).run([owner.account, owner.device])
  }
}
