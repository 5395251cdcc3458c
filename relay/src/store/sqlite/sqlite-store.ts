import type Database from '@signalapp/sqlcipher'
import type { Bytes } from '@sotto/protocol'
import type {
  Acknowledgement,
  Changes,
  Destination,
  DestinationDevice,
  DeviceKey,
  DeviceRecord,
  InviteSpending,
  MailboxState,
  Operation,
  Outcome,
  PrekeyCounts,
  SomeAccount,
  Store,
  Waiting,
  WaitingPage,
  WaitingQuery,
} from '../port.js'
import type { SeenDevice } from '../retention.js'
import { AccountChanges } from './account-changes.js'
import { Destinations } from './destinations.js'
import { openDatabase, type OpenDatabase, type OpenSettings } from './database.js'
import { isDiskFault, isIoFault } from './faults.js'
import { IdempotencyKeys } from './idempotency-keys.js'
import { InviteChanges } from './invite-changes.js'
import { MailboxChanges, ROW } from './mailbox-changes.js'
import { PermitChanges } from './permit-changes.js'
import { PrekeyChanges } from './prekey-changes.js'
import { IDLE_DAYS, Retention } from './retention-changes.js'
import { blob, integer, type Row } from './rows.js'
import { SignupCodes } from './signup-codes.js'
import { someAccount } from './some-account.js'
import { Syncing } from './syncing.js'

/** Opens the store in `folder`, which it owns until close(). Throws as openDatabase does. */
export function openSqliteStore(folder: string, settings: OpenSettings = {}): Store {
  return new SqliteStore(openDatabase(folder, settings))
}

const DESTINATION = `SELECT a.account, a.route, a.access_key, a.previous_access_key,
    d.device, d.registration_id, d.mailbox
  FROM account a LEFT JOIN device d
    ON d.account = a.account AND d.signed_id > 0 AND d.last_resort_id > 0`

export class SqliteStore implements Store {
  readonly #open: OpenDatabase
  readonly #database: Database
  readonly #prekeys: PrekeyChanges
  readonly #codes: SignupCodes
  readonly #permits: PermitChanges
  readonly #invites: InviteChanges
  readonly #accounts: AccountChanges
  readonly #keys: IdempotencyKeys
  readonly #mailboxes: MailboxChanges
  readonly #retention: Retention
  readonly #syncing: Syncing
  readonly #destinations = new Destinations()
  readonly #byRoute
  readonly #waiting

  constructor(open: OpenDatabase, { keysInLogMax }: { readonly keysInLogMax?: number } = {}) {
    this.#open = open
    this.#database = open.database
    this.#prekeys = new PrekeyChanges(open.database)
    this.#codes = new SignupCodes(open.database)
    this.#permits = new PermitChanges(open.database)
    this.#invites = new InviteChanges(open.database, this.#permits)
    this.#accounts = new AccountChanges(open.database, {
      prekeys: this.#prekeys,
      codes: this.#codes,
    })
    this.#keys = new IdempotencyKeys(open.database, keysInLogMax)
    this.#mailboxes = new MailboxChanges(open.database, this.#keys)
    this.#retention = new Retention(open.database, this.#accounts)
    this.#syncing = new Syncing(open.database)
    this.#byRoute = open.database.prepare(
      `${DESTINATION} WHERE a.account = (SELECT account FROM route WHERE route = ?)
       ORDER BY d.device`,
    )
    this.#waiting = open.database.prepare(
      `SELECT seq, kind, lost, arrival_ms, body FROM envelope
       WHERE mailbox = ? AND seq > ? ORDER BY seq LIMIT ? + 0`,
    )
  }

  async epoch(): Promise<number> {
    const value = this.#database
      .prepare("SELECT value FROM meta WHERE name = 'epoch'", { pluck: true })
      .get<number>()
    return value ?? 0
  }

  async findRoute(route: Bytes): Promise<Destination | undefined> {
    const known = this.#destinations.get(route)
    if (known !== undefined) return known
    const found = parseDestination(this.#byRoute.all<Row>([route]))
    if (found !== undefined) this.#destinations.add(found)
    return found
  }

  async findAccount(account: Bytes): Promise<Destination | undefined> {
    return parseDestination(
      this.#database
        .prepare(`${DESTINATION} WHERE a.account = ? ORDER BY d.device`)
        .all<Row>([account]),
    )
  }

  async findDevice({ account, device }: DeviceKey): Promise<DeviceRecord | undefined> {
    const row = this.#database
      .prepare(
        `SELECT d.*, a.identity_key, a.manifest_version, ${IDLE_DAYS} AS idle_days FROM device d
         JOIN account a ON a.account = d.account WHERE d.account = ? AND d.device = ?`,
      )
      .get<Row>([account, device])
    if (row === undefined) return undefined
    return {
      ...parseDevice(row),
      deviceKey: blob(row, 'device_key'),
      identityKey: blob(row, 'identity_key'),
      manifestVersion: integer(row, 'manifest_version'),
      idleDays: integer(row, 'idle_days'),
    }
  }

  async findSomeAccount(): Promise<SomeAccount | undefined> {
    return someAccount(this.#database)
  }

  async findUsername(hash: Bytes): Promise<Bytes | undefined> {
    return this.#database
      .prepare('SELECT account FROM username WHERE hash = ?', { pluck: true })
      .get<Bytes>([hash])
  }

  async grantsInvite(spending: InviteSpending): Promise<boolean> {
    return this.#invites.grants(spending)
  }

  async countPrekeys(device: DeviceKey): Promise<PrekeyCounts> {
    return this.#prekeys.count(device)
  }

  async findMailbox(mailbox: Bytes): Promise<MailboxState | undefined> {
    const row = this.#database
      .prepare('SELECT head, acknowledged FROM mailbox WHERE mailbox = ?')
      .get<Row>([mailbox])
    if (row === undefined) return undefined
    return { head: integer(row, 'head'), acknowledged: integer(row, 'acknowledged') }
  }

  async listWaiting(query: WaitingQuery): Promise<WaitingPage> {
    const rows = this.#waiting.all<Row>([query.mailbox, query.afterSeq, query.envelopesMax])
    const waiting: Waiting[] = []
    let bytes = 0
    for (const row of rows) {
      bytes += blob(row, 'body').length
      if (bytes > query.bytesMax && waiting.length > 0) return { rows: waiting, more: true }
      waiting.push(parseWaiting(row))
    }
    return { rows: waiting, more: rows.length === query.envelopesMax }
  }

  async listMailboxes(query: {
    readonly after: Bytes | undefined
    readonly max: number
  }): Promise<readonly Bytes[]> {
    return this.#database
      .prepare(
        'SELECT mailbox FROM mailbox WHERE mailbox > coalesce(?, zeroblob(1)) ORDER BY mailbox LIMIT ? + 0',
        {
          pluck: true,
        },
      )
      .all<Bytes>([query.after ?? null, query.max])
  }

  async listDevices(query: {
    readonly after: DeviceKey | undefined
    readonly max: number
  }): Promise<readonly SeenDevice[]> {
    return this.#retention.listDevices(query.after, query.max)
  }

  async reusableBytes(): Promise<number> {
    const pragma = (name: string) => Number(this.#database.pragma(name, { simple: true }))
    return pragma('freelist_count') * pragma('page_size')
  }

  async apply(
    operations: readonly Operation[],
    later: readonly Acknowledgement[] = [],
  ): Promise<readonly Outcome[]> {
    this.#mailboxes.later = later
    this.#syncing.secure()
    const isPromised = operations.some(({ name }) => name !== 'acknowledge')
    if (isPromised) this.#syncing.toDisk()
    else this.#syncing.toSystem()
    try {
      return this.#transact(() => operations.map((operation) => this.#change(operation)))
    } catch (cause) {
      if (isDiskFault(cause)) throw cause
    }
    // One of them is broken. Again, each behind its own savepoint: the others must not suffer.
    return this.#transact(() => operations.map((operation) => this.#changeAlone(operation)))
  }

  async close(): Promise<void> {
    this.#open.close()
  }

  #transact(work: () => Outcome[]): Outcome[] {
    this.#database.prepare('BEGIN IMMEDIATE').run()
    try {
      const outcomes = work()
      this.#mailboxes.write()
      this.#database.prepare('COMMIT').run()
      this.#syncing.committed()
      return outcomes
    } catch (cause) {
      if (isIoFault(cause)) this.#syncing.failed()
      this.#rollback()
      this.#mailboxes.rolledBack()
      throw cause
    } finally {
      this.#mailboxes.rows.forget()
    }
  }

  /** After a disk fault SQLite may have rolled back by itself. */
  #rollback(): void {
    try {
      this.#database.prepare('ROLLBACK').run()
    } catch {
      // Then there is nothing left to roll back.
    }
  }

  #changeAlone(operation: Operation): Outcome {
    this.#database.prepare('SAVEPOINT operation').run()
    try {
      const outcome = this.#change(operation)
      this.#mailboxes.write()
      this.#database.prepare('RELEASE operation').run()
      return outcome
    } catch (cause) {
      if (isDiskFault(cause)) throw cause
      this.#mailboxes.rolledBack()
      this.#database.prepare('ROLLBACK TO operation').run()
      this.#database.prepare('RELEASE operation').run()
      return { kind: 'failed', cause }
    }
  }

  #change(operation: Operation): Outcome {
    return { kind: 'done', output: this.#outputOf(operation) }
  }

  #outputOf(operation: Operation) {
    switch (operation.name) {
      case 'submit':
        return this.#mailboxes.submit(operation.input)
      case 'acknowledge':
        return this.#mailboxes.acknowledge(operation.input)
      case 'close-gaps':
        return this.#mailboxes.closeGaps(operation.input)
      case 'sweep':
        return this.#mailboxes.sweep(operation.input)
      case 'file-keys':
        return this.#keys.fileSome(operation.input)
      case 'forget-keys':
        return this.#keys.forget(operation.input)
      case 'count-day':
        return this.#retention.countDay(operation.input)
      case 'see-devices':
        return this.#retention.seeDevices(operation.input)
      case 'expire-device':
        this.#letGo(operation.input.owner.account)
        return this.#retention.expireDevice(operation.input)
      case 'purge-mailbox':
        return this.#retention.purgeMailbox(operation.input)
      case 'shrink':
        return this.#retention.shrink(operation.input)
      case 'register':
        return this.#accounts.register(operation.input)
      case 'draw-permits':
        return this.#permits.draw(operation.input)
      case 'spend-permit':
        return this.#permits.spend(operation.input)
      case 'forget-permits':
        return this.#permits.forget(operation.input)
      case 'publish-invites':
        return this.#invites.publish(operation.input)
      case 'spend-invite':
        return this.#invites.spend(operation.input)
      case 'forget-invites':
        return this.#invites.forget(operation.input)
      case 'create-signup-code':
        return this.#codes.create(operation.input)
      case 'forget-signup-codes':
        return this.#codes.forget(operation.input)
      case 'publish-manifest':
        this.#letGo(operation.input.account)
        return this.#accounts.publishManifest(operation.input)
      case 'publish-prekeys':
        this.#destinations.forget(operation.input.owner.account)
        return this.#prekeys.publish(operation.input)
      case 'take-prekeys':
        return this.#prekeys.take(operation.input)
      case 'set-username':
        return this.#accounts.setUsername(operation.input)
      case 'set-access-key':
        this.#destinations.forget(operation.input.account)
        return this.#accounts.setAccessKey(operation.input)
      case 'delete-account':
        this.#letGo(operation.input.account)
        return this.#accounts.delete(operation.input)
      case 'begin-epoch':
        return this.#beginEpoch(operation.input)
    }
  }

  /** Mailboxes may go with their devices: what memory holds of them goes first. */
  #letGo(account: Bytes): void {
    this.#destinations.forget(account)
    this.#mailboxes.rows.write()
    this.#mailboxes.rows.forget()
  }

  #beginEpoch({ atLeast }: Changes['begin-epoch']['input']): number {
    this.#prekeys.voidOneTime()
    return (
      this.#database
        .prepare("UPDATE meta SET value = max(value + 1, ?) WHERE name = 'epoch' RETURNING value", {
          pluck: true,
        })
        .get<number>([atLeast]) ?? 0
    )
  }
}

function parseDestination(rows: readonly Row[]): Destination | undefined {
  const [first] = rows
  if (first === undefined) return undefined
  return {
    account: blob(first, 'account'),
    route: blob(first, 'route'),
    accessKey: blob(first, 'access_key'),
    previousAccessKey: blob(first, 'previous_access_key'),
    devices: rows.filter((row) => row['device'] !== null).map(parseDevice),
  }
}

function parseDevice(row: Row): DestinationDevice {
  return {
    device: integer(row, 'device'),
    registrationId: integer(row, 'registration_id'),
    mailbox: blob(row, 'mailbox'),
  }
}

function parseWaiting(row: Row): Waiting {
  const seq = integer(row, 'seq')
  const arrivalMs = integer(row, 'arrival_ms')
  const kind = integer(row, 'kind')
  if (kind === ROW.envelope || kind === ROW.stranger) {
    const stranger = kind === ROW.stranger
    return { kind: 'envelope', seq, arrivalMs, stranger, body: blob(row, 'body') }
  }
  return {
    kind: 'gap',
    seq,
    arrivalMs,
    reason: (kind & 3) === ROW.gapQuota ? 'quota' : 'expired',
    count: integer(row, 'lost'),
    closed: (kind & ROW.closed) !== 0,
  }
}
