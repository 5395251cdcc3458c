import { hex, relayError, wire, type Bytes } from '@sotto/protocol'
import { test } from 'tap'
import { friends, strangers, type Desk } from '../support/desk.js'
import { loseAnswer, mismatch, refuseWith, type Submission } from '../support/network.js'
import { NOW_MS, secondDevice, signedManifest, type Person } from '../support/world.js'

const HOUR_MS = 60 * 60_000
const LATER_MS = 30 * 60_000

const refused = refuseWith(relayError({ code: wire.ErrorCode.REFUSED, retryAfterMs: 0 }))

function bodyFor(submission: Submission | undefined, device: number): Bytes {
  const envelope = submission?.envelopes.find((each) => each.device === device)
  return new Uint8Array(envelope?.body ?? [])
}

function devicesOf(submission: Submission | undefined): readonly (number | undefined)[] {
  return submission?.envelopes.map(({ device }) => device) ?? []
}

/** The bytes as text: tap compares long arrays slowly. */
function bytesFor(submission: Submission | undefined, device: number): string {
  return hex(bodyFor(submission, device))
}

/** The whole of what a submission puts into the mailbox. */
function contentsOf(submission: Submission | undefined): readonly string[] {
  return (submission?.envelopes ?? []).map((envelope) =>
    [
      envelope.device,
      envelope.registrationId,
      hex(envelope.idempotencyKey ?? new Uint8Array(0)),
      hex(envelope.body ?? new Uint8Array(0)),
    ].join(' '),
  )
}

/** The bundle of both devices: the manifest is the newer one. */
function bundleOfBoth(first: Person, second: Person): wire.AccountBundle {
  const bundle = second.bundle()
  return { ...bundle, devices: [...first.bundle().devices, ...bundle.devices] }
}

/** A manifest that follows the one with two devices and lists the first alone. */
function oneDeviceAgain(first: Person, second: Person): wire.AccountBundle {
  const { manifest } = second.core.own
  const signed = signedManifest(first, {
    version: 3,
    previousHash: manifest.hash,
    devices: manifest.parsed.devices.slice(0, 1),
  })
  const bundle = first.bundle()
  if (bundle.manifest !== undefined) Object.assign(bundle.manifest, signed)
  return { ...bundle, devices: [] }
}

/** Why the row at the head of the outbox was not accepted. */
function lastErrorOf(desk: Desk, peer: Desk): string | undefined {
  const row = desk.read.outbox.oldestOf(peer.person.id)
  return row === undefined ? undefined : desk.worker.lastError(row.row)?.code
}

test('when the answer is lost the same bytes go again under the same keys, and arrive once', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  const before = network.mailbox(bob.person.id).length
  network.next(loseAnswer)
  const message = await alice.write(bob, 'did you get it?')
  t.equal(alice.status(message), 'queued')
  clock.advance(LATER_MS)
  await alice.send()
  const [first, second] = network.submissions
  t.equal(network.submissions.length, 2)
  t.same(contentsOf(second), contentsOf(first))
  t.same([second?.route, second?.leave], [first?.route, first?.leave])
  t.equal(network.mailbox(bob.person.id).length, before + 1)
  t.equal(alice.status(message), 'accepted')
})

test('a refused access key is forgotten, and a stranger’s leave is tried once with the same bytes', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(refused)
  const message = await alice.write(bob, 'still there?')
  const [first, second] = network.submissions
  t.same(
    network.submissions.map(({ leave }) => leave.kind),
    ['access-key', 'stranger'],
  )
  t.same(contentsOf(second), contentsOf(first))
  t.equal(alice.status(message), 'accepted')
  t.equal(alice.read.contacts.byAccount(bob.person.id)?.accessKey, null)
})

test('a new access key that comes while the old one is being refused is kept', async (t) => {
  const { alice, bob, network } = await friends(t)
  const accessKey = new Uint8Array(16).fill(9)
  network.next((submission, take) => {
    alice.person.core.store.transact((tx) => {
      const contact = tx.contacts.byAccount(bob.person.id)
      if (contact !== undefined) tx.contacts.save({ ...contact, accessKey })
    })
    return refused(submission, take)
  })
  await alice.write(bob, 'hi')
  const kept = alice.read.contacts.byAccount(bob.person.id)?.accessKey ?? []
  t.equal(hex(new Uint8Array(kept)), hex(accessKey))
})

test('after a refused access key the next text is a request again, and the answer brings the key back', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(refused)
  await alice.write(bob, 'still there?')
  await alice.write(bob, 'and now?')
  await bob.catchUp()
  await bob.send()
  await alice.catchUp()
  const key = bob.person.core.account.accessKey
  t.same(bob.texts(alice).slice(-2), ['still there?', 'and now?'])
  t.same(alice.read.contacts.byAccount(bob.person.id)?.accessKey, key)
})

test('a contact who writes with a stranger’s leave is given our profile again, once an hour', async (t) => {
  const { alice, bob, clock, network } = await friends(t)
  const profiles = () => bob.read.outbox.ofKind(alice.person.id, 'profile').length
  network.next(refused)
  await alice.write(bob, 'sealed as a text')
  await bob.catchUp()
  t.equal(profiles(), 1)
  await bob.send()
  await alice.write(bob, 'and another')
  await bob.catchUp()
  t.equal(profiles(), 0)
  clock.advance(60 * 60_000)
  await alice.write(bob, 'an hour later')
  await bob.catchUp()
  t.equal(profiles(), 1)
})

test('whoever is not a contact, or blocked, is given nothing for it', async (t) => {
  const { alice, bob, network } = await friends(t)
  bob.person.core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(alice.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, blocked: true })
  })
  network.next(refused)
  await alice.write(bob, 'sealed as a text')
  await bob.catchUp()
  t.equal(bob.read.outbox.ofKind(alice.person.id, 'profile').length, 0)
})

test('refused with a stranger’s leave too, a message fails for good and the journal says why', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(refused)
  network.next(refused)
  const message = await alice.write(bob, 'still there?')
  t.equal(alice.status(message), 'failed')
  t.ok(alice.read.outbox.isEmpty())
  t.match(alice.events().at(-1), {
    type: 'message.status',
    message: { id: message, status: 'failed' },
    error: { code: 'relay/refused', exit: 77 },
  })
})

test('a missing device gets an envelope of its own; the others keep theirs byte for byte', async (t) => {
  const { alice, bob, network } = await friends(t)
  const tablet = secondDevice(t, bob.person)
  network.next(mismatch({ missing: [2], bundle: tablet.bundle() }))
  const message = await alice.write(bob, 'to both')
  const [first, second] = network.submissions
  t.same(devicesOf(first), [1])
  t.same(devicesOf(second), [1, 2])
  t.equal(contentsOf(second)[0], contentsOf(first)[0])
  t.match(await tablet.open({ body: bodyFor(second, 2) }), {
    kind: 'opened',
    sealed: { content: { text: { body: 'to both', message } } },
  })
  t.equal(alice.status(message), 'accepted')
})

test('from then on a text is sealed for every device at once', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.next(mismatch({ missing: [2], bundle: secondDevice(t, bob.person).bundle() }))
  await alice.write(bob, 'to both')
  await alice.write(bob, 'to both again')
  t.same(devicesOf(network.submissions.at(-1)), [1, 2])
})

test('an envelope for a device that is gone is dropped, with its session', async (t) => {
  const { alice, bob, network } = strangers(t)
  const tablet = secondDevice(t, bob.person)
  network.answerBundle = () => bundleOfBoth(bob.person, tablet)
  await alice.add(bob)
  network.next(mismatch({ extra: [2], bundle: oneDeviceAgain(bob.person, tablet) }))
  await alice.write(bob, 'to whoever is left')
  const [first, second] = network.submissions
  t.same(devicesOf(first), [1, 2])
  t.same(contentsOf(second), contentsOf(first).slice(0, 1))
  t.equal(alice.read.peers.session(bob.person.id, tablet.core.own.device), undefined)
})

test('an envelope for a device that was set up anew is made anew', async (t) => {
  const { alice, bob, network } = strangers(t)
  const tablet = secondDevice(t, bob.person)
  network.answerBundle = () => bundleOfBoth(bob.person, tablet)
  await alice.add(bob)
  network.next(mismatch({ stale: [2], bundle: tablet.bundle() }))
  await alice.write(bob, 'to the new one')
  const [first, second] = network.submissions
  t.equal(bytesFor(second, 1), bytesFor(first, 1))
  t.not(bytesFor(second, 2), bytesFor(first, 2))
  t.match(await tablet.open({ body: bodyFor(second, 2) }), { kind: 'opened' })
})

test('a manifest older than the one we have is refused, and nothing more is sent', async (t) => {
  const { alice, bob, network } = strangers(t)
  const tablet = secondDevice(t, bob.person)
  network.answerBundle = () => bundleOfBoth(bob.person, tablet)
  await alice.add(bob)
  network.next(mismatch({ extra: [2], bundle: bob.person.bundle() }))
  const message = await alice.write(bob, 'to both')
  t.equal(network.submissions.length, 1)
  t.equal(lastErrorOf(alice, bob), 'identity/forged')
  t.equal(alice.status(message), 'queued')
  t.equal(alice.read.peers.peer(bob.person.id)?.manifestVersion, 2)
})

test('keys of somebody else in place of the recipient’s are refused, and nothing is sealed for them', async (t) => {
  const { alice, bob, network, hire } = await friends(t)
  const mallory = hire('mallory')
  network.next(mismatch({ missing: [2], bundle: mallory.person.bundle() }))
  const message = await alice.write(bob, 'for Bob alone')
  t.equal(network.submissions.length, 1)
  t.equal(lastErrorOf(alice, bob), 'identity/forged')
  t.equal(alice.status(message), 'queued')
  t.equal(alice.read.peers.peer(mallory.person.id), undefined)
})

test('a relay that never agrees with the devices is asked again later; the message is not given up', async (t) => {
  const { alice, bob, network } = await friends(t)
  const bundle = bob.person.bundle()
  network.next(mismatch({ missing: [1], bundle }))
  network.next(mismatch({ missing: [1], bundle }))
  network.next(mismatch({ missing: [1], bundle }))
  network.next(mismatch({ missing: [1], bundle }))
  const message = await alice.write(bob, 'to you')
  t.equal(lastErrorOf(alice, bob), 'wire/unexpected')
  t.equal(alice.status(message), 'queued')
})

test('a relay that declares every device gone is not believed', async (t) => {
  const { alice, bob, network, clock } = await friends(t)
  network.next(mismatch({ extra: [1], bundle: bob.person.bundle() }))
  const message = await alice.write(bob, 'to nobody?')
  t.equal(alice.status(message), 'queued')
  clock.advance(LATER_MS)
  await alice.send()
  t.equal(alice.status(message), 'accepted')
})

test('a bundle that leaves out a device of the manifest seals nothing, and is asked for again', async (t) => {
  const { alice, bob, network, clock } = strangers(t)
  const tablet = secondDevice(t, bob.person)
  network.answerBundle = () => ({ ...tablet.bundle(), devices: bob.person.bundle().devices })
  await alice.add(bob)
  const message = await alice.write(bob, 'to both')
  t.equal(lastErrorOf(alice, bob), 'wire/unexpected')
  t.equal(network.submissions.length, 0)
  network.answerBundle = () => bundleOfBoth(bob.person, tablet)
  clock.advance(LATER_MS)
  await alice.send()
  t.equal(alice.status(message), 'accepted')
  t.same(devicesOf(network.submissions[0]), [1, 2])
})

test('an envelope whose certificate nears its end is wrapped anew under the same key', async (t) => {
  const { alice, bob, network, clock, authority } = await friends(t)
  alice.person.certificate = authority.certificate(alice.person.core.own, NOW_MS + 2 * HOUR_MS)
  network.next(loseAnswer)
  await alice.write(bob, 'kept for hours')
  alice.person.certificate = authority.certificate(alice.person.core.own, NOW_MS + 50 * HOUR_MS)
  clock.advance(1.5 * HOUR_MS)
  await alice.send()
  const [first, second] = network.submissions
  t.not(bytesFor(second, 1), bytesFor(first, 1))
  t.same(second?.envelopes[0]?.idempotencyKey, first?.envelopes[0]?.idempotencyKey)
  t.match(await bob.person.open({ body: bodyFor(second, 1) }, NOW_MS + 3 * HOUR_MS), {
    kind: 'opened',
    sealed: { content: { text: { body: 'kept for hours' } } },
  })
})

test('prekeys with a false signature are the relay’s fault: nothing is sealed, the message waits', async (t) => {
  const { alice, bob, network } = strangers(t)
  await alice.add(bob)
  alice.person.core.store.transact((tx) => {
    tx.peers.removeSession(bob.person.id, bob.person.core.own.device)
  })
  network.answerBundle = () => {
    const bundle = bob.person.bundle()
    const signed = bundle.devices[0]?.signed
    if (signed !== undefined) signed.signature = new Uint8Array(64)
    return bundle
  }
  const message = await alice.write(bob, 'under whose keys?')
  t.equal(lastErrorOf(alice, bob), 'wire/unexpected')
  t.equal(alice.status(message), 'queued')
  t.equal(network.submissions.length, 0)
})
