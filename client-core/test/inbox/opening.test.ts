import { StorageError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { Desk, friends, type Office } from '../support/desk.js'
import { crashAt } from '../support/world.js'

/** Catches up, dies at the mark, and is there again as a new process. */
async function dieAt(t: Test, office: Office, desk: Desk): Promise<Desk> {
  const survivorOf = crashAt(t, desk.person, 'receive.opening')
  await desk.catchUp()
  return new Desk(survivorOf(), office.network)
}

function undecryptable(desk: Desk) {
  return desk.events().filter(({ type }) => type === 'message.undecryptable')
}

test('an envelope that has killed us three times is not opened a fourth time, and its neighbours are', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await alice.write(bob, 'deadly')
  await alice.write(bob, 'innocent')
  await alice.write(bob, 'innocent too')
  const second = await dieAt(t, office, bob)
  const third = await dieAt(t, office, second)
  const fourth = await dieAt(t, office, third)
  await fourth.catchUp()
  t.same(fourth.texts(alice).slice(2), ['innocent', 'innocent too'])
  t.equal(undecryptable(fourth).length, 1)
  t.equal(fourth.acknowledged.at(-1), office.network.mailbox(bob.person.id).at(-1)?.seq)
  t.equal(fourth.read.inbox.opening(), undefined)
})

test('what killed us is kept whole, with the reason', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await alice.write(bob, 'deadly')
  const fourth = await dieAt(t, office, await dieAt(t, office, await dieAt(t, office, bob)))
  await fourth.catchUp()
  const database = fourth.person.database()
  const rows = database.prepare('SELECT reason, length(body) AS bytes FROM quarantine').all()
  database.close()
  t.same(rows, [{ reason: 'crashed', bytes: 1024 }])
})

test('after one death envelopes are opened one at a time until we are past what was being opened', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  for (const body of ['one', 'two', 'three']) await alice.write(bob, body)
  const second = await dieAt(t, office, bob)
  await alice.write(bob, 'four')
  const { seq } = second.read.inbox.cursor() ?? { seq: 0 }
  await second.catchUp()
  t.same(second.texts(alice).slice(2), ['one', 'two', 'three', 'four'])
  t.equal(second.acknowledged.filter((each) => each > seq).length, 4)
  t.equal(second.read.inbox.opening(), undefined)
})

test('what kills us under a number that was used is kept as well', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const used = (bob.read.inbox.cursor()?.seq ?? 0) + 1
  await alice.write(bob, 'before')
  await bob.catchUp()
  await alice.write(bob, 'deadly')
  const deadly = { ...office.network.mailbox(bob.person.id).at(-1)!, seq: used }
  let desk = bob
  for (let death = 1; death <= 3; death++) {
    const { person } = desk
    let survivor: Desk | undefined
    const { store } = person.core
    const transact = store.transact.bind(store)
    store.transact = (body) => {
      survivor ??= new Desk(person.afterCrash(t), office.network)
      return transact(body)
    }
    await desk.deliver([deadly])
    t.ok(survivor)
    desk = survivor ?? desk
  }
  await desk.deliver([deadly])
  t.equal(undecryptable(desk).length, 1)
  t.equal(desk.read.inbox.opening(), undefined)
})

test('two deaths cost nobody a message', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await alice.write(bob, 'unlucky')
  const third = await dieAt(t, office, await dieAt(t, office, bob))
  await third.catchUp()
  t.equal(third.texts(alice).at(-1), 'unlucky')
  t.same(undecryptable(third), [])
})

test('deaths at one envelope are not counted against the next', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await alice.write(bob, 'deadly')
  await alice.write(bob, 'next')
  const fourth = await dieAt(t, office, await dieAt(t, office, await dieAt(t, office, bob)))
  const fifth = await dieAt(t, office, fourth) // Past the first, it dies at the second.
  await fifth.catchUp()
  t.equal(fifth.texts(alice).at(-1), 'next')
})

test('a disk that fails while we open is not the envelope’s fault', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'not its fault')
  const { store } = bob.person.core
  store.transact = () => {
    throw new StorageError('store/full', 'the disk is full')
  }
  await bob.catchUp()
  t.match(bob.faults, [{ code: 'store/full' }])
  t.equal(bob.read.inbox.opening(), undefined)
})

test('an attempt that the disk cut short leaves the count where it was', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await alice.write(bob, 'suspect')
  const second = await dieAt(t, office, bob)
  const before = second.read.inbox.opening()
  const { store } = second.person.core
  store.transact = () => {
    throw new StorageError('store/full', 'the disk is full')
  }
  await second.catchUp()
  t.match(before, { attempts: 1 })
  t.same(second.read.inbox.opening(), before)
})

test('a disk on which nothing can be noted opens nothing', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'not yet')
  const { store } = bob.person.core
  store.note = () => {
    throw new StorageError('store/full', 'the disk is full')
  }
  const before = bob.acknowledged.length
  await bob.catchUp()
  t.match(bob.faults, [{ code: 'store/full' }])
  t.equal(bob.acknowledged.length, before)
  t.same(bob.texts(alice), ['hello', 'hi'])
})
