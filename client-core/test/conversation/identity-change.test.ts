import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'
import { acceptContact, addContact } from '../../src/conversation/contacts.js'
import { parseRecipients, resolveTargets } from '../../src/outbox/targets.js'
import { friends, quiet, type Desk } from '../support/desk.js'
import {
  bobAnew,
  bobChanged,
  contactOf,
  forgeFrom,
  show,
  verifiedBobChanged,
} from '../support/trust.js'

const MINUTE_MS = 60_000

function changesTold(desk: Desk): number {
  return desk.eventTypes().filter((type) => type === 'identity.changed').length
}

/** What sending to somebody would come to, before anything is composed. */
async function target(desk: Desk, to: string) {
  const [found] = await resolveTargets(
    { core: desk.person.core, door: desk.network.door },
    parseRecipients([to]),
  )
  return found
}

test('a message to an account that is gone fails as a changed identity where its username is another’s', async (t) => {
  const { alice, bob, newBob, network } = await bobAnew(t)
  const message = await alice.write(bob, 'are you there?')
  t.equal(alice.status(message), 'failed')
  t.match(alice.read.messages.failureOf(message), { code: 'identity/changed', exit: 80 })
  t.match(
    alice.events().find(({ type }) => type === 'identity.changed'),
    {
      conversation: { name: '@bob.42' },
      sender: { id: bob.person.id, handle: '@bob.42', changed: true },
      successor: newBob.person.id,
    },
  )
  t.same(network.mailbox(newBob.person.id), [])
})

test('a username that went to another account is told once', async (t) => {
  const { alice, bob } = await bobChanged(t)
  await alice.write(bob, 'and now?')
  await t.rejects(
    addContact(alice.person.core, alice.network.door, { to: '@bob.42', alias: undefined }),
    { code: 'identity/changed' },
  )
  t.equal(changesTold(alice), 1)
})

test('an account that is gone and whose username nobody has is refused as ever', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.leave(bob.person.id)
  const message = await alice.write(bob, 'are you there?')
  t.match(alice.read.messages.failureOf(message), { code: 'relay/refused', exit: 77 })
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: null })
  t.equal(changesTold(alice), 0)
})

test('while the relay cannot say whose the username is, the message waits', async (t) => {
  const { alice, bob, network } = await bobAnew(t)
  network.door.lookupUsername = async () => {
    throw new UnavailableError('relay/unreachable', 'gone')
  }
  const message = await alice.write(bob, 'are you there?')
  t.equal(alice.status(message), 'queued')
})

test('a contact that is added again is looked up again', async (t) => {
  const { alice, newBob } = await bobAnew(t)
  const adding = addContact(alice.person.core, alice.network.door, {
    to: '@bob.42',
    alias: undefined,
  })
  await t.rejects(adding, { code: 'identity/changed', exitCode: 80 })
  t.equal(changesTold(alice), 1)
  t.equal(contactOf(alice, newBob), undefined)
})

test('out of reach of the relay a known contact is still renamed by adding it', async (t) => {
  const { alice, bob, network } = await friends(t)
  network.door.lookupUsername = async () => {
    throw new UnavailableError('relay/unreachable', 'gone')
  }
  await addContact(alice.person.core, network.door, { to: '@bob.42', alias: 'bobby' })
  t.match(contactOf(alice, bob), { alias: 'bobby' })
})

test('nothing more is sent to a verified contact whose username is another’s, in the words of cli.md', async (t) => {
  const { alice, network } = await verifiedBobChanged(t)
  const before = network.submissions.length
  const found = await target(alice, '@bob.42')
  t.match(found, {
    kind: 'failed',
    error: {
      code: 'identity/changed',
      exitCode: 80,
      message: "@bob.42's safety number changed. Not sent.",
      fix: [
        'compare: sotto verify show @bob.42',
        'then:    sotto verify confirm @bob.42 --number …     or, unverified:  sotto contact trust @bob.42',
      ].join('\n'),
    },
  })
  t.equal(network.submissions.length, before)
})

test('a contact who was not verified still gets what is written while their account lives', async (t) => {
  const { alice, bob, network, hire } = await friends(t)
  const mallory = hire('mallory')
  network.door.lookupUsername = async () => mallory.person.id
  await t.rejects(
    addContact(alice.person.core, network.door, { to: '@bob.42', alias: undefined }),
    { code: 'identity/changed' },
  )
  t.match(await target(alice, '@bob.42'), { kind: 'contact', contact: { account: bob.person.id } })
  const message = await alice.write(bob, 'still you')
  t.equal(alice.status(message), 'accepted')
  t.same(network.mailbox(mallory.person.id), [])
})

test('what a verified contact’s successor writes stays a request, and nothing answers it', async (t) => {
  const { alice, bob, newBob, network, clock } = await verifiedBobChanged(t)
  await newBob.add(alice)
  await newBob.write(alice, 'it is me, Bob')
  await alice.catchUp()
  t.match(alice.events().at(-1), {
    type: 'contact.request',
    sender: {
      ...{ id: newBob.person.id, handle: null, claimedHandle: '@bob.42', trust: 'request' },
      claimHeldBy: bob.person.id,
    },
  })
  const accepting = acceptContact(alice.person.core, network.door, `acct:${newBob.person.id}`)
  await t.rejects(accepting, { code: 'identity/changed', exitCode: 80 })
  t.match(await target(alice, `acct:${newBob.person.id}`), { error: { code: 'identity/changed' } })
  clock.advance(MINUTE_MS)
  alice.worker.kick()
  await quiet()
  t.same(network.mailbox(newBob.person.id), [])
  t.equal(contactOf(alice, newBob)?.trust, 'request')
})

test('whoever asks by the name of a verified contact is looked up before they are accepted', async (t) => {
  const { alice, bob, network, hire } = await friends(t)
  alice.person.core.store.transact((tx) => {
    tx.peers.setVerified(bob.person.id, true)
  })
  network.leave(bob.person.id)
  const newBob = hire('bob')
  await newBob.add(alice)
  await newBob.write(alice, 'it is me, Bob')
  await alice.catchUp()
  await t.rejects(alice.accept(newBob), { code: 'identity/changed' })
  t.equal(contactOf(alice, newBob)?.trust, 'request')
  t.equal(changesTold(alice), 1)
})

test('a false claim to a contact’s name changes nothing of the contact', async (t) => {
  const { alice, bob, hire } = await friends(t)
  const mallory = hire('mallory')
  await mallory.add(alice)
  await mallory.write(alice, 'hello')
  await alice.catchUp()
  alice.person.core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(mallory.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, claimed: 'bob.42' })
  })
  await alice.accept(mallory)
  t.match(contactOf(alice, mallory), { trust: 'known', handle: null })
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: null })
})

test('who accepts everybody accepts nobody by the name of a contact', async (t) => {
  const { alice, bob, network, hire } = await friends(t, { acceptEveryone: true })
  network.leave(bob.person.id)
  const newBob = hire('bob')
  await newBob.add(alice)
  await newBob.write(alice, 'it is me, Bob')
  await alice.catchUp()
  t.equal(contactOf(alice, newBob)?.trust, 'request')
})

test('the number shown is the successor’s, and says so', async (t) => {
  const { alice, bob, newBob } = await friends(t).then(async (office) => {
    const before = await show(office.alice, '@bob.42')
    t.equal(before.changed, undefined)
    office.network.leave(office.bob.person.id)
    return { ...office, newBob: office.hire('bob') }
  })
  await alice.write(bob, 'are you there?')
  await newBob.add(alice)
  const shown = await show(alice, '@bob.42')
  t.match(shown, { handle: '@bob.42', verified: false, changed: true })
  t.equal(shown.safetyNumber, (await show(newBob, '@alice.42')).safetyNumber)
})

test('a certificate the relay forged for another key gets nothing: it is shown as what could not be opened', async (t) => {
  const { alice, bob, hire, authority, network, clock } = await friends(t)
  const mallory = hire('mallory')
  await forgeFrom(mallory, { alice, bob, authority })
  await alice.catchUp()
  clock.advance(MINUTE_MS)
  alice.worker.kick()
  await quiet()
  t.match(alice.events().at(-1), { type: 'message.undecryptable' })
  t.same(alice.texts(bob), ['hello', 'hi'])
  t.equal(network.submissions.length, 0)
  t.equal(changesTold(alice), 0)
})
