import type { AccountId, Bytes, DeviceId, RegistrationId } from '@sotto/protocol'
import type { KeptAnswer } from '../row-cache.js'
import { blob, blobOrNull, integer, text, textOrNull, type Row, type Statements } from '../rows.js'

/** This device of this account. */
export interface OwnAccount {
  readonly account: AccountId
  readonly device: DeviceId
  readonly registrationId: RegistrationId
  /** The relay's origin. */
  readonly relay: string
  readonly relayRoot: Bytes
  readonly certificateRoot: Bytes
  /** libsignal's serialised IdentityKeyPair. */
  readonly identityPair: Bytes
  /** Ed25519 private key, PKCS #8. */
  readonly deviceKey: Bytes
  readonly manifest: Bytes
  readonly manifestSignature: Bytes
  readonly username: string | null
  readonly name: string
  readonly profileVersion: number
  readonly accessKey: Bytes
  /** Null until the relay has registered the account. */
  readonly route: Bytes | null
  readonly createdMs: number
  /** A line about oneself, for contacts; empty: none. */
  readonly status: string
  /** A new access key of which the relay has not heard yet; null: none. */
  readonly pendingAccessKey: Bytes | null
  /** How the relay is reached, as a URL; null: as configured. */
  readonly proxy: string | null
  /** Whether read receipts are sent, and those of others are shown. */
  readonly readReceipts: boolean
  /** Whether others learn when we write, and we when they do. */
  readonly typing: boolean
}

export interface StoredCertificate {
  readonly certificate: Bytes
  /** Relay time. */
  readonly drawnMs: number
  readonly expiresMs: number
}

/** Which life of the relay's records this device has dealt with. */
export interface RelayEpoch {
  readonly epoch: number
  /** False while a restored relay may still hold one-time prekeys that are gone here. */
  readonly prekeysReplaced: boolean
}

/** The own account: asked for with every call and event. */
export type OwnAnswer = KeptAnswer<OwnAccount | undefined>

/** The certificate: asked for with every envelope. */
export type CertificateAnswer = KeptAnswer<StoredCertificate | undefined>

export class AccountReader {
  protected readonly sql: Statements
  protected readonly known: OwnAnswer
  protected readonly knownCertificate: CertificateAnswer

  constructor(sql: Statements, known: OwnAnswer, knownCertificate: CertificateAnswer) {
    this.sql = sql
    this.known = known
    this.knownCertificate = knownCertificate
  }

  own(): OwnAccount | undefined {
    return this.known.get(() => {
      const row = this.sql.get('SELECT * FROM account WHERE one = 1')
      return row === undefined ? undefined : ownAccount(row)
    })
  }

  certificate(): StoredCertificate | undefined {
    return this.knownCertificate.get(() => {
      const row = this.sql.get('SELECT * FROM certificate WHERE one = 1')
      if (row === undefined) return undefined
      return {
        certificate: blob(row, 'certificate'),
        drawnMs: integer(row, 'drawn_ms'),
        expiresMs: integer(row, 'expires_ms'),
      }
    })
  }

  /** Undefined before the relay was reached for the first time. */
  relayEpoch(): RelayEpoch | undefined {
    const row = this.sql.get('SELECT * FROM relay_epoch WHERE one = 1')
    if (row === undefined) return undefined
    return {
      epoch: integer(row, 'epoch'),
      prekeysReplaced: integer(row, 'prekeys_replaced') === 1,
    }
  }
}

export class AccountWriter extends AccountReader {
  create(own: OwnAccount): void {
    this.known.forget()
    this.sql.run(`INSERT INTO account VALUES (1${', ?'.repeat(21)})`, [
      own.account,
      own.device,
      own.registrationId,
      own.relay,
      own.relayRoot,
      own.certificateRoot,
      own.identityPair,
      own.deviceKey,
      own.manifest,
      own.manifestSignature,
      own.username,
      own.name,
      own.profileVersion,
      own.accessKey,
      own.route,
      own.createdMs,
      own.status,
      own.pendingAccessKey,
      own.proxy,
      own.readReceipts ? 1 : 0,
      own.typing ? 1 : 0,
    ])
  }

  setRoute(route: Bytes): void {
    this.known.forget()
    this.sql.run('UPDATE account SET route = ? WHERE one = 1', [route])
  }

  /** What contacts know of us, in a new version. */
  saveProfile(profile: Pick<OwnAccount, 'username' | 'name' | 'status'>): void {
    this.known.forget()
    this.sql.run(
      `UPDATE account SET username = ?, name = ?, status = ?, profile_version = profile_version + 1
       WHERE one = 1`,
      [profile.username, profile.name, profile.status],
    )
  }

  setPendingAccessKey(key: Bytes): void {
    this.known.forget()
    this.sql.run('UPDATE account SET pending_access_key = ? WHERE one = 1', [key])
  }

  /** The relay knows this key now. One made since then goes on waiting. */
  setAccessKey(key: Bytes): void {
    this.known.forget()
    this.sql.run(
      `UPDATE account SET access_key = ?,
         pending_access_key = CASE WHEN pending_access_key = ? THEN NULL ELSE pending_access_key END
       WHERE one = 1`,
      [key, key],
    )
  }

  setProxy(proxy: string | null): void {
    this.known.forget()
    this.sql.run('UPDATE account SET proxy = ? WHERE one = 1', [proxy])
  }

  setReadReceipts(on: boolean): void {
    this.known.forget()
    this.sql.run('UPDATE account SET read_receipts = ? WHERE one = 1', [on ? 1 : 0])
  }

  setTyping(on: boolean): void {
    this.known.forget()
    this.sql.run('UPDATE account SET typing = ? WHERE one = 1', [on ? 1 : 0])
  }

  saveCertificate(stored: StoredCertificate): void {
    this.knownCertificate.forget()
    this.sql.run('INSERT OR REPLACE INTO certificate VALUES (1, ?, ?, ?)', [
      stored.certificate,
      stored.drawnMs,
      stored.expiresMs,
    ])
  }

  saveRelayEpoch({ epoch, prekeysReplaced }: RelayEpoch): void {
    this.sql.run('INSERT OR REPLACE INTO relay_epoch VALUES (1, ?, ?)', [
      epoch,
      prekeysReplaced ? 1 : 0,
    ])
  }
}

function ownAccount(row: Row): OwnAccount {
  return {
    account: text(row, 'account') as AccountId,
    device: integer(row, 'device') as DeviceId,
    registrationId: integer(row, 'registration_id') as RegistrationId,
    relay: text(row, 'relay'),
    relayRoot: blob(row, 'relay_root'),
    certificateRoot: blob(row, 'certificate_root'),
    identityPair: blob(row, 'identity_pair'),
    deviceKey: blob(row, 'device_key'),
    manifest: blob(row, 'manifest'),
    manifestSignature: blob(row, 'manifest_signature'),
    username: textOrNull(row, 'username'),
    name: text(row, 'name'),
    profileVersion: integer(row, 'profile_version'),
    accessKey: blob(row, 'access_key'),
    route: blobOrNull(row, 'route'),
    createdMs: integer(row, 'created_ms'),
    status: text(row, 'status'),
    pendingAccessKey: blobOrNull(row, 'pending_access_key'),
    proxy: textOrNull(row, 'proxy'),
    readReceipts: integer(row, 'read_receipts') === 1,
    typing: integer(row, 'typing') === 1,
  }
}
