import { performance } from 'node:perf_hooks'
import {
  PreKeySignalMessage,
  PrivateKey,
  processPreKeyBundle,
  sealedSenderDecryptMessage,
  sealedSenderEncryptMessage,
  SenderCertificate,
  ServerCertificate,
  signalDecryptPreKey,
  signalEncrypt,
  SignalMessage,
  signalDecrypt,
} from '@signalapp/libsignal-client'
import { Party } from './party.js'

const DAY_MS = 24 * 60 * 60_000
const TEXT = Uint8Array.from(Buffer.from('a message of ordinary length, as people write'))

/** Envelopes a second that libsignal opens, sealed sender and ratchet, out of stores in memory. */
export async function sealedOpenRate(count: number): Promise<number> {
  const [alice, bob] = [
    new Party('9d0652a3-dcc3-8d11-975f-74d61598733f'),
    new Party('796abedb-ca4e-8f18-8803-1fde5b921f9f'),
  ]
  const trust = PrivateKey.generate()
  const serverKey = PrivateKey.generate()
  const server = ServerCertificate.new(1, serverKey.getPublicKey(), trust)
  const { publicKey } = alice.identity
  const endMs = Date.now() + DAY_MS
  const certificate = SenderCertificate.new(
    alice.name,
    null,
    1,
    publicKey,
    endMs,
    server,
    serverKey,
  )
  alice.peer = bob.identity.publicKey
  await meet(alice, bob)
  const sealed: Uint8Array<ArrayBuffer>[] = []
  for (let index = 0; index < count; index++) {
    sealed.push(
      await sealedSenderEncryptMessage(
        TEXT,
        bob.address,
        certificate,
        alice.sessions,
        alice.identities,
      ),
    )
  }
  const beginMs = performance.now()
  for (const envelope of sealed) {
    await sealedSenderDecryptMessage(
      envelope,
      trust.getPublicKey(),
      Date.now(),
      null,
      bob.name,
      1,
      bob.sessions,
      bob.identities,
      bob.prekeys,
      bob.signedPrekeys,
      bob.kyberPrekeys,
    )
  }
  return (count / (performance.now() - beginMs)) * 1000
}

/** A session that both have answered in. */
async function meet(alice: Party, bob: Party): Promise<void> {
  await processPreKeyBundle(
    bob.bundle(),
    bob.address,
    alice.address,
    alice.sessions,
    alice.identities,
  )
  const first = await signalEncrypt(
    TEXT,
    bob.address,
    alice.address,
    alice.sessions,
    alice.identities,
  )
  await signalDecryptPreKey(
    PreKeySignalMessage.deserialize(first.serialize()),
    alice.address,
    bob.address,
    bob.sessions,
    bob.identities,
    bob.prekeys,
    bob.signedPrekeys,
    bob.kyberPrekeys,
  )
  const { address, sessions, identities } = bob
  const answer = await signalEncrypt(TEXT, alice.address, address, sessions, identities)
  await signalDecrypt(
    SignalMessage.deserialize(answer.serialize()),
    address,
    alice.address,
    alice.sessions,
    alice.identities,
  )
}
