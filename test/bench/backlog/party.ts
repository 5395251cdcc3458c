import {
  IdentityChange,
  IdentityKeyPair,
  KEMKeyPair,
  KyberPreKeyRecord,
  PreKeyBundle,
  PrivateKey,
  ProtocolAddress,
  SessionRecord,
  SignedPreKeyRecord,
  type IdentityKeyStore,
  type KyberPreKeyStore,
  type PreKeyStore,
  type PublicKey,
  type SessionStore,
  type SignedPreKeyStore,
} from '@signalapp/libsignal-client'

const REGISTRATION_ID = 1

/** Somebody who talks libsignal and nothing else; records are kept serialised, as a store keeps them. */
export class Party {
  readonly name: string
  readonly address: ProtocolAddress
  readonly identity = IdentityKeyPair.generate()
  /** The identity key of whom it talks to. */
  peer: PublicKey | undefined
  readonly #signed: SignedPreKeyRecord
  readonly #kyber: KyberPreKeyRecord
  readonly #records = new Map<string, Uint8Array<ArrayBuffer>>()

  constructor(name: string) {
    this.name = name
    this.address = ProtocolAddress.new(name, 1)
    const { privateKey } = this.identity
    const key = PrivateKey.generate()
    const signature = privateKey.sign(key.getPublicKey().serialize())
    this.#signed = SignedPreKeyRecord.new(1, 1, key.getPublicKey(), key, signature)
    const pair = KEMKeyPair.generate()
    const kyberSignature = privateKey.sign(pair.getPublicKey().serialize())
    this.#kyber = KyberPreKeyRecord.new(1, 1, pair, kyberSignature)
  }

  bundle(): PreKeyBundle {
    return PreKeyBundle.new(
      REGISTRATION_ID,
      1,
      null,
      null,
      1,
      this.#signed.publicKey(),
      this.#signed.signature(),
      this.identity.publicKey,
      1,
      this.#kyber.publicKey(),
      this.#kyber.signature(),
    )
  }

  readonly sessions: SessionStore = {
    saveSession: async (address, record) => {
      this.#records.set(address.name(), record.serialize())
    },
    getSession: async (address) => {
      const bytes = this.#records.get(address.name())
      return bytes === undefined ? null : SessionRecord.deserialize(bytes)
    },
    getExistingSessions: async () => [],
  }

  readonly identities: IdentityKeyStore = {
    getIdentityKey: async () => this.identity.privateKey,
    getIdentityKeyPair: async () => this.identity,
    getLocalRegistrationId: async () => REGISTRATION_ID,
    saveIdentity: async () => IdentityChange.NewOrUnchanged,
    isTrustedIdentity: async () => true,
    getIdentity: async () => this.peer ?? null,
  }

  readonly prekeys: PreKeyStore = {
    savePreKey: nothing,
    getPreKey: async () => {
      throw new Error('no one-time prekeys here')
    },
    removePreKey: nothing,
  }

  readonly signedPrekeys: SignedPreKeyStore = {
    saveSignedPreKey: nothing,
    getSignedPreKey: async () => this.#signed,
  }

  readonly kyberPrekeys: KyberPreKeyStore = {
    saveKyberPreKey: nothing,
    getKyberPreKey: async () => this.#kyber,
    markKyberPreKeyUsed: nothing,
  }
}

async function nothing(): Promise<void> {
  // Nothing is used up here.
}
