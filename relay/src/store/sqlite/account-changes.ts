import type Database from '@signalapp/sqlcipher'
import { equalBytes, type Bytes } from '@sotto/protocol'
import { PURGE_STEP_ROWS } from '../../limits/bounds.js'
import type { Changes, DeviceKey, ListedDevice } from '../port.js'
import { deleteMailboxRows } from './gone-mailboxes.js'
import type { PrekeyChanges } from './prekey-changes.js'
import { blob, integer, type Row } from './rows.js'
import type { SignupCodes } from './signup-codes.js'

/** Changes to accounts and their device lists; call them inside a transaction only. */
export class AccountChanges {
  readonly #database: Database
  readonly #prekeys: PrekeyChanges
  readonly #codes: SignupCodes

  constructor(
    database: Database,
    parts: { readonly prekeys: PrekeyChanges; readonly codes: SignupCodes },
  ) {
    this.#database = database
    this.#prekeys = parts.prekeys
    this.#codes = parts.codes
  }

  register(input: Changes['register']['input']): Changes['register']['output'] {
    const existing = this.#account(input.account)
    if (existing !== undefined) {
      return isSameRegistration(existing, input)
        ? { kind: 'existing', route: blob(existing, 'route') }
        : { kind: 'conflict' }
    }
    if (this.#isDeleted(input.account)) return { kind: 'conflict' }
    const fault = input.code && this.#codes.faultOf(input.code)
    if (fault !== undefined) return { kind: fault }
    if (input.usernameHash !== undefined && !this.#claim(input.usernameHash, input.account)) {
      return { kind: 'conflict' }
    }
    if (input.code !== undefined) this.#codes.spend(input.code.hash)
    this.#run('INSERT INTO route (route, account) VALUES (?, ?)', [input.route, input.account])
    this.#insertAccount(input)
    this.#insertDevice(input.account, input.device)
    const owner = { account: input.account, device: input.device.device }
    this.#prekeys.publish({ owner, stock: input.prekeys, prekeysMax: input.prekeysMax })
    return { kind: 'created', route: input.route }
  }

  publishManifest(
    input: Changes['publish-manifest']['input'],
  ): Changes['publish-manifest']['output'] {
    const { account, manifest } = input
    const current = this.#account(account)
    if (current === undefined) return { kind: 'conflict' }
    const currentHash = blob(current, 'manifest_hash')
    if (equalBytes(currentHash, manifest.hash)) return { kind: 'published', closed: [] }
    const isNext =
      manifest.version === integer(current, 'manifest_version') + 1 &&
      equalBytes(input.previousHash, currentHash)
    if (!isNext) return { kind: 'conflict' }
    this.#run(
      `UPDATE account SET manifest_version = ?, manifest = ?, manifest_signature = ?,
         manifest_hash = ? WHERE account = ?`,
      [manifest.version, manifest.manifest, manifest.signature, manifest.hash, account],
    )
    return { kind: 'published', closed: this.#listDevices(account, input.devices) }
  }

  setUsername({ account, hash }: Changes['set-username']['input']): 'done' | 'conflict' {
    const row = this.#account(account)
    if (row === undefined) return 'conflict' // Deleted meanwhile: nobody would have the name.
    if (hash !== undefined && !this.#claim(hash, account)) return 'conflict'
    const former = row['username_hash']
    if (former instanceof Uint8Array && (hash === undefined || !equalBytes(former, hash))) {
      this.#run('DELETE FROM username WHERE hash = ?', [former])
    }
    this.#run('UPDATE account SET username_hash = ? WHERE account = ?', [hash ?? null, account])
    return 'done'
  }

  setAccessKey({ account, current, previous }: Changes['set-access-key']['input']): 'done' {
    this.#run('UPDATE account SET access_key = ?, previous_access_key = ? WHERE account = ?', [
      current,
      previous.length === 0 ? null : previous,
      account,
    ])
    return 'done'
  }

  delete({ account }: Changes['delete-account']['input']): Changes['delete-account']['output'] {
    const row = this.#account(account)
    if (row === undefined) return { closed: [] }
    this.#run('INSERT INTO deleted_account (account) VALUES (?)', [account])
    this.#run('DELETE FROM username WHERE hash = ?', [row['username_hash'] ?? null])
    this.#run('DELETE FROM route WHERE route = ?', [blob(row, 'route')])
    this.#run('DELETE FROM invite WHERE account = ?', [account])
    this.#run('DELETE FROM account WHERE account = ?', [account])
    return { closed: this.#listDevices(account, []) }
  }

  /** Removes one device whatever the manifest says, and with the last one the account. */
  expireDevice({ account, device }: DeviceKey): readonly Bytes[] {
    const rows = this.#database
      .prepare('SELECT device, mailbox FROM device WHERE account = ?')
      .all<Row>([account])
    if (rows.length === 1) return this.delete({ account }).closed
    const row = rows.find((each) => integer(each, 'device') === device)
    if (row === undefined) return []
    this.#removeDevice(account, device, blob(row, 'mailbox'))
    return [blob(row, 'mailbox')]
  }

  #isDeleted(account: Bytes): boolean {
    return (
      this.#database
        .prepare('SELECT 1 FROM deleted_account WHERE account = ?')
        .get<Row>([account]) !== undefined
    )
  }

  /** False when somebody else has the name. */
  #claim(hash: Bytes, account: Bytes): boolean {
    const owner = this.#database
      .prepare('SELECT account FROM username WHERE hash = ?', { pluck: true })
      .get<Bytes>([hash])
    if (owner !== undefined) return equalBytes(owner, account)
    this.#run('INSERT INTO username (hash, account) VALUES (?, ?)', [hash, account])
    return true
  }

  /** Makes the device rows what the manifest lists; answers the mailboxes that are no more. */
  #listDevices(account: Bytes, listed: readonly ListedDevice[]): Bytes[] {
    const rows = this.#database
      .prepare('SELECT * FROM device WHERE account = ?')
      .all<Row>([account])
    const closed: Bytes[] = []
    const kept = new Set<number>()
    for (const row of rows) {
      const now = listed.find(({ device }) => device === integer(row, 'device'))
      if (now !== undefined && isSameDevice(row, now)) {
        kept.add(now.device)
        continue
      }
      this.#removeDevice(account, integer(row, 'device'), blob(row, 'mailbox'))
      closed.push(blob(row, 'mailbox'))
    }
    for (const device of listed) {
      if (!kept.has(device.device)) this.#insertDevice(account, device)
    }
    return closed
  }

  #removeDevice(account: Bytes, device: number, mailbox: Bytes): void {
    this.#run('DELETE FROM device WHERE account = ? AND device = ?', [account, device])
    this.#run('DELETE FROM prekey WHERE account = ? AND device = ?', [account, device])
    this.#run('DELETE FROM permit_draw WHERE account = ? AND device = ?', [account, device])
    this.#run('DELETE FROM mailbox WHERE mailbox = ?', [mailbox])
    // A full one has too many rows for one transaction; a sweep deletes the others.
    if (!deleteMailboxRows(this.#database, mailbox, PURGE_STEP_ROWS)) {
      this.#run('INSERT INTO closed_mailbox (mailbox) VALUES (?)', [mailbox])
    }
  }

  #insertDevice(account: Bytes, device: ListedDevice): void {
    this.#run('INSERT INTO mailbox (mailbox) VALUES (?)', [device.mailbox])
    this.#run(
      `INSERT INTO device (account, device, registration_id, device_key, mailbox, last_day)
       VALUES (?, ?, ?, ?, ?, (SELECT value FROM meta WHERE name = 'relay_day'))`,
      [account, device.device, device.registrationId, device.deviceKey, device.mailbox],
    )
  }

  #insertAccount(input: Changes['register']['input']): void {
    this.#run(
      `INSERT INTO account (account, identity_key, route, access_key, previous_access_key,
         username_hash, manifest_version, manifest, manifest_signature, manifest_hash, created_day)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        input.account,
        input.identityKey,
        input.route,
        input.accessKey,
        null,
        input.usernameHash ?? null,
        input.manifest.version,
        input.manifest.manifest,
        input.manifest.signature,
        input.manifest.hash,
        input.day,
      ],
    )
  }

  #account(account: Bytes): Row | undefined {
    return this.#database.prepare('SELECT * FROM account WHERE account = ?').get<Row>([account])
  }

  #run(sql: string, values: readonly (string | number | Bytes | null)[]): void {
    this.#database.prepare(sql).run(values)
  }
}

/** A repeated registration is the same manifest asking for the same name. */
function isSameRegistration(existing: Row, input: Changes['register']['input']): boolean {
  const name = existing['username_hash']
  const isSameName =
    name instanceof Uint8Array
      ? input.usernameHash !== undefined && equalBytes(name, input.usernameHash)
      : input.usernameHash === undefined
  return isSameName && equalBytes(blob(existing, 'manifest_hash'), input.manifest.hash)
}

function isSameDevice(row: Row, listed: ListedDevice): boolean {
  return (
    integer(row, 'registration_id') === listed.registrationId &&
    equalBytes(blob(row, 'device_key'), listed.deviceKey)
  )
}
