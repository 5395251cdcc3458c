import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CiphertextMessage, IdentityKeyPair } from '@signalapp/libsignal-client'
import {
  ContentHint,
  PlaintextContent,
  PrivateKey,
  ProtocolAddress,
  SenderCertificate,
  ServerCertificate,
  signalEncrypt,
  UnidentifiedSenderMessageContent,
} from '@signalapp/libsignal-client'
import type { Database } from '@signalapp/sqlcipher'
import {
  PREKEY_STOCK,
  decode,
  DEVICE_KEY_BYTES,
  encode,
  encodeContent,
  encodeManifest,
  manifestSigningBytes,
  ownBytes,
  ROUTE_BYTES,
  SecretBytes,
  wire,
  type AccountId,
  type Bytes,
  type Content,
  type DeviceId,
  type Manifest,
  type RegistrationId,
} from '@sotto/protocol'
import type { Test } from 'tap'
import { generateAccount } from '../../src/account/generate.js'
import { makePrekeys, unpublishedPrekeys } from '../../src/account/prekeys.js'
import { makeCore, type Core } from '../../src/core.js'
import type { PrekeyStockInit } from '../../src/net/requests.js'
import { nodePorts } from '../../src/node-ports.js'
import type { Crashpoint, CrashpointName, Ports } from '../../src/ports.js'
import { peerOf } from '../../src/session/manifests.js'
import { open, type Opened } from '../../src/session/open.js'
import { loadOwnDevice } from '../../src/session/own-device.js'
import { seal, startSession } from '../../src/session/seal.js'
import { Stage } from '../../src/session/stage.js'
import { stagedStores, type StagedStores } from '../../src/session/staged-stores.js'
import { wrap } from '../../src/session/wrap.js'
import { openDatabase } from '../../src/store/database.js'
import { Store } from '../../src/store/store.js'
import type { OwnAccount, StoredCertificate } from '../../src/store/tables/account.js'
import type { OutboxEnvelope } from '../../src/store/tables/outbox.js'

const HOUR_MS = 60 * 60_000
export const NOW_MS = Date.now()

/** The keys of a relay, without the relay: what signs parameters and certificates. */
export class Authority {
  readonly root = PrivateKey.generate()
  readonly certificateRoot = PrivateKey.generate()
  readonly #serverKey = PrivateKey.generate()
  readonly #server = ServerCertificate.new(1, this.#serverKey.getPublicKey(), this.certificateRoot)

  certificate(
    of: { readonly account: string; readonly device: number; readonly identity: IdentityKeyPair },
    expiresMs = NOW_MS + 48 * HOUR_MS,
  ): StoredCertificate {
    const { account, device, identity } = of
    const made = SenderCertificate.new(
      account,
      null,
      device,
      identity.publicKey,
      expiresMs,
      this.#server,
      this.#serverKey,
    )
    return { certificate: ownBytes(made.serialize()), drawnMs: NOW_MS, expiresMs }
  }
}

export interface PersonOptions {
  readonly ports?: Partial<Ports>
  readonly acceptEveryone?: boolean
  /** Default: as the local clock. */
  readonly relayNowMs?: () => number
  /** Default: always. */
  readonly knowsRelayTime?: () => boolean
  /** Keys made elsewhere; default: new ones. */
  readonly account?: OwnAccount
}

/** One account with a real store, as `account create` leaves it, and no network. */
export class Person {
  readonly core: Core
  readonly path: string
  readonly authority: Authority
  /** Called at each mark the code comes to. */
  crashpoint: Crashpoint = () => undefined
  certificate: StoredCertificate
  readonly #key: SecretBytes
  readonly #options: PersonOptions

  constructor(
    t: Test,
    authority: Authority,
    name: string,
    options: PersonOptions = {},
    disk?: { readonly path: string; readonly key: SecretBytes },
  ) {
    const ports: Ports = {
      ...nodePorts({}),
      crashpoint: (mark) => {
        this.crashpoint(mark)
      },
      ...options.ports,
    }
    this.authority = authority
    this.path = disk?.path ?? join(temporaryFolder(t), 'store.db')
    this.#key = disk?.key ?? new SecretBytes(ports.random.bytes(32))
    this.#options = options
    const store = Store.open({ path: this.path, key: this.#key, clock: ports.clock })
    t.teardown(() => {
      store.close()
    })
    if (disk === undefined)
      createAccount(store, options.account ?? generate(authority, name, ports), ports)
    this.core = makeCore({
      store,
      ports,
      acceptEveryone: options.acceptEveryone ?? false,
      prekeyStock: PREKEY_STOCK,
      relayNowMs: options.relayNowMs ?? (() => ports.clock.nowMs()),
      knowsRelayTime: options.knowsRelayTime ?? (() => true),
    })
    this.certificate = authority.certificate(this.core.own)
  }

  get id(): AccountId {
    return this.core.own.account
  }

  /** The person as a new process finds them, if this one dies now: what is on disk, no more. */
  afterCrash(t: Test): Person {
    const path = join(temporaryFolder(t), 'store.db')
    copyFileSync(this.path, path)
    if (existsSync(`${this.path}-wal`)) copyFileSync(`${this.path}-wal`, `${path}-wal`)
    return new Person(t, this.authority, '', this.#options, { path, key: this.#key })
  }

  stage(): Stage {
    return new Stage(this.core.store.read)
  }

  commit(stage: Stage): void {
    this.core.store.transact((tx) => {
      stage.commit(tx, NOW_MS)
    })
  }

  /** A bundle as the relay would hand it out: the first one-time keys, or the last resort. */
  bundle(options: { readonly lastResort?: boolean } = {}): wire.AccountBundle {
    const stock: PrekeyStockInit =
      unpublishedPrekeys(this.core.store.read, { replace: false })?.stock ?? {}
    const [ec] = stock.oneTimeEc ?? []
    const [kyber] = stock.oneTimeKyber ?? []
    const device = {
      device: this.core.own.device,
      registrationId: this.core.own.registrationId,
      signed: stock.signed ?? {},
      kyber: (options.lastResort === true ? stock.lastResort : kyber) ?? {},
      lastResort: options.lastResort === true,
    }
    const devices = [
      options.lastResort === true || ec === undefined ? device : { ...device, oneTimeEc: ec },
    ]
    const { bytes, signature } = this.core.own.manifest
    const encoded = encode(wire.AccountBundleSchema, {
      route: this.core.account.route ?? new Uint8Array(0),
      manifest: { manifest: bytes, signature },
      devices,
    })
    return decode(wire.AccountBundleSchema, encoded)
  }

  /** Starts a session with `peer` from its bundle and commits it. */
  async meet(peer: Person, bundle = peer.bundle()): Promise<void> {
    const stage = this.stage()
    const manifest = peer.core.own.manifest
    stage.savePeer(peerOf(manifest, undefined))
    const [device] = bundle.devices
    if (device === undefined) throw new Error('a bundle has a device')
    await startSession(
      { stage, own: this.core.own, random: this.core.ports.random, nowMs: NOW_MS },
      manifest,
      device,
    )
    this.commit(stage)
  }

  /** Seals a content for `peer` and commits, as the outbox does. */
  async seal(peer: Person, content: Content): Promise<OutboxEnvelope> {
    const stage = this.stage()
    const [envelope] = await seal(
      { stage, own: this.core.own, random: this.core.ports.random, nowMs: NOW_MS },
      {
        account: peer.core.own.account,
        devices: peer.core.own.manifest.parsed.devices,
        content: { content, sentAtMs: NOW_MS },
        certificate: this.certificate,
      },
    )
    if (envelope === undefined) throw new Error('there is one device')
    this.commit(stage)
    return envelope
  }

  /** Seals bytes that need not be a content this sotto would write. */
  async sealPlaintext(peer: Person, plaintext: Bytes): Promise<Pick<OutboxEnvelope, 'body'>> {
    const { own } = this.core
    const { account, device } = peer.core.own
    const stage = this.stage()
    const stores = stagedStores(stage, own)
    const message = await signalEncrypt(
      plaintext,
      ProtocolAddress.new(account, device),
      ProtocolAddress.new(own.account, own.device),
      stores.sessions,
      stores.identities,
    )
    const body = await this.#wrap(stores, peer, message)
    this.commit(stage)
    return { body }
  }

  /** Seals a content as decryption errors are. */
  async sealWithoutRatchet(peer: Person, content: Content): Promise<Pick<OutboxEnvelope, 'body'>> {
    const { manifest } = this.core.own
    const plaintext = encodeContent({
      content,
      sentAtMs: NOW_MS,
      manifestVersion: manifest.parsed.version,
      manifestHash: manifest.hash,
      manifest: undefined,
    })
    const bytes = ownBytes(Uint8Array.of(0xc0, ...plaintext))
    const message = PlaintextContent.deserialize(bytes).asCiphertextMessage()
    return { body: await this.#wrap(stagedStores(this.stage(), this.core.own), peer, message) }
  }

  #wrap(stores: StagedStores, peer: Person, message: CiphertextMessage): Promise<Bytes> {
    const { account, device } = peer.core.own
    const certificate = SenderCertificate.deserialize(this.certificate.certificate)
    const ratcheted = UnidentifiedSenderMessageContent.new(
      message,
      certificate,
      ContentHint.Resendable,
      null,
    ).serialize()
    return wrap(stores, this.core.own, { account, device, ratcheted })
  }

  /** The person's database by another connection. */
  database(): Database {
    return openDatabase(this.path, this.#key)
  }

  /** Opens and, where it opened, commits. */
  async open(envelope: Pick<OutboxEnvelope, 'body'>, arrivalMs = NOW_MS): Promise<Opened> {
    const stage = this.stage()
    const opened = await open(stage, this.core.own, { body: envelope.body, arrivalMs })
    if (opened.kind === 'opened') this.commit(stage)
    return opened
  }
}

function generate(authority: Authority, name: string, ports: Ports): OwnAccount {
  return generateAccount(
    { relay: 'http://127.0.0.1:1', username: `${name}.42`, name },
    {
      rootKey: ownBytes(authority.root.getPublicKey().serialize()),
      certificateRoot: ownBytes(authority.certificateRoot.getPublicKey().serialize()),
    },
    ports,
  )
}

function createAccount(store: Store, account: OwnAccount, ports: Ports): void {
  const { identity } = loadOwnDevice(account)
  store.transact((tx) => {
    tx.account.create(account)
    tx.account.setRoute(account.route ?? ports.random.bytes(ROUTE_BYTES))
    tx.journal.setId(ports.random.bytes(8))
    makePrekeys(tx, identity, { levels: { oneTimeEc: 0, oneTimeKyber: 0 }, nowMs: NOW_MS })
  })
}

/** A second device of a person's account, by a manifest of version 2 that lists both. */
export function secondDevice(t: Test, first: Person): Person {
  const { account, own } = first.core
  const tablet = { id: 2 as DeviceId, registrationId: 77 as RegistrationId }
  const signed = signedManifest(first, {
    version: 2,
    previousHash: own.manifest.hash,
    devices: [
      ...own.manifest.parsed.devices,
      { ...tablet, deviceKey: new Uint8Array(DEVICE_KEY_BYTES), capabilities: [] },
    ],
  })
  const manifest = { manifest: signed.manifest, manifestSignature: signed.signature }
  const { id: device, registrationId } = tablet
  return new Person(t, first.authority, '', {
    account: { ...account, ...manifest, device, registrationId },
  })
}

/** A manifest of the person's account, as its identity key would sign it. */
export function signedManifest(
  person: Person,
  next: Pick<Manifest, 'version' | 'previousHash' | 'devices'>,
): { readonly manifest: Bytes; readonly signature: Bytes } {
  const { account, identity } = person.core.own
  const identityKey = ownBytes(identity.publicKey.serialize())
  const manifest = encodeManifest({ account, identityKey, ...next })
  return { manifest, signature: identity.privateKey.sign(manifestSigningBytes(manifest)) }
}

export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-person-'))
  t.teardown(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** The person who is left when the process dies at `mark` for the first time. */
export function crashAt(t: Test, person: Person, mark: CrashpointName): () => Person {
  let survivor: Person | undefined
  person.crashpoint = (hit) => {
    if (hit === mark) survivor ??= person.afterCrash(t)
  }
  return () => {
    if (survivor === undefined) throw new Error(`it never came to ${mark}`)
    return survivor
  }
}

export function twoPeople(
  t: Test,
  options: PersonOptions = {},
): {
  readonly alice: Person
  readonly bob: Person
  readonly authority: Authority
} {
  const authority = new Authority()
  return {
    authority,
    alice: new Person(t, authority, 'alice', options),
    bob: new Person(t, authority, 'bob', options),
  }
}
