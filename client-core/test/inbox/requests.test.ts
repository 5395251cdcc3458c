import { makeMessageId, type Content } from '@sotto/protocol'
import { test } from 'tap'
import { friends, quiet, strangers } from '../support/desk.js'
import type { Core } from '../../src/core.js'
import { NOW_MS } from '../support/world.js'

const MINUTE_MS = 60_000

test('a stranger’s texts are one request: the first is told as one, the others as held', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await alice.write(bob, 'it is important')
  await bob.catchUp()
  const sender = { id: alice.person.id, trust: 'request' }
  t.match(bob.events(), [
    {
      type: 'contact.request',
      message: { text: 'may I?', held: true },
      sender: { ...sender, handle: null, claimedHandle: '@alice.42' },
    },
    { type: 'message.received', message: { text: 'it is important', held: true }, sender },
  ])
  t.same(bob.texts(alice), [])
})

test('a request is answered with nothing at all', async (t) => {
  const { alice, bob, network, clock } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  bob.markRead(alice)
  bob.worker.kick()
  clock.advance(MINUTE_MS)
  await quiet()
  t.ok(bob.read.outbox.isEmpty())
  t.equal(bob.read.outbox.nextReceiptMs(), undefined)
  t.equal(network.mailbox(alice.person.id).length, 0)
})

test('accepted, every held text is told in order with new seqs, the first included', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await alice.write(bob, 'it is important')
  await bob.catchUp()
  await bob.accept(alice)
  t.match(bob.events(), [
    { type: 'contact.request', seq: 1 },
    { type: 'contact.changed', seq: 3, contact: { trust: 'known' } },
    { type: 'message.received', seq: 4, message: { text: 'may I?' }, sender: { trust: 'known' } },
    { type: 'message.received', seq: 5, message: { text: 'it is important' } },
  ])
  t.notMatch(bob.events(), [{ message: { held: true } }])
  t.same(bob.texts(alice), ['may I?', 'it is important'])
})

test('accepting sends our profile and lets the receipts fall due', async (t) => {
  const { alice, bob, clock } = strangers(t)
  await alice.add(bob)
  const message = await alice.write(bob, 'may I?')
  await bob.catchUp()
  await bob.accept(alice)
  clock.advance(MINUTE_MS)
  await bob.send()
  await alice.catchUp()
  t.same(alice.read.contacts.byAccount(bob.person.id)?.accessKey, bob.person.core.account.accessKey)
  t.equal(alice.status(message), 'delivered')
})

test('accepting twice tells and sends nothing a second time', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  await bob.accept(alice)
  await bob.send()
  const events = bob.events().length
  await bob.accept(alice)
  t.equal(bob.events().length, events)
  t.ok(bob.read.outbox.isEmpty())
})

test('whoever we add becomes a contact, and what they had asked is told', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  await bob.add(alice)
  t.same(bob.texts(alice), ['may I?'])
})

test('who accepts everybody has no requests', async (t) => {
  const { bob, hire } = strangers(t)
  const robot = hire('robot', { acceptEveryone: true })
  await bob.add(robot)
  await bob.write(robot, '/help')
  await robot.catchUp()
  t.same(robot.texts(bob), ['/help'])
  t.notOk(robot.eventTypes().includes('contact.request'))
})

test('a stranger’s profile alone makes nobody known', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.person.meet(bob.person)
  const profile: Content = { kind: 'profile', profile: profileOf(alice, 1, 'Alice') }
  alice.network.put(bob.person.id, (await alice.person.seal(bob.person, profile)).body)
  await bob.catchUp()
  t.equal(bob.read.contacts.byAccount(alice.person.id), undefined)
  t.same(bob.events(), [])
})

test('a profile is taken over only when it is not older than the one we have', async (t) => {
  const { alice, bob, network } = await friends(t)
  const seal = (profile: ReturnType<typeof profileOf>) =>
    alice.person.seal(bob.person, { kind: 'profile', profile })
  network.put(bob.person.id, (await seal(profileOf(alice, 5, 'Alice the Fifth'))).body)
  network.put(bob.person.id, (await seal(profileOf(alice, 4, 'Alice the Fourth'))).body)
  await bob.catchUp()
  t.match(bob.read.contacts.byAccount(alice.person.id), {
    name: 'Alice the Fifth',
    profileVersion: 5,
  })
})

test('a changed profile of a contact is told, an unchanged one is not', async (t) => {
  const { alice, bob, network } = await friends(t)
  const before = bob.eventTypes().filter((type) => type === 'contact.changed').length
  const changed: Content = { kind: 'profile', profile: profileOf(alice, 2, 'Alice A.') }
  network.put(bob.person.id, (await alice.person.seal(bob.person, changed)).body)
  network.put(bob.person.id, (await alice.person.seal(bob.person, changed)).body)
  await bob.catchUp()
  t.equal(bob.eventTypes().filter((type) => type === 'contact.changed').length, before + 1)
})

test('a claimed username is never shown as the handle', async (t) => {
  const { alice, bob, hire } = await friends(t)
  const mallory = hire('mallory')
  await mallory.person.meet(bob.person)
  const message = makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10) })
  const request: Content = {
    kind: 'request',
    text: { message, body: 'it is me, Alice', replyTo: undefined, silent: false },
    profile: { ...profileOf(mallory, 1, 'Alice'), username: 'alice.42' },
    inviteProof: undefined,
  }
  mallory.network.put(bob.person.id, (await mallory.person.seal(bob.person, request)).body)
  await bob.catchUp()
  await bob.accept(mallory)
  const [contact] = bob.read.contacts.all().filter(({ account }) => account === mallory.person.id)
  if (contact === undefined) throw new Error('Mallory is a contact')
  const { views } = bob.person.core
  t.match(views.contact(contact), { handle: null, claimedHandle: '@alice.42' })
  t.equal(views.nameOf(mallory.person.id), `acct:${mallory.person.id}`)
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.handle, 'alice.42')
})

function profileOf(
  desk: { readonly person: { readonly core: Core } },
  version: number,
  name: string,
) {
  const { account } = desk.person.core
  return {
    version,
    accessKey: account.accessKey,
    username: account.username ?? '',
    name,
    route: account.route ?? new Uint8Array(0),
    status: '',
  }
}
