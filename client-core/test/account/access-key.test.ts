import { UnavailableError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { publishAccessKey, rotateAccessKey } from '../../src/account/access-key.js'
import { befriend, Desk, friends, type Office } from '../support/desk.js'
import { crashAt, type Person } from '../support/world.js'

/** What the relay was told, key by key. */
class Door {
  readonly keys: { readonly current: Uint8Array; readonly previous: Uint8Array }[] = []
  online = true

  async setAccessKey(keys: Door['keys'][number]): Promise<void> {
    if (!this.online) throw new UnavailableError('relay/unreachable', 'gone')
    this.keys.push(keys)
  }
}

function rotate({ core }: Person): void {
  core.store.transact((tx) => {
    rotateAccessKey(tx, core)
  })
  core.reloadAccount()
}

async function begin(t: Test): Promise<Office & { readonly door: Door }> {
  const office = await friends(t)
  return { ...office, door: new Door() }
}

function keyThat(desk: Desk, has: Desk): Uint8Array | null | undefined {
  return desk.read.contacts.byAccount(has.person.id)?.accessKey
}

test('until the relay knows a new access key, the one before goes on working', async (t) => {
  const { alice, bob } = await begin(t)
  const before = alice.person.core.account.accessKey
  rotate(alice.person)
  t.same(alice.person.core.account.accessKey, before)
  t.ok(alice.read.outbox.isEmpty(), 'nobody is told of a key that does not work yet')
  t.same(keyThat(bob, alice), before)
})

test('once the relay knows it the old key is dead and contacts get the new one, sealed', async (t) => {
  const { alice, bob, door } = await begin(t)
  const before = alice.person.core.account
  rotate(alice.person)
  await publishAccessKey(alice.person.core, door)
  await alice.send()
  await bob.catchUp()
  const { accessKey, profileVersion, pendingAccessKey } = alice.person.core.account
  t.match(door.keys, [{ current: accessKey, previous: new Uint8Array(0) }])
  t.notSame(accessKey, before.accessKey)
  t.equal(pendingAccessKey, null)
  t.equal(profileVersion, before.profileVersion + 1)
  t.same(keyThat(bob, alice), accessKey)
})

test('somebody blocked and somebody who never answered are not given the new key', async (t) => {
  const office = await begin(t)
  const { alice, bob, door, network } = office
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  await alice.add(office.hire('dave'))
  const { core } = alice.person
  core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(bob.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, blocked: true })
    rotateAccessKey(tx, core)
  })
  await publishAccessKey(core, door)
  await alice.send()
  t.same(
    network.submissions.map(({ account }) => account),
    [carol.person.id],
  )
})

test('a relay that is out of reach hears of it the next time, and of one key only', async (t) => {
  const { alice, door } = await begin(t)
  rotate(alice.person)
  door.online = false
  await t.rejects(publishAccessKey(alice.person.core, door), { code: 'relay/unreachable' })
  rotate(alice.person)
  door.online = true
  await publishAccessKey(alice.person.core, door)
  await publishAccessKey(alice.person.core, door)
  t.match(door.keys, [{ current: alice.person.core.account.accessKey }])
})

test('a key made while another is on its way to the relay follows it there', async (t) => {
  const { alice, door } = await begin(t)
  rotate(alice.person)
  const setAccessKey = door.setAccessKey.bind(door)
  door.setAccessKey = async (keys) => {
    if (door.keys.length === 0) rotate(alice.person)
    await setAccessKey(keys)
  }
  await publishAccessKey(alice.person.core, door)
  t.equal(door.keys.length, 2)
  t.match(door.keys[1], { current: alice.person.core.account.accessKey })
})

test('dead before the relay hears of a new key, the same key is published by the next process', async (t) => {
  const { alice, bob, door, network } = await begin(t)
  rotate(alice.person)
  const survivorOf = crashAt(t, alice.person, 'access-key.stored')
  await publishAccessKey(alice.person.core, new Door())
  const survivor = new Desk(survivorOf(), network)
  await publishAccessKey(survivor.person.core, door)
  await survivor.send()
  await bob.catchUp()
  t.same(survivor.person.core.account.accessKey, alice.person.core.account.accessKey)
  t.same(keyThat(bob, alice), survivor.person.core.account.accessKey)
})

test('dead before it is noted that the relay has it, it is published again and contacts get it', async (t) => {
  const { alice, bob, door, network } = await begin(t)
  rotate(alice.person)
  const first = new Door()
  const survivorOf = crashAt(t, alice.person, 'access-key.published')
  await publishAccessKey(alice.person.core, first)
  const survivor = new Desk(survivorOf(), network)
  await publishAccessKey(survivor.person.core, door)
  await survivor.send()
  await bob.catchUp()
  t.same(door.keys, first.keys)
  t.same(keyThat(bob, alice), survivor.person.core.account.accessKey)
})

test('a profile that waits to be sealed says what is true when it is sealed', async (t) => {
  const { alice, bob, door, network } = await begin(t)
  rotate(alice.person)
  await publishAccessKey(alice.person.core, door)
  rotate(alice.person)
  await publishAccessKey(alice.person.core, door)
  await alice.send()
  await bob.catchUp()
  t.equal(network.submissions.length, 1)
  t.same(keyThat(bob, alice), alice.person.core.account.accessKey)
  t.equal(
    alice.read.contacts.byAccount(bob.person.id)?.profileSent,
    alice.person.core.account.profileVersion,
  )
})

test('a profile that was sealed before the change is followed by one with the new key', async (t) => {
  const { alice, bob, door, network } = await begin(t)
  rotate(alice.person)
  await publishAccessKey(alice.person.core, door)
  network.next(() => {
    throw new UnavailableError('relay/unreachable', 'gone')
  })
  await alice.send()
  rotate(alice.person)
  await publishAccessKey(alice.person.core, door)
  alice.worker.hasten()
  await alice.send()
  await bob.catchUp()
  t.same(keyThat(bob, alice), alice.person.core.account.accessKey)
})
