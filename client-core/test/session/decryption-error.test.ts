import { IdentityKeyPair, PrivateKey } from '@signalapp/libsignal-client'
import { makeMessageId, type Content } from '@sotto/protocol'
import { test } from 'tap'
import type { OwnDevice } from '../../src/session/own-device.js'
import { seal } from '../../src/session/seal.js'
import { NOW_MS, twoPeople, type Person } from '../support/world.js'

const TEXT: Content = {
  kind: 'text',
  text: {
    message: makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10) }),
    body: 'plain',
    replyTo: undefined,
    silent: false,
  },
}
const ERROR: Content = {
  kind: 'decryption-error',
  message: new Uint8Array([1]),
  digest: new Uint8Array(32),
}

/** Seals an error as `own`, whoever that pretends to be. */
async function errorBy(own: OwnDevice, from: Person, to: Person) {
  const [envelope] = await seal(
    { stage: from.stage(), own, random: from.core.ports.random, nowMs: NOW_MS },
    {
      account: to.id,
      devices: to.core.own.manifest.parsed.devices,
      content: { content: ERROR, sentAtMs: NOW_MS },
      certificate: from.certificate,
    },
  )
  if (envelope === undefined) throw new Error('there is one device')
  return envelope
}

test('an error opens without a session on either side, where the author is known', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  await bob.meet(alice)
  const envelope = await errorBy(alice.core.own, alice, bob)
  t.match(await bob.open(envelope), {
    kind: 'opened',
    author: { account: alice.id },
    sealed: { content: { kind: 'decryption-error' } },
  })
})

test('an error of somebody unknown is refused', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const envelope = await errorBy(alice.core.own, alice, bob)
  t.match(await bob.open(envelope), { kind: 'refused', reason: 'kind' })
})

test('a relay that signs a certificate for a key of its own cannot make an error', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  await alice.meet(bob)
  await bob.meet(alice)
  const forger = IdentityKeyPair.generate()
  const own = { ...alice.core.own, identity: forger }
  alice.certificate = authority.certificate(own)
  const envelope = await errorBy(own, alice, bob)
  t.match(await bob.open(envelope), { kind: 'refused', reason: 'identity' })
})

test('nor one with a certificate for the author’s true key, which it does not hold', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  await alice.meet(bob)
  await bob.meet(alice)
  const { publicKey } = alice.core.own.identity
  const identity = new IdentityKeyPair(publicKey, PrivateKey.generate())
  alice.certificate = authority.certificate(alice.core.own)
  const envelope = await errorBy({ ...alice.core.own, identity }, alice, bob)
  t.match(await bob.open(envelope), { kind: 'refused', reason: 'outer' })
})

test('nothing but an error comes without a ratchet', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  await bob.meet(alice)
  const envelope = await alice.sealWithoutRatchet(bob, TEXT)
  t.match(await bob.open(envelope), { kind: 'refused', reason: 'kind' })
})

test('a message that only the ratchet refuses names itself to its author; any other does not', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const envelope = await alice.seal(bob, TEXT)
  bob.core.store.transact((tx) => tx.prekeys.removeOneTime())
  const torn = envelope.body.slice()
  torn[100] = (torn[100] ?? 0) ^ 1
  t.match(await bob.open(envelope), {
    kind: 'refused',
    reason: 'ratchet',
    unread: { author: { account: alice.id, device: 1 } },
  })
  t.match(await bob.open({ body: torn }), { kind: 'refused', unread: undefined })
})
