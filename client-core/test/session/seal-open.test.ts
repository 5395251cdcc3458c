import { equalBytes, makeMessageId, StorageError, type Content } from '@sotto/protocol'
import { test } from 'tap'
import { open } from '../../src/session/open.js'
import { hasSession } from '../../src/session/seal.js'
import { idempotencyKey, rewrap } from '../../src/session/wrap.js'
import { NOW_MS, Authority, Person, twoPeople } from '../support/world.js'

const HOUR_MS = 60 * 60_000

function text(body: string): Content {
  const message = makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10) })
  return { kind: 'text', text: { message, body, replyTo: undefined, silent: false } }
}

test('a first message opens, names its author and fills a bucket of 4 KiB', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const envelope = await alice.seal(bob, text('hello'))
  const opened = await bob.open(envelope)
  t.equal(envelope.body.length, 4096)
  t.match(opened, {
    kind: 'opened',
    author: { account: alice.core.own.account, device: 1 },
    sealed: { content: { text: { body: 'hello' } } },
  })
})

test('once both have written, a short message fills a bucket of 1 KiB', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  await bob.open(await alice.seal(bob, text('hello')))
  await alice.open(await bob.seal(alice, text('hi')))
  const envelope = await alice.seal(bob, text('how are you?'))
  t.equal(envelope.body.length, 1024)
  t.match(await bob.open(envelope), { kind: 'opened', sealed: { manifest: undefined } })
})

test('two first messages that cross both open, and the conversation goes on', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  await bob.meet(alice)
  const [fromAlice, fromBob] = [await alice.seal(bob, text('a')), await bob.seal(alice, text('b'))]
  t.match(await bob.open(fromAlice), { kind: 'opened' })
  t.match(await alice.open(fromBob), { kind: 'opened' })
  t.match(await bob.open(await alice.seal(bob, text('c'))), { kind: 'opened' })
  t.match(await alice.open(await bob.seal(alice, text('d'))), { kind: 'opened' })
})

test('a session in which nobody has answered for a day is begun anew, and one with an answer is not', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const hasOneAfter = (hours: number): boolean => {
    const { account, device } = bob.core.own
    return hasSession(alice.stage(), account, device, NOW_MS + hours * HOUR_MS)
  }
  await bob.open(await alice.seal(bob, text('anybody there?')))

  t.ok(hasOneAfter(23))
  t.notOk(hasOneAfter(25))
  await alice.open(await bob.seal(alice, text('yes')))
  t.ok(hasOneAfter(25))
})

test('an envelope delivered twice opens once', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const envelope = await alice.seal(bob, text('once'))
  await bob.open(envelope)
  t.match(await bob.open(envelope), { kind: 'duplicate' })
})

test('a first message under last-resort keys cannot be replayed after the session is gone', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob, bob.bundle({ lastResort: true }))
  const envelope = await alice.seal(bob, text('once'))
  t.match(await bob.open(envelope), { kind: 'opened' })
  bob.core.store.transact((tx) => {
    tx.peers.removeSession(alice.core.own.account, alice.core.own.device)
  })
  t.match(await bob.open(envelope), { kind: 'refused', reason: 'replay' })
})

test('a one-time prekey is gone from disk once a message used it', async (t) => {
  const { alice, bob } = twoPeople(t)
  const bundle = bob.bundle()
  await alice.meet(bob, bundle)
  await bob.open(await alice.seal(bob, text('hello')))
  t.equal(bob.core.store.read.prekeys.ec(bundle.devices[0]?.oneTimeEc?.id ?? 0), undefined)
  t.equal(bob.core.store.read.prekeys.kyber(bundle.devices[0]?.kyber?.id ?? 0), undefined)
})

test('an envelope that fails to open moves nothing: the right one still opens', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const envelope = await alice.seal(bob, text('hello'))
  const torn = envelope.body.slice()
  torn[100] = (torn[100] ?? 0) ^ 1
  t.match(await bob.open({ body: torn }), { kind: 'refused', reason: 'outer' })
  t.match(await bob.open(envelope), { kind: 'opened' })
})

test('what is refused after its ratchet has opened leaves the session as it was', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const first = await alice.seal(bob, text('hello'))
  const junk = await alice.sealPlaintext(bob, Uint8Array.of(0xff))
  const later = await alice.seal(bob, text('still here'))
  const stage = bob.stage()
  const openInto = async ({ body }: Pick<typeof first, 'body'>) => {
    const fork = stage.fork()
    const opened = await open(fork, bob.core.own, { body, arrivalMs: NOW_MS })
    if (opened.kind === 'opened') stage.adopt(fork)
    return opened
  }
  t.match(await openInto(first), { kind: 'opened' })
  t.match(await openInto(junk), { kind: 'refused', reason: 'content' })
  t.match(await openInto(junk), { kind: 'refused', reason: 'content' })
  t.match(await openInto(later), { kind: 'opened' })
  t.match(await openInto(later), { kind: 'duplicate' })
})

test('what was opened in a stage that is never committed opens again', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const envelopes = [await alice.seal(bob, text('one')), await alice.seal(bob, text('two'))]
  for (let time = 0; time < 2; time++) {
    const stage = bob.stage()
    for (const { body } of envelopes) {
      const opened = await open(stage, bob.core.own, { body, arrivalMs: NOW_MS })
      t.match(opened, { kind: 'opened' })
    }
  }
})

test('an envelope sealed for somebody else does not open', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  const carol = new Person(t, authority, 'carol')
  await alice.meet(bob)
  t.match(await carol.open(await alice.seal(bob, text('hello'))), {
    kind: 'refused',
    reason: 'outer',
  })
})

test('a certificate that had ended when the envelope arrived is refused', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  alice.certificate = authority.certificate(alice.core.own, NOW_MS - HOUR_MS)
  await alice.meet(bob)
  const envelope = await alice.seal(bob, text('late'))
  t.match(await bob.open(envelope), { kind: 'refused', reason: 'certificate' })
  t.match(await bob.open(envelope, NOW_MS - 2 * HOUR_MS), { kind: 'opened' })
})

test('a certificate by another relay is refused', async (t) => {
  const { alice, bob } = twoPeople(t)
  alice.certificate = new Authority().certificate(alice.core.own)
  await alice.meet(bob)
  t.match(await bob.open(await alice.seal(bob, text('x'))), {
    kind: 'refused',
    reason: 'certificate',
  })
})

test('a relay that certifies its own key as a contact’s is refused before the ratchet', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  const mallory = new Person(t, authority, 'mallory')
  mallory.certificate = authority.certificate({
    account: alice.core.own.account,
    device: 1,
    identity: mallory.core.own.identity,
  })
  await mallory.meet(bob)
  t.match(await bob.open(await mallory.seal(bob, text('I am Alice'))), {
    kind: 'refused',
    reason: 'identity',
  })
})

test('a relay that certifies the real key for another’s session is refused, and no session stays', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  const mallory = new Person(t, authority, 'mallory')
  mallory.certificate = authority.certificate(alice.core.own)
  await mallory.meet(bob)
  const opened = await bob.open(await mallory.seal(bob, text('I am Alice')))
  t.match(opened, { kind: 'refused' })
  t.equal(
    bob.core.store.read.peers.session(alice.core.own.account, alice.core.own.device),
    undefined,
  )
})

test('a device that is not in the manifest is refused', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  alice.certificate = authority.certificate({ ...alice.core.own, device: 2 })
  await alice.meet(bob)
  t.match(await bob.open(await alice.seal(bob, text('x'))), { kind: 'refused' })
})

test('sync from another account is refused', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const sync: Content = { kind: 'sync', sync: { kind: 'read', messages: [] } }
  t.match(await bob.open(await alice.seal(bob, sync)), { kind: 'refused', reason: 'content' })
})

test('wrapped anew under a later certificate, an old envelope opens and keeps its idempotency key', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  alice.certificate = authority.certificate(alice.core.own, NOW_MS - HOUR_MS)
  await alice.meet(bob)
  const old = await alice.seal(bob, text('kept in the outbox'))
  const sealing = { stage: alice.stage(), own: alice.core.own, random: alice.core.ports.random }
  const fresh = await rewrap(sealing, old, authority.certificate(alice.core.own))
  t.match(await bob.open(fresh), { kind: 'opened' })
  t.ok(equalBytes(idempotencyKey(old), idempotencyKey(fresh)))
  t.notOk(equalBytes(old.body, fresh.body))
})

test('idempotency keys of two recipients of one sealing have nothing in common', (t) => {
  const { alice, bob } = twoPeople(t)
  const secret = new Uint8Array(32).fill(7)
  const key = (person: Person) =>
    idempotencyKey({
      secret,
      account: person.core.own.account,
      device: person.core.own.device,
      registrationId: person.core.own.registrationId,
    })
  t.notOk(equalBytes(key(alice), key(bob)))
  t.end()
})

test('a bundle whose keys another identity signed starts no session', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  const mallory = new Person(t, authority, 'mallory')
  const forged = mallory.bundle()
  const [device] = forged.devices
  if (device !== undefined) device.registrationId = bob.core.own.registrationId
  await t.rejects(alice.meet(bob, forged))
  t.equal(alice.core.store.read.peers.session(bob.core.own.account, bob.core.own.device), undefined)
})

test('opening throws a storage fault as itself instead of calling the envelope bad', async (t) => {
  const { alice, bob } = twoPeople(t)
  await alice.meet(bob)
  const envelope = await alice.seal(bob, text('hello'))
  const stage = bob.stage()
  stage.session = () => {
    throw new StorageError('store/failed', 'the disk is gone')
  }
  const opening = open(stage, bob.core.own, { body: envelope.body, arrivalMs: NOW_MS })
  await t.rejects(opening, { code: 'store/failed' })
})

test('a certificate that was checked is not taken for one that has ended, nor for a like one', async (t) => {
  const { alice, bob, authority } = twoPeople(t)
  await alice.meet(bob)
  t.match(await bob.open(await alice.seal(bob, text('a'))), { kind: 'opened' })
  const late = await alice.seal(bob, text('b'))
  t.match(await bob.open(late, NOW_MS + 49 * 60 * 60_000), {
    kind: 'refused',
    reason: 'certificate',
  })
  alice.certificate = new Authority().certificate(alice.core.own)
  t.match(await bob.open(await alice.seal(bob, text('c'))), {
    kind: 'refused',
    reason: 'certificate',
  })
  alice.certificate = authority.certificate(alice.core.own)
  t.match(await bob.open(await alice.seal(bob, text('d'))), { kind: 'opened' })
})
