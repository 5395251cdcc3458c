import { addressKey, assert, type AccountId, type Bytes, type DeviceId } from '@sotto/protocol'
import type { Reader, Transactor } from '../store/store.js'
import type { Peer, StoredSession } from '../store/tables/peers.js'
import type { KyberUse, StoredKyberPrekey } from '../store/tables/prekeys.js'

/**
 * In-memory writes of session work over what is committed: libsignal's stores are asynchronous,
 * SQLite's transactions are not, so one operation collects here and commits at once, together with
 * the bytes or the message it made. If we die before the commit, nothing has happened.
 */
export class Stage {
  readonly #read: Reader
  readonly #under: Stage | undefined
  readonly #sessions = new Map<string, StoredSession | undefined>()
  readonly #peers = new Map<AccountId, Peer>()
  readonly #identities = new Map<AccountId, Bytes>()
  readonly #usedEc = new Set<number>()
  readonly #usedKyber = new Map<number, KyberUse>()
  readonly #seen: KyberUse[] = []

  constructor(read: Reader, under?: Stage) {
    this.#read = read
    this.#under = under
  }

  /** A stage on top: what it holds joins this one with `adopt`, or is forgotten. */
  fork(): Stage {
    return new Stage(this.#read, this)
  }

  adopt(fork: Stage): void {
    assert(fork.#under === this, 'a fork joins the stage it came from')
    for (const [key, session] of fork.#sessions) this.#sessions.set(key, session)
    for (const [account, peer] of fork.#peers) this.#peers.set(account, peer)
    for (const [account, key] of fork.#identities) this.#identities.set(account, key)
    for (const id of fork.#usedEc) this.#usedEc.add(id)
    for (const [id, use] of fork.#usedKyber) this.#usedKyber.set(id, use)
    this.#seen.push(...fork.#seen)
  }

  /** What somebody blocked wrote is not even opened. */
  isBlocked(account: AccountId): boolean {
    return this.#read.contacts.byAccount(account)?.blocked === true
  }

  session(account: AccountId, device: DeviceId): StoredSession | undefined {
    const key = addressKey({ account, device })
    if (this.#sessions.has(key)) return this.#sessions.get(key)
    return this.#under === undefined
      ? this.#read.peers.session(account, device)
      : this.#under.session(account, device)
  }

  saveSession(session: StoredSession): void {
    this.#sessions.set(addressKey(session), session)
  }

  removeSession(account: AccountId, device: DeviceId): void {
    this.#sessions.set(addressKey({ account, device }), undefined)
  }

  peer(account: AccountId): Peer | undefined {
    return (
      this.#peers.get(account) ??
      (this.#under === undefined ? this.#read.peers.peer(account) : this.#under.peer(account))
    )
  }

  savePeer(peer: Peer): void {
    this.#peers.set(peer.account, peer)
  }

  /** The identity key as libsignal saved it in this operation, else as committed. */
  identity(account: AccountId): Bytes | undefined {
    return (
      this.#identities.get(account) ??
      this.#under?.identity(account) ??
      this.peer(account)?.identityKey
    )
  }

  saveIdentity(account: AccountId, key: Bytes): void {
    this.#identities.set(account, key)
  }

  ecPrekey(id: number): Bytes | undefined {
    if (this.#usedEc.has(id)) return undefined
    return this.#under === undefined ? this.#read.prekeys.ec(id) : this.#under.ecPrekey(id)
  }

  useEcPrekey(id: number): void {
    this.#usedEc.add(id)
  }

  kyberPrekey(id: number): StoredKyberPrekey | undefined {
    if (this.#usedKyber.has(id)) return undefined
    return this.#under === undefined ? this.#read.prekeys.kyber(id) : this.#under.kyberPrekey(id)
  }

  signedPrekey(id: number): Bytes | undefined {
    return this.#read.prekeys.signed(id)
  }

  /** A one-time key is gone after its use; a last-resort key remembers whom it opened for. */
  useKyberPrekey(use: KyberUse, lastResort: boolean): void {
    if (lastResort) this.#seen.push(use)
    else this.#usedKyber.set(use.kyberId, use)
  }

  wasKyberSeen(use: KyberUse): boolean {
    const same = (other: KyberUse): boolean =>
      other.kyberId === use.kyberId &&
      other.signedId === use.signedId &&
      Buffer.compare(other.baseKey, use.baseKey) === 0
    if (this.#seen.some(same)) return true
    return this.#under === undefined
      ? this.#read.prekeys.wasKyberSeen(use)
      : this.#under.wasKyberSeen(use)
  }

  /** Part of the one transaction that also writes what this operation made. */
  commit(tx: Transactor, nowMs: number): void {
    assert(this.#under === undefined, 'only the lowest stage commits')
    for (const peer of this.#peers.values()) tx.peers.savePeer(peer)
    for (const [key, session] of this.#sessions) {
      if (session !== undefined) tx.peers.saveSession(session)
      else {
        const [account = '', device = ''] = key.split('.')
        tx.peers.removeSession(account as AccountId, Number(device) as DeviceId)
      }
    }
    for (const id of this.#usedEc) tx.prekeys.removeEc(id)
    for (const id of this.#usedKyber.keys()) tx.prekeys.removeKyber(id)
    for (const use of this.#seen) tx.prekeys.markKyberSeen(use, nowMs)
  }
}
