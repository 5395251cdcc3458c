import { makeMessageId } from '@sotto/protocol'
import { test } from 'tap'
import {
  makePrekeys,
  ONE_TIME_MAX,
  unpublishedPrekeys,
  type PrekeyLevels,
} from '../../src/account/prekeys.js'
import { Authority, NOW_MS, Person } from '../support/world.js'

const DAY_MS = 24 * 60 * 60_000
const FULL: PrekeyLevels = { oneTimeEc: 100, oneTimeKyber: 100 }

/** Makes what is missing when the relay has `levels` left at `nowMs`. */
function make(person: Person, levels: PrekeyLevels, nowMs = NOW_MS): void {
  person.core.store.transact((tx) => {
    makePrekeys(tx, person.core.own.identity, { levels, nowMs })
  })
}

function publish(person: Person): void {
  const publication = unpublishedPrekeys(person.core.store.read, { replace: false })
  if (publication !== undefined) person.core.store.transact(publication.markPublished)
}

/** How many keys of each kind a publication would bring, and the signed one's id. */
function unpublished(person: Person) {
  const stock = unpublishedPrekeys(person.core.store.read, { replace: false })?.stock
  return {
    ec: stock?.oneTimeEc?.length ?? 0,
    kyber: stock?.oneTimeKyber?.length ?? 0,
    signed: stock?.signed?.id,
    lastResort: stock?.lastResort?.id,
  }
}

test('a new account has a hundred of each kind, a signed and a last-resort prekey', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  t.same(unpublished(person), { ec: 100, kyber: 100, signed: 1, lastResort: 1 })
  t.end()
})

test('what was published is not published again', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  publish(person)
  t.equal(unpublishedPrekeys(person.core.store.read, { replace: false }), undefined)
  t.end()
})

test('while half the stock is left nothing is made; below, it is filled up to a hundred', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  publish(person)
  make(person, { oneTimeEc: 50, oneTimeKyber: 49 })
  t.match(unpublished(person), { ec: 0, kyber: 51 })
  t.end()
})

test('keys that were made and not yet published count: a crash makes no more of them', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  publish(person)
  make(person, { oneTimeEc: 0, oneTimeKyber: 0 })
  make(person, { oneTimeEc: 0, oneTimeKyber: 0 })
  t.match(unpublished(person), { ec: 100, kyber: 100 })
  t.end()
})

test('the signed and the last-resort prekey are replaced after two days, not before', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  publish(person)
  make(person, FULL, NOW_MS + 2 * DAY_MS)
  t.match(unpublished(person), { signed: undefined, lastResort: undefined })
  make(person, FULL, NOW_MS + 2 * DAY_MS + 1)
  t.match(unpublished(person), { signed: 2, lastResort: 102 })
  t.end()
})

test('a retired key opens messages for sixty days and is forgotten then', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  const retiredMs = NOW_MS + 3 * DAY_MS
  make(person, FULL, retiredMs)
  make(person, FULL, retiredMs + 60 * DAY_MS)
  const { prekeys } = person.core.store.read
  t.not(prekeys.signed(1), undefined)
  t.not(prekeys.kyber(1), undefined)
  make(person, FULL, retiredMs + 60 * DAY_MS + 1)
  t.equal(prekeys.signed(1), undefined)
  t.equal(prekeys.kyber(1), undefined)
  t.end()
})

test('no id is ever used twice, not even after every one-time key was dropped', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  const { store } = person.core
  store.transact((tx) => {
    tx.prekeys.removeOneTime()
  })
  make(person, { oneTimeEc: 0, oneTimeKyber: 0 })
  const stock = unpublishedPrekeys(store.read, { replace: true })?.stock
  t.equal(stock?.oneTimeEc?.[0]?.id, 101)
  t.equal(stock?.oneTimeKyber?.[0]?.id, 102)
  t.end()
})

test('a relay that says again and again that it has no keys left gets no more than a bound', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  const { store } = person.core
  publish(person)
  store.transact((tx) => {
    for (const id of tx.prekeys.takeIds('ec', ONE_TIME_MAX - 130))
      tx.prekeys.addEc({ id, record: new Uint8Array(1) }, NOW_MS)
    for (const id of tx.prekeys.takeIds('kyber', ONE_TIME_MAX - 130))
      tx.prekeys.addKyber({ id, record: new Uint8Array(1) }, NOW_MS)
    tx.prekeys.markPublished(
      'ec',
      tx.prekeys.unpublishedEc().map(({ id }) => id),
    )
    tx.prekeys.markPublished(
      'kyber',
      tx.prekeys.unpublishedKyber().map(({ id }) => id),
    )
  })
  make(person, { oneTimeEc: 0, oneTimeKyber: 0 })
  t.match(unpublished(person), { ec: 30, kyber: 30 })
  publish(person)
  make(person, { oneTimeEc: 0, oneTimeKyber: 0 })
  t.match(unpublished(person), { ec: 0, kyber: 0 })
  t.same(store.read.prekeys.oneTimeCounts(), { ec: ONE_TIME_MAX, kyber: ONE_TIME_MAX })
  make(person, FULL, NOW_MS + 61 * DAY_MS)
  t.same(store.read.prekeys.oneTimeCounts(), { ec: 200, kyber: 200 })
  make(person, { oneTimeEc: 0, oneTimeKyber: 0 }, NOW_MS + 61 * DAY_MS)
  t.match(unpublished(person), { ec: 100, kyber: 100 })
  t.end()
})

test('one-time keys that wait at the relay are kept for as long as they wait', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  publish(person)
  for (let days = 3; days < 900; days += 3) make(person, FULL, NOW_MS + days * DAY_MS)
  const { prekeys } = person.core.store.read
  t.not(prekeys.ec(1), undefined)
  t.not(prekeys.kyber(2), undefined)
  t.end()
})

test('a clock that jumps back a year makes new keys once and keeps the old ones', (t) => {
  const person = new Person(t, new Authority(), 'alice')
  make(person, FULL, NOW_MS - 365 * DAY_MS)
  make(person, FULL, NOW_MS - 365 * DAY_MS + 1)
  const { prekeys } = person.core.store.read
  t.not(prekeys.signed(1), undefined)
  t.not(prekeys.signed(2), undefined)
  t.equal(prekeys.signed(3), undefined)
  t.end()
})

test('a replay table outlives the key it protects', async (t) => {
  const authority = new Authority()
  const [alice, bob] = [new Person(t, authority, 'alice'), new Person(t, authority, 'bob')]
  await alice.meet(bob, bob.bundle({ lastResort: true }))
  const message = makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10) })
  await bob.open(await alice.seal(bob, { kind: 'receipt', type: 'read', messages: [message] }))
  const seen = () => {
    const database = bob.database()
    const rows = database.prepare('SELECT * FROM kyber_seen').all([])
    database.close()
    return rows.length
  }
  t.equal(seen(), 1)
  make(bob, FULL, NOW_MS + 3 * DAY_MS)
  make(bob, FULL, NOW_MS + 63 * DAY_MS)
  t.equal(seen(), 1)
  make(bob, FULL, NOW_MS + 63 * DAY_MS + 1)
  t.equal(seen(), 0)
})
