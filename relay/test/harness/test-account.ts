import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { KEMKeyPair, PrivateKey, usernames } from '@signalapp/libsignal-client'
import {
  challengeSigningBytes,
  decode,
  deriveAccountId,
  encode,
  encodeManifest,
  manifestSigningBytes,
  ownBytes,
  wire,
  accountIdBytes,
  type AccountId,
  type Bytes,
  type Challenge,
  type DeviceId,
  type RegistrationId,
} from '@sotto/protocol'

/** One device of a test account. */
export interface TestDevice {
  readonly id: DeviceId
  readonly registrationId: RegistrationId
  readonly key: KeyObject
  readonly publicKey: Bytes
}

export function random(bytes: number): Bytes {
  return ownBytes(randomBytes(bytes))
}

export function sha256(bytes: Uint8Array): Bytes {
  return ownBytes(createHash('sha256').update(bytes).digest())
}

export function testDevice(id = 1, registrationId = 1000 + id): TestDevice {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    id: id as DeviceId,
    registrationId: registrationId as RegistrationId,
    key: privateKey,
    publicKey: ownBytes(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
  }
}

/** An account as a client would make it: its keys, and what it sends to its relay. */
export class TestAccount {
  readonly identity = PrivateKey.generate()
  readonly identityKey = this.identity.getPublicKey().serialize()
  readonly accessKey = random(16)
  readonly device: TestDevice
  readonly relayRoot: Bytes
  readonly id: AccountId
  /** Known once registered. */
  route: Bytes = new Uint8Array(0)
  #previousHash: Bytes = new Uint8Array(0)

  constructor(relayRoot: Bytes, device = testDevice()) {
    this.relayRoot = relayRoot
    this.device = device
    this.id = deriveAccountId({ relayRoot, identity: this.identityKey }, sha256)
  }

  get idBytes(): Bytes {
    return accountIdBytes(this.id)
  }

  signManifest(version: number, devices: readonly TestDevice[], previousHash?: Bytes) {
    const manifest = encodeManifest({
      account: this.id,
      version,
      previousHash: previousHash ?? (version === 1 ? new Uint8Array(0) : this.#previousHash),
      identityKey: this.identityKey,
      devices: devices.map(({ id, registrationId, publicKey }) => ({
        id,
        registrationId,
        deviceKey: publicKey,
        capabilities: [],
      })),
    })
    this.#previousHash = sha256(manifest)
    return { manifest, signature: this.identity.sign(manifestSigningBytes(manifest)) }
  }

  /** Prekeys with ids from `firstId` on; one-time Kyber keys share one key, which no relay minds. */
  prekeys(options: { readonly firstId?: number; readonly oneTime?: number } = {}) {
    const { firstId = 1, oneTime = 10 } = options
    const kyber = KEMKeyPair.generate().getPublicKey().serialize()
    const ids = Array.from({ length: oneTime }, (_, index) => firstId + index)
    const ec = PrivateKey.generate().getPublicKey().serialize()
    return {
      signed: { id: firstId, publicKey: ec, signature: this.identity.sign(ec) },
      lastResort: { id: firstId, publicKey: kyber, signature: this.identity.sign(kyber) },
      oneTimeEc: ids.map((id) => ({ id, publicKey: ec })),
      oneTimeKyber: ids.map((id) => ({
        id,
        publicKey: kyber,
        signature: this.identity.sign(kyber),
      })),
    }
  }

  registration(options: { readonly username?: string; readonly oneTime?: number } = {}) {
    const { username, oneTime } = options
    return {
      manifest: this.signManifest(1, [this.device]),
      accessKey: this.accessKey,
      ...(username === undefined
        ? {}
        : {
            usernameHash: usernames.hash(username),
            usernameProof: usernames.generateProof(username),
          }),
      prekeys: this.prekeys(oneTime === undefined ? {} : { oneTime }),
    }
  }

  /** The Authenticate for a Hello, with whatever a test wants wrong about it. */
  authenticate(
    challenge: Pick<Challenge, 'nonce' | 'timeMs' | 'host'> & Partial<Challenge>,
    device = this.device,
  ) {
    const bytes = challengeSigningBytes({
      relayRoot: this.relayRoot,
      account: this.id,
      device: device.id,
      ...challenge,
    })
    return {
      version: 1,
      account: this.idBytes,
      device: device.id as number,
      signature: ownBytes(sign(null, bytes, device.key)),
    }
  }

  /** An envelope for this account's device, its body one bucket of random bytes. */
  envelope(
    options: { readonly key?: Bytes; readonly body?: Bytes; readonly device?: TestDevice } = {},
  ) {
    const { key = random(16), body = random(1024), device = this.device } = options
    return {
      device: device.id as number,
      registrationId: device.registrationId as number,
      idempotencyKey: key,
      body,
    }
  }
}

/** The leave of somebody who has the account's access key. */
export function keyLeave(account: TestAccount) {
  return { kind: { case: 'accessKey', value: account.accessKey } } as const
}

export const STRANGER = { kind: { case: 'stranger', value: {} } } as const

export type TestLeave =
  | ReturnType<typeof keyLeave>
  | typeof STRANGER
  | { readonly kind: { readonly case: 'permit'; readonly value: Bytes } }

/** A Submit request to an account, with its access key unless another leave is given. */
export function submission(
  account: TestAccount,
  envelopes: readonly ReturnType<TestAccount['envelope']>[],
  leave: TestLeave = keyLeave(account),
) {
  const value = { route: account.route, leave, envelopes: [...envelopes] }
  return { case: 'submit', value } as const
}

export type RegistrationAnswer =
  | { readonly status: 200; readonly registered: wire.Registered }
  | { readonly status: number; readonly error: wire.Error }

export async function postRegistration(
  url: string,
  request: Parameters<typeof encode<typeof wire.RegisterSchema>>[1],
  headers: Record<string, string> = {},
): Promise<RegistrationAnswer> {
  const response = await fetch(`${url}/v1/accounts`, {
    method: 'POST',
    body: encode(wire.RegisterSchema, request),
    headers,
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  return response.status === 200
    ? { status: 200, registered: decode(wire.RegisteredSchema, bytes) }
    : { status: response.status, error: decode(wire.ErrorSchema, bytes) }
}

/** A registered account. */
export async function registeredAccount(
  relay: { readonly url: string; readonly rootKey: Bytes },
  options: { readonly username?: string; readonly oneTime?: number } = {},
): Promise<TestAccount> {
  const account = new TestAccount(relay.rootKey)
  const answer = await postRegistration(relay.url, account.registration(options))
  if (!('registered' in answer)) throw new Error(`registration failed: ${answer.status}`)
  account.route = ownBytes(answer.registered.route)
  return account
}
