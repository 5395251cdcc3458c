import {
  IdentityChange,
  IdentityKeyStore,
  KyberPreKeyRecord,
  KyberPreKeyStore,
  PreKeyRecord,
  PreKeyStore,
  SessionRecord,
  SessionStore,
  SignedPreKeyRecord,
  SignedPreKeyStore,
  type IdentityKeyPair,
  type PrivateKey,
  PublicKey,
  type ProtocolAddress,
} from '@signalapp/libsignal-client'
import {
  equalBytes,
  isAccountOf,
  ownBytes,
  parseAccountId,
  SottoError,
  type AccountId,
  type Bytes,
  type DeviceId,
} from '@sotto/protocol'
import { sha256 } from './digest.js'
import type { OwnDevice } from './own-device.js'
import type { Stage } from './stage.js'

/** libsignal's stores over one stage. */
export interface StagedStores {
  readonly sessions: SessionStore
  readonly identities: IdentityKeyStore
  readonly prekeys: PreKeyStore
  readonly signedPrekeys: SignedPreKeyStore
  readonly kyberPrekeys: KyberPreKeyStore
  /** The storage fault that libsignal wrapped into an error of its own, where there was one. */
  fault(): SottoError | undefined
}

export function stagedStores(stage: Stage, own: OwnDevice): StagedStores {
  let fault: SottoError | undefined
  const noting = async <Result>(work: () => Result): Promise<Result> => {
    try {
      return await Promise.resolve(work())
    } catch (thrown) {
      if (thrown instanceof SottoError) fault = thrown
      throw thrown
    }
  }
  return {
    sessions: new StagedSessions(stage, noting),
    identities: new StagedIdentities(stage, own, noting),
    prekeys: new StagedPrekeys(stage, noting),
    signedPrekeys: new StagedSignedPrekeys(stage, noting),
    kyberPrekeys: new StagedKyberPrekeys(stage, noting),
    fault: () => fault,
  }
}

/** A failure of libsignal is the bundle's; a storage fault that it wrapped is thrown as itself. */
export async function guardLibsignal<Result>(
  stores: StagedStores,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (thrown) {
    throw stores.fault() ?? thrown
  }
}

type Noting = <Result>(work: () => Result) => Promise<Result>

class StagedSessions extends SessionStore {
  readonly #stage: Stage
  readonly #noting: Noting

  constructor(stage: Stage, noting: Noting) {
    super()
    this.#stage = stage
    this.#noting = noting
  }

  override getSession(name: ProtocolAddress): Promise<SessionRecord | null> {
    return this.#noting(() => {
      const stored = this.#stage.session(accountOf(name), deviceOf(name))
      return stored === undefined ? null : SessionRecord.deserialize(stored.record)
    })
  }

  override saveSession(name: ProtocolAddress, record: SessionRecord): Promise<void> {
    return this.#noting(() => {
      const [account, device] = [accountOf(name), deviceOf(name)]
      const before = this.#stage.session(account, device)
      this.#stage.saveSession({
        account,
        device,
        record: record.serialize(),
        confirmed: before?.confirmed ?? false,
        manifestSent: before?.manifestSent ?? 0,
      })
    })
  }

  override async getExistingSessions(names: ProtocolAddress[]): Promise<SessionRecord[]> {
    const records = await Promise.all(names.map((name) => this.getSession(name)))
    return records.filter((record) => record !== null)
  }
}

class StagedIdentities extends IdentityKeyStore {
  readonly #stage: Stage
  readonly #own: OwnDevice
  readonly #noting: Noting

  constructor(stage: Stage, own: OwnDevice, noting: Noting) {
    super()
    this.#stage = stage
    this.#own = own
    this.#noting = noting
  }

  override getIdentityKey(): Promise<PrivateKey> {
    return Promise.resolve(this.#own.identity.privateKey)
  }

  override getIdentityKeyPair(): Promise<IdentityKeyPair> {
    return Promise.resolve(this.#own.identity)
  }

  override getLocalRegistrationId(): Promise<number> {
    return Promise.resolve(this.#own.registrationId)
  }

  override saveIdentity(name: ProtocolAddress, key: PublicKey): Promise<IdentityChange> {
    return this.#noting(() => {
      const account = accountOf(name)
      const before = this.#stage.identity(account)
      const now = ownBytes(key.serialize())
      this.#stage.saveIdentity(account, now)
      return before === undefined || equalBytes(before, now)
        ? IdentityChange.NewOrUnchanged
        : IdentityChange.ReplacedExisting
    })
  }

  /** An identity is trusted when it is the one known, and at first when the account id certifies it. */
  override isTrustedIdentity(name: ProtocolAddress, key: PublicKey): Promise<boolean> {
    return this.#noting(() => isTrusted(this.#stage, this.#own, accountOf(name), key.serialize()))
  }

  override getIdentity(name: ProtocolAddress): Promise<PublicKey | null> {
    return this.#noting(() => {
      const account = accountOf(name)
      if (account === this.#own.account) return this.#own.identity.publicKey
      const key = this.#stage.identity(account)
      return key === undefined ? null : PublicKey.deserialize(key)
    })
  }
}

/** Whether `key` is the identity key of `account`, as far as this device can know. */
export function isTrusted(
  stage: Stage,
  own: OwnDevice,
  account: AccountId,
  key: Uint8Array,
): boolean {
  if (account === own.account) return equalBytes(key, own.identity.publicKey.serialize())
  const known = stage.identity(account)
  if (known !== undefined) return equalBytes(known, key) // It was certified when it became known.
  return isAccountOf(account, { relayRoot: own.relayRoot, identity: key }, sha256)
}

class StagedPrekeys extends PreKeyStore {
  readonly #stage: Stage
  readonly #noting: Noting

  constructor(stage: Stage, noting: Noting) {
    super()
    this.#stage = stage
    this.#noting = noting
  }

  override savePreKey(): Promise<void> {
    return Promise.reject(new Error('prekeys are made in account/prekeys'))
  }

  override getPreKey(id: number): Promise<PreKeyRecord> {
    return this.#noting(() => PreKeyRecord.deserialize(existing(this.#stage.ecPrekey(id))))
  }

  override removePreKey(id: number): Promise<void> {
    return this.#noting(() => {
      this.#stage.useEcPrekey(id)
    })
  }
}

class StagedSignedPrekeys extends SignedPreKeyStore {
  readonly #stage: Stage
  readonly #noting: Noting

  constructor(stage: Stage, noting: Noting) {
    super()
    this.#stage = stage
    this.#noting = noting
  }

  override saveSignedPreKey(): Promise<void> {
    return Promise.reject(new Error('prekeys are made in account/prekeys'))
  }

  override getSignedPreKey(id: number): Promise<SignedPreKeyRecord> {
    return this.#noting(() =>
      SignedPreKeyRecord.deserialize(existing(this.#stage.signedPrekey(id))),
    )
  }
}

class StagedKyberPrekeys extends KyberPreKeyStore {
  readonly #stage: Stage
  readonly #noting: Noting

  constructor(stage: Stage, noting: Noting) {
    super()
    this.#stage = stage
    this.#noting = noting
  }

  override saveKyberPreKey(): Promise<void> {
    return Promise.reject(new Error('prekeys are made in account/prekeys'))
  }

  override getKyberPreKey(id: number): Promise<KyberPreKeyRecord> {
    return this.#noting(() =>
      KyberPreKeyRecord.deserialize(existing(this.#stage.kyberPrekey(id)?.record)),
    )
  }

  /** Refuses the second use of a last-resort key by one base key (PQXDH, sections 4.2 and 4.3). */
  override markKyberPreKeyUsed(
    kyberId: number,
    signedId: number,
    baseKey: PublicKey,
  ): Promise<void> {
    return this.#noting(() => {
      const lastResort = this.#stage.kyberPrekey(kyberId)?.lastResort ?? false
      const use = { kyberId, signedId, baseKey: ownBytes(baseKey.serialize()) }
      if (lastResort && this.#stage.wasKyberSeen(use))
        throw new Error('a last-resort first message was replayed')
      this.#stage.useKyberPrekey(use, lastResort)
    })
  }
}

function existing(record: Bytes | undefined): Bytes {
  if (record === undefined) throw new Error('no such prekey')
  return record
}

function accountOf(name: ProtocolAddress): AccountId {
  return parseAccountId(name.name())
}

function deviceOf(name: ProtocolAddress): DeviceId {
  return name.deviceId() as DeviceId
}
