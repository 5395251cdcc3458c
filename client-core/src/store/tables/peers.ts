import { addressKey, type AccountId, type Bytes, type DeviceId } from '@sotto/protocol'
import type { RowCache } from '../row-cache.js'
import { blob, integer, text, type Row, type Statements } from '../rows.js'

/** What cryptography knows of another account. */
export interface Peer {
  readonly account: AccountId
  readonly identityKey: Bytes
  /** A person compared the safety number. */
  readonly verified: boolean
  readonly manifestVersion: number
  readonly manifest: Bytes
  readonly manifestSignature: Bytes
}

/** Ratchet state with one device (Double Ratchet; Sesame's "session"). */
export interface StoredSession {
  readonly account: AccountId
  readonly device: DeviceId
  /** Serialised libsignal SessionRecord. */
  readonly record: Bytes
  /** The other end has answered in it, so it has read what we sent inline. */
  readonly confirmed: boolean
  /** The version of our manifest that went inline last; 0: none. */
  readonly manifestSent: number
}

/** Peers by account: the manifest is looked at with each of their messages. */
export type PeerCache = RowCache<AccountId, Peer>

/** Sessions by account and device: one is asked for several times by each message it seals or opens. */
export type SessionCache = RowCache<string, StoredSession>

export class PeersReader {
  protected readonly sql: Statements
  protected readonly known: PeerCache
  protected readonly sessions: SessionCache

  constructor(sql: Statements, known: PeerCache, sessions: SessionCache) {
    this.sql = sql
    this.known = known
    this.sessions = sessions
  }

  peer(account: AccountId): Peer | undefined {
    return this.known.get(account, () => {
      const row = this.sql.get('SELECT * FROM peer WHERE account = ?', [account])
      return row === undefined ? undefined : peerOf(row)
    })
  }

  session(account: AccountId, device: DeviceId): StoredSession | undefined {
    return this.sessions.get(addressKey({ account, device }), () => {
      const row = this.sql.get('SELECT * FROM session WHERE account = ? AND device = ?', [
        account,
        device,
      ])
      return row === undefined ? undefined : sessionOf(row)
    })
  }

  /** Whether anybody was forgotten before that time whose keys may still be here. */
  hasForgotten(beforeMs: number): boolean {
    const sql = 'SELECT 1 AS some FROM forgotten WHERE at_ms < ? LIMIT 1'
    return this.sql.get(sql, [beforeMs]) !== undefined
  }

  /** All of them. */
  allSessions(): readonly StoredSession[] {
    return this.sql.all('SELECT * FROM session').map(sessionOf)
  }
}

export class PeersWriter extends PeersReader {
  savePeer(peer: Peer): void {
    this.known.forget(peer.account)
    this.sql.run('INSERT OR REPLACE INTO peer VALUES (?, ?, ?, ?, ?, ?)', [
      peer.account,
      peer.identityKey,
      peer.verified ? 1 : 0,
      peer.manifestVersion,
      peer.manifest,
      peer.manifestSignature,
    ])
  }

  /** False where it was so before. Not while a stage is open: it would write over it. */
  setVerified(account: AccountId, verified: boolean): boolean {
    this.known.forget(account)
    const changed = this.sql.run(
      'UPDATE peer SET verified = ? WHERE account = ? AND verified != ?',
      [verified ? 1 : 0, account, verified ? 1 : 0],
    )
    return changed === 1
  }

  saveSession(session: StoredSession): void {
    this.sessions.forget(addressKey(session))
    this.sql.run('INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?)', [
      session.account,
      session.device,
      session.record,
      session.confirmed ? 1 : 0,
      session.manifestSent,
    ])
  }

  removeSession(account: AccountId, device: DeviceId): void {
    this.sessions.forget(addressKey({ account, device }))
    this.sql.run('DELETE FROM session WHERE account = ? AND device = ?', [account, device])
  }

  /**
   * Forgets sessions and keys of those who were forgotten before that time, of at most `countMax`;
   * not of those with whom there is a conversation, or who are here again.
   */
  letGo(beforeMs: number, countMax: number): void {
    this.known.forgetAll()
    this.sessions.forgetAll()
    const rows = this.sql.all(
      `SELECT account, EXISTS (SELECT 1 FROM contact c WHERE c.account = f.account)
         OR EXISTS (SELECT 1 FROM conversation v WHERE v.account = f.account) AS here
       FROM forgotten f WHERE at_ms < ? LIMIT ? + 0`,
      [beforeMs, countMax],
    )
    for (const row of rows) {
      const account = text(row, 'account')
      this.sql.run('DELETE FROM forgotten WHERE account = ?', [account])
      if (integer(row, 'here') === 1) continue
      this.sql.run('DELETE FROM session WHERE account = ?', [account])
      this.sql.run('DELETE FROM peer WHERE account = ?', [account])
    }
  }
}

function sessionOf(row: Row): StoredSession {
  return {
    account: row['account'] as AccountId,
    device: row['device'] as DeviceId,
    record: blob(row, 'record'),
    confirmed: integer(row, 'confirmed') === 1,
    manifestSent: integer(row, 'manifest_sent'),
  }
}

function peerOf(row: Row): Peer {
  return {
    account: row['account'] as AccountId,
    identityKey: blob(row, 'identity_key'),
    verified: integer(row, 'verified') === 1,
    manifestVersion: integer(row, 'manifest_version'),
    manifest: blob(row, 'manifest'),
    manifestSignature: blob(row, 'manifest_signature'),
  }
}
