import ServerSecretParams from '@signalapp/libsignal-client/dist/zkgroup/ServerSecretParams.js'
import { errandTarget, hex, type Bytes } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { drawPermits } from '../../src/account/draw-permits.js'
import { Permits } from '../../src/account/permits.js'
import { ManualClock } from '../net/manual-clock.js'
import { refusalOf } from '../net/awaiting.js'
import { PermitOffice } from '../support/permit-office.js'
import { Authority, crashAt, NOW_MS, Person } from '../support/world.js'

const DAY_MS = 86_400_000
/** Noon: nothing happens at midnight by chance. */
const NOON_MS = NOW_MS - (NOW_MS % DAY_MS) + DAY_MS / 2

function begin(t: Test) {
  const clock = new ManualClock(NOON_MS)
  const authority = new Authority()
  const office = new PermitOffice(authority, clock)
  const person = new Person(t, authority, 'alice', { ports: office.ports })
  return { clock, office, person }
}

function permitsOf(person: Person, office: PermitOffice): Permits {
  return new Permits({ core: person.core, draw: () => drawPermits(person.core, office) })
}

function targetOf(account: number): Bytes {
  return errandTarget({ account: new Uint8Array(16).fill(account) })
}

function freeOf(person: Person): number {
  return person.core.store.read.permits.countFree(person.core.relayNowMs())
}

test('the permits of a day are drawn once, and are good for who issued them', async (t) => {
  const { clock, office, person } = begin(t)
  await drawPermits(person.core, office)
  await drawPermits(person.core, office)
  t.equal(office.requests.length, 1)
  t.equal(freeOf(person), 4)
  t.ok(office.check(await permitsOf(person, office).take(targetOf(1), 'wanted')))
  clock.advance(DAY_MS)
  await drawPermits(person.core, office)
  t.equal(office.requests.length, 2)
  t.equal(freeOf(person), 7, 'what was not needed yesterday is still good')
  clock.advance(3 * DAY_MS)
  await drawPermits(person.core, office)
  t.equal(freeOf(person), 4, 'and not for ever')
})

test('permits that expire when nobody else’s do are refused: they would be a tag', async (t) => {
  const { office, person } = begin(t)
  office.expiryMs = (nowMs) => nowMs - (nowMs % DAY_MS) + 2 * DAY_MS
  await t.rejects(drawPermits(person.core, office), { code: 'wire/unexpected' })
  t.equal(freeOf(person), 0)
})

test('permits under other parameters than the pinned ones are refused', async (t) => {
  const { clock, office, person } = begin(t)
  await drawPermits(person.core, office)
  clock.advance(DAY_MS)
  office.secret = ServerSecretParams.generate()
  await t.rejects(drawPermits(person.core, office), { code: 'wire/unexpected' })
  t.equal(freeOf(person), 4)
})

test('parameters by another root key than the account’s pin nothing', async (t) => {
  const { clock } = begin(t)
  const elsewhere = new PermitOffice(new Authority(), clock)
  const person = new Person(t, new Authority(), 'bob', { ports: elsewhere.ports })
  await t.rejects(drawPermits(person.core, elsewhere), { code: 'relay/root-changed' })
  t.equal(person.core.store.read.permits.drawn(), undefined)
})

for (const mark of ['permits.requested', 'permits.drawn'] as const) {
  test(`dead at ${mark}, the same permits are drawn by the next process, and none is lost`, async (t) => {
    const { office, person } = begin(t)
    const survivorOf = crashAt(t, person, mark)
    await drawPermits(person.core, office)
    const survivor = survivorOf()
    t.equal(freeOf(survivor), 0)
    await drawPermits(survivor.core, office)
    t.equal(office.requests[1], office.requests[0], 'it asks the same')
    t.equal(freeOf(survivor), 4)
  })
}

test('dead after they are on disk, nothing is drawn again', async (t) => {
  const { office, person } = begin(t)
  const survivorOf = crashAt(t, person, 'permits.stored')
  await drawPermits(person.core, office)
  const survivor = survivorOf()
  await drawPermits(survivor.core, office)
  t.equal(office.requests.length, 1)
  t.equal(freeOf(survivor), 4)
})

test('dead once a permit is taken, the errand goes on with it, and no other takes it', async (t) => {
  const { office, person } = begin(t)
  const survivorOf = crashAt(t, person, 'permit.taken')
  const taken = await permitsOf(person, office).take(targetOf(1), 'wanted')
  const survivor = survivorOf()
  const permits = permitsOf(survivor, office)
  const others = [
    await permits.take(targetOf(2), 'wanted'),
    await permits.take(targetOf(3), 'wanted'),
  ]
  t.same(hex(await permits.take(targetOf(1), 'wanted')), hex(taken))
  t.equal(new Set([taken, ...others].map((permit) => office.check(permit))).size, 3)
})

test('one errand has one permit, two have two, and what was refused is nobody’s', async (t) => {
  const { office, person } = begin(t)
  const permits = permitsOf(person, office)
  const first = await permits.take(targetOf(1), 'wanted')
  t.same(await permits.take(targetOf(1), 'wanted'), first)
  t.notSame(await permits.take(targetOf(2), 'wanted'), first)
  permits.discard(first)
  t.notSame(await permits.take(targetOf(1), 'wanted'), first)
})

test('without a permit in stock it is told when there are more', async (t) => {
  const { clock, office, person } = begin(t)
  const permits = permitsOf(person, office)
  for (const account of [1, 2, 3, 4]) await permits.take(targetOf(account), 'wanted')
  const refused = await refusalOf(permits.take(targetOf(5), 'wanted'))
  t.match(refused, { code: 'permit/none', exitCode: 82, retryAfterMs: DAY_MS / 2 })
  clock.advance(DAY_MS / 2)
  t.ok(office.check(await permits.take(targetOf(5), 'wanted')))
})

test('what nobody waits for leaves half of a day’s permits to what a person does', async (t) => {
  const { office, person } = begin(t)
  const permits = permitsOf(person, office)
  await permits.take(targetOf(1), 'wanted')
  await permits.take(targetOf(2), 'spare')
  t.equal((await refusalOf(permits.take(targetOf(3), 'spare'))).code, 'permit/none')
  t.ok(await permits.take(targetOf(3), 'wanted'))
})

test('a copy of a store that drew today draws nothing more, and asks no more today', async (t) => {
  const { office, person } = begin(t)
  office.drawnToday = true
  await drawPermits(person.core, office)
  await drawPermits(person.core, office)
  t.equal(office.requests.length, 1)
  t.equal(freeOf(person), 0)
})
