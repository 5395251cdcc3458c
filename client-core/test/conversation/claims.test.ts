import { BusyError, type Content } from '@sotto/protocol'
import { test } from 'tap'
import { ClaimLookups } from '../../src/conversation/claim-lookups.js'
import { friends, quiet, strangers, until, type Desk, type Office } from '../support/desk.js'
import { contactOf } from '../support/trust.js'

const HOUR_MS = 60 * 60_000

/** Looks up by itself, as an open account does; answers what was asked of the relay. */
function lookups(desk: Desk) {
  const { core } = desk.person
  const { network } = desk
  const asked: Uint8Array[] = []
  const claims = new ClaimLookups({
    core,
    door: {
      lookupUsername: async (hash) => {
        asked.push(hash)
        return network.door.lookupUsername(hash)
      },
    },
    changed: desk.changed,
    fatal: (error) => {
      desk.faults.push(error)
    },
  })
  const settle = async (): Promise<void> => {
    claims.start()
    await until(() => claims.isSettled(), 'the lookups to rest')
  }
  return { asked, claims, settle }
}

/** A newer profile of somebody arrives. */
async function arrives(
  { network }: Office,
  desk: Desk,
  peer: Desk,
  profile: { readonly version: number; readonly username: string },
): Promise<void> {
  const { accessKey, route, name, status } = peer.person.core.account
  const content: Content = {
    kind: 'profile',
    profile: { accessKey, name, status, route: route ?? new Uint8Array(0), ...profile },
  }
  network.put(desk.person.id, (await peer.person.seal(desk.person, content)).body)
  await desk.catchUp()
}

test('a contact accepted by itself has a handle once the claim was looked up', async (t) => {
  const { alice, hire } = strangers(t)
  const robot = hire('robot', { acceptEveryone: true })
  await alice.add(robot)
  await alice.write(robot, '/help')
  await robot.catchUp()
  t.match(contactOf(robot, alice), { handle: null, claimed: 'alice.42' })
  await lookups(robot).settle()
  t.match(contactOf(robot, alice), { handle: 'alice.42' })
  t.match(robot.events().at(-1), { type: 'contact.changed', contact: { handle: '@alice.42' } })
})

test('who says that they are called otherwise loses the handle at once, and gets the new one when it is theirs', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  await arrives(office, alice, bob, { version: 2, username: 'robert.77' })
  t.match(contactOf(alice, bob), { handle: null, claimed: 'robert.77' })
  t.match(alice.events().at(-1), {
    type: 'contact.changed',
    contact: { handle: null, claimedHandle: '@robert.77' },
  })
  network.door.lookupUsername = async () => bob.person.id
  await lookups(alice).settle()
  t.match(contactOf(alice, bob), { handle: 'robert.77' })
})

test('a username that was removed leaves no handle', async (t) => {
  const office = await friends(t)
  await arrives(office, office.alice, office.bob, { version: 2, username: '' })
  t.match(contactOf(office.alice, office.bob), { handle: null, claimed: null })
})

test('a claim that is not theirs stays a claim, and is asked for once a day', async (t) => {
  const office = await friends(t)
  const { alice, bob, clock } = office
  await arrives(office, alice, bob, { version: 2, username: 'carol.77' })
  const { asked, settle } = lookups(alice)
  await settle()
  await settle()
  t.match(contactOf(alice, bob), { handle: null, claimed: 'carol.77' })
  t.equal(asked.length, 1)
  clock.advance(25 * HOUR_MS)
  await settle()
  t.equal(asked.length, 2)
})

test('nobody looks up what a stranger claims, unless a contact is known by it', async (t) => {
  const { alice, bob, hire } = await friends(t)
  const mallory = hire('mallory')
  await mallory.add(alice)
  await mallory.write(alice, 'hello')
  await alice.catchUp()
  const { asked, settle } = lookups(alice)
  await settle()
  t.equal(asked.length, 0)
  alice.person.core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(mallory.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, claimed: 'BOB.42' })
  })
  await settle()
  t.equal(asked.length, 1)
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: null })
})

test('a stranger who claims one name after the other does not learn which we know', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const mallory = office.hire('mallory')
  await mallory.add(alice)
  const claim = async (username: string): Promise<void> => {
    mallory.person.core.store.transact((tx) => {
      tx.account.saveProfile({ ...mallory.person.core.account, username })
    })
    mallory.person.core.reloadAccount()
    await mallory.write(alice, username)
    await alice.catchUp()
  }
  const { asked, settle } = lookups(alice)
  await claim('bob.42')
  await settle()
  t.equal(asked.length, 1)
  await claim('nobody.42')
  await settle()
  await claim('BOB.42')
  await settle()
  t.equal(asked.length, 1)
  await arrives(office, alice, mallory, { version: 99, username: 'Bob.42' })
  t.match(contactOf(alice, mallory), { trust: 'request', profileVersion: 4 })
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: null })
})

test('somebody who asks by a contact’s name and has it makes the change known by themselves', async (t) => {
  const { alice, bob, network, hire } = await friends(t)
  network.leave(bob.person.id)
  const newBob = hire('bob')
  await newBob.add(alice)
  await newBob.write(alice, 'it is me, Bob')
  await alice.catchUp()
  await lookups(alice).settle()
  t.match(alice.events().at(-1), { type: 'identity.changed', successor: newBob.person.id })
  t.match(contactOf(alice, newBob), { trust: 'request', handle: null })
})

test('two contacts are never known by one name: who claims another’s has to be decided', async (t) => {
  const office = await friends(t)
  const { alice, bob, hire, network } = office
  const carol = hire('carol')
  await alice.add(carol)
  await carol.add(alice)
  await carol.write(alice, 'hello')
  await alice.catchUp()
  await arrives(office, alice, carol, { version: 2, username: 'bob.42' })
  network.door.lookupUsername = async () => carol.person.id
  await lookups(alice).settle()
  t.match(contactOf(alice, carol), { handle: null, claimed: 'bob.42' })
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: carol.person.id })
})

test('a relay that asks to wait is left alone for as long, and the claim is not forgotten', async (t) => {
  const office = await friends(t)
  const { alice, bob, clock, network } = office
  await arrives(office, alice, bob, { version: 2, username: 'robert.77' })
  let refusals = 0
  network.door.lookupUsername = async () => {
    refusals += 1
    throw new BusyError('relay/rate-limited', 'too many', { retryAfterMs: HOUR_MS })
  }
  const { claims, settle } = lookups(alice)
  await settle()
  claims.kick()
  await quiet()
  t.equal(refusals, 1)
  network.door.lookupUsername = async () => bob.person.id
  clock.advance(HOUR_MS)
  await settle()
  t.match(contactOf(alice, bob), { handle: 'robert.77' })
})
