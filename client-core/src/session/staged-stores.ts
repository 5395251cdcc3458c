import {
  IdentityChange,
  KyberPreKeyRecord,
  PreKeyRecord,
  PublicKey,
  SignedPreKeyRecord,
  type IdentityKeyStore,
  type KyberPreKeyStore,
  type PreKeyStore,
  type ProtocolAddress,
  type SessionRecord,
  type SessionStore,
  type SignedPreKeyStore,
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
import { liveRecord, liveSession } from './live-session.js'
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
  /** Whether a first message was refused because its last-resort key had opened it before. */
  wasReplayed(): boolean
}

export function stagedStores(stage: Stage, own: OwnDevice): StagedStores {
  let fault: SottoError | undefined
  let replayed = false
  const noting: Noting = async (work) => {
    try {
      return work()
    } catch (thrown) {
      if (thrown instanceof SottoError) fault = thrown
      if (thrown instanceof Replayed) replayed = true
      throw thrown
    }
  }
  return {
    sessions: stagedSessions(stage, noting),
    identities: stagedIdentities(stage, own, noting),
    prekeys: stagedPrekeys(stage, noting),
    signedPrekeys: stagedSignedPrekeys(stage, noting),
    kyberPrekeys: stagedKyberPrekeys(stage, noting),
    fault: () => fault,
    wasReplayed: () => replayed,
  }
}

class Replayed extends Error {}

/** A failure of libsignal is the envelope's; a storage fault that it wrapped is thrown as itself. */
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

type Noting = <Result>(work: () => Result) => Promise<Result>

function stagedSessions(stage: Stage, noting: Noting): SessionStore {
  const getSession = (name: ProtocolAddress): Promise<SessionRecord | null> =>
    noting(() => {
      const stored = stage.session(accountOf(name), deviceOf(name))
      return stored === undefined ? null : liveRecord(stored)
    })
  return {
    getSession,
    saveSession: (name, record) =>
      noting(() => {
        const [account, device] = [accountOf(name), deviceOf(name)]
        const before = stage.session(account, device)
        const { confirmed, manifestSent } = before ?? { confirmed: false, manifestSent: 0 }
        stage.saveSession(liveSession({ account, device, confirmed, manifestSent }, record))
      }),
    getExistingSessions: async (names) => {
      const records = await Promise.all(names.map(getSession))
      return records.filter((record) => record !== null)
    },
  }
}

function stagedIdentities(stage: Stage, own: OwnDevice, noting: Noting): IdentityKeyStore {
  return {
    getIdentityKey: async () => own.identity.privateKey,
    getIdentityKeyPair: async () => own.identity,
    getLocalRegistrationId: async () => own.registrationId,
    saveIdentity: (name, key) =>
      noting(() => {
        const account = accountOf(name)
        const before = stage.identity(account)
        const now = ownBytes(key.serialize())
        stage.saveIdentity(account, now)
        return before === undefined || equalBytes(before, now)
          ? IdentityChange.NewOrUnchanged
          : IdentityChange.ReplacedExisting
      }),
    // Trusted is the identity that is known, and at first the one that the account id certifies.
    isTrustedIdentity: (name, key) =>
      noting(() => isTrusted(stage, own, accountOf(name), key.serialize())),
    getIdentity: (name) =>
      noting(() => {
        const account = accountOf(name)
        if (account === own.account) return own.identity.publicKey
        const key = stage.identity(account)
        return key === undefined ? null : PublicKey.deserialize(key)
      }),
  }
}

function stagedPrekeys(stage: Stage, noting: Noting): PreKeyStore {
  return {
    savePreKey: notMadeHere,
    getPreKey: (id) => noting(() => PreKeyRecord.deserialize(existing(stage.ecPrekey(id)))),
    removePreKey: (id) =>
      noting(() => {
        stage.useEcPrekey(id)
      }),
  }
}

function stagedSignedPrekeys(stage: Stage, noting: Noting): SignedPreKeyStore {
  return {
    saveSignedPreKey: notMadeHere,
    getSignedPreKey: (id) =>
      noting(() => SignedPreKeyRecord.deserialize(existing(stage.signedPrekey(id)))),
  }
}

function stagedKyberPrekeys(stage: Stage, noting: Noting): KyberPreKeyStore {
  return {
    saveKyberPreKey: notMadeHere,
    getKyberPreKey: (id) =>
      noting(() => KyberPreKeyRecord.deserialize(existing(stage.kyberPrekey(id)?.record))),
    // Refuses the second use of a last-resort key by one base key (PQXDH, sections 4.2 and 4.3).
    markKyberPreKeyUsed: (kyberId, signedId, baseKey) =>
      noting(() => {
        const lastResort = stage.kyberPrekey(kyberId)?.lastResort ?? false
        const use = { kyberId, signedId, baseKey: ownBytes(baseKey.serialize()) }
        if (lastResort && stage.wasKyberSeen(use)) throw new Replayed()
        stage.useKyberPrekey(use, lastResort)
      }),
  }
}

async function notMadeHere(): Promise<void> {
  throw new Error('prekeys are made in account/prekeys')
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
