import {
  IdentityChange,
  IdentityKeyStore,
  SessionRecord,
  SessionStore,
  type Direction,
  type IdentityKeyPair,
  type PrivateKey,
  type ProtocolAddress,
  type PublicKey,
} from '@signalapp/libsignal-client'
import { ownBytes, type Bytes } from '@sotto/protocol'

/** Sessions in memory, kept as bytes, as a disk keeps them. */
export class Sessions extends SessionStore {
  readonly #records = new Map<string, Bytes>()

  async saveSession(name: ProtocolAddress, record: SessionRecord): Promise<void> {
    this.#records.set(name.toString(), ownBytes(record.serialize()))
  }

  async getSession(name: ProtocolAddress): Promise<SessionRecord | null> {
    const record = this.#records.get(name.toString())
    return record === undefined ? null : SessionRecord.deserialize(record)
  }

  async getExistingSessions(names: ProtocolAddress[]): Promise<SessionRecord[]> {
    const records = await Promise.all(names.map((name) => this.getSession(name)))
    return records.filter((record) => record !== null)
  }
}

/** Identity keys in memory; every one is trusted. */
export class Identities extends IdentityKeyStore {
  readonly #own: IdentityKeyPair
  readonly #registrationId: number
  readonly #known = new Map<string, PublicKey>()

  constructor(own: IdentityKeyPair, registrationId: number) {
    super()
    this.#own = own
    this.#registrationId = registrationId
  }

  async getIdentityKey(): Promise<PrivateKey> {
    return this.#own.privateKey
  }

  override async getIdentityKeyPair(): Promise<IdentityKeyPair> {
    return this.#own
  }

  async getLocalRegistrationId(): Promise<number> {
    return this.#registrationId
  }

  async saveIdentity(name: ProtocolAddress, key: PublicKey): Promise<IdentityChange> {
    this.#known.set(name.toString(), key)
    return IdentityChange.NewOrUnchanged
  }

  async isTrustedIdentity(
    _name: ProtocolAddress,
    _key: PublicKey,
    _direction: Direction,
  ): Promise<boolean> {
    return true
  }

  async getIdentity(name: ProtocolAddress): Promise<PublicKey | null> {
    return this.#known.get(name.toString()) ?? null
  }
}
