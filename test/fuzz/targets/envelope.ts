import {
  CiphertextMessageType,
  ContentHint,
  IdentityKeyPair,
  PlaintextContent,
  PrivateKey,
  ProtocolAddress,
  sealedSenderEncrypt,
  SenderCertificate,
  UnidentifiedSenderMessageContent,
  type CiphertextMessage,
  type IdentityKeyStore,
} from '@signalapp/libsignal-client'
import type { Ports } from '@sotto/client-core'
import {
  ENVELOPE_INFO,
  envelopeContext,
  loadOwnDevice,
  openEnvelope,
  Stage,
} from '@sotto/client-core/parsers'
import { createAccountOn, MemoryDisk } from '@sotto/client-core/simulation'
import { FIRST_DEVICE, ownBytes, padToBucket, SEALED_BYTES_MAX, type Bytes } from '@sotto/protocol'
import { MemoryDisk as RelayDisk, OpenRelay, SILENT_LOG } from '@sotto/relay'
import { must, type Target } from '../target.js'
import { ACCOUNT } from './protocol.js'
import { relayKeys } from './relay-account.js'

const keys = relayKeys()
const NOW_MS = 1_800_000_000_000
const LAYERS = 4

/** Somebody with an account and nobody they know, as `account create` leaves them. */
async function recipient() {
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0, after: () => () => undefined }
  const silent = (): void => undefined
  const relay = await OpenRelay.open({
    store: new RelayDisk().openStore(),
    ...{ keys, clock, random: nines, log: SILENT_LOG },
  })
  const ports: Ports = {
    clock,
    random: { bytes: nines, fraction: () => 0 },
    log: { debug: silent, info: silent, warn: silent },
    crashpoint: silent,
    transport: {
      open: () => Promise.reject(new Error('nothing is dialled')),
      exchange: async ({ body }) =>
        body === undefined
          ? { status: 200, body: relay.parameters }
          : relay.postAccount({ kind: 'operator' }, ownBytes(body)),
    },
  }
  const store = new MemoryDisk().openStore(clock, silent)
  await createAccountOn(store, {
    ...{ relay: 'https://relay.example', username: 'alice.42', ports, prekeyStock: 1 },
    identitySeed: new Uint8Array(32).fill(1),
  })
  await relay.close()
  const account = store.read.account.own()
  if (account === undefined) throw new Error('the account was made a moment ago')
  return { read: store.read, own: loadOwnDevice(account) }
}

function nines(length: number): Bytes {
  return new Uint8Array(length).fill(9)
}

const identity = PrivateKey.deserialize(new Uint8Array(32).fill(7))

/** The relay certifies a stranger, as it does everybody who has an account. */
function certificate(): SenderCertificate {
  const { key, certificate: server } = keys.server
  return SenderCertificate.new(
    ...[ACCOUNT, null, FIRST_DEVICE, identity.getPublicKey(), NOW_MS + 1_000, server, key],
  )
}

type Recipient = Awaited<ReturnType<typeof recipient>>
let made: Promise<Recipient> | undefined

export const envelopeTargets: readonly Target[] = [
  {
    name: 'envelope',
    isProtobuf: true,
    bytesMax: 4_096,
    seeds: Array.from({ length: LAYERS }, (_, layer) =>
      Uint8Array.of(layer, 0x33, 0x08, 0x01, 0x12, 0x03, 1, 2, 3),
    ),
    async run(input) {
      made ??= recipient()
      const to = await made
      const body = await sealed(to, (input[0] ?? 0) % LAYERS, ownBytes(input.subarray(1)))
      if (body === undefined) return
      const stage = new Stage(to.read)
      const opened = await openEnvelope(stage, to.own, { body, arrivalMs: NOW_MS })
      must('what nobody has sealed is refused', opened.kind === 'refused')
    },
  },
]

/** An envelope with so many of its layers made properly, around what the input says. */
async function sealed({ own }: Recipient, layer: number, inner: Bytes): Promise<Bytes | undefined> {
  if (layer === 0) return inner
  const outermost = (plain: Bytes): Bytes =>
    ownBytes(own.identity.publicKey.seal(plain, ENVELOPE_INFO, envelopeContext(own)))
  if (layer === 1) return outermost(inner)
  if (layer === 2)
    return inner.length > SEALED_BYTES_MAX ? undefined : outermost(padToBucket(inner))
  const usmc = senderMessage(inner)
  if (usmc === undefined) return undefined
  const address = ProtocolAddress.new(own.account, own.device)
  return outermost(padToBucket(await sealedSenderEncrypt(usmc, address, storesFor(own))))
}

/** As a decryption error is sealed, or with a type of ratchet message that the input names. */
function senderMessage(inner: Bytes): UnidentifiedSenderMessageContent | undefined {
  try {
    const message = PlaintextContent.deserialize(
      Uint8Array.of(0xc0, ...inner),
    ).asCiphertextMessage()
    return contentOf(message)
  } catch {
    return undefined // It is none that libsignal would seal.
  }
}

function contentOf(message: CiphertextMessage): UnidentifiedSenderMessageContent {
  must('it is one without a ratchet', message.type() === CiphertextMessageType.Plaintext)
  return UnidentifiedSenderMessageContent.new(message, certificate(), ContentHint.Default, null)
}

/** What sealing asks for: one's own key and the other's. */
function storesFor({ identity: to }: Recipient['own']): IdentityKeyStore {
  const pair = new IdentityKeyPair(identity.getPublicKey(), identity)
  const store: Pick<IdentityKeyStore, 'getIdentityKeyPair' | 'getIdentity'> = {
    getIdentityKeyPair: () => Promise.resolve(pair),
    getIdentity: () => Promise.resolve(to.publicKey),
  }
  return store as IdentityKeyStore
}
