import { makeMessageId, StorageError, type Content } from '@sotto/protocol'
import { test } from 'tap'
import { Desk, friends, quiet, strangers } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

function text(body: string, id = 0): Content {
  const random = new Uint8Array(10).fill(id)
  const message = makeMessageId({ nowMs: NOW_MS, random })
  return { kind: 'text', text: { message, body, replyTo: undefined, silent: false } }
}

/** Puts a content into the mailbox as its author sealed it. */
async function post(from: Desk, to: Desk, content: Content): Promise<void> {
  const { body } = await from.person.seal(to.person, content)
  to.network.put(to.person.id, body)
}

/** The latest letter in a desk's mailbox. */
function lastLetter(desk: Desk) {
  const letter = desk.network.mailbox(desk.person.id).at(-1)
  if (letter === undefined) throw new Error('the mailbox is empty')
  return letter
}

/** From now on reading the table fails. */
function makeUnreadable(desk: Desk, table: string): void {
  const database = desk.person.database()
  database.exec(`ALTER TABLE ${table} RENAME TO elsewhere`)
  database.close()
}

/** How often a desk's store commits while `work` runs. */
async function commitsDuring(desk: Desk, work: () => Promise<void>): Promise<number> {
  const { store } = desk.person.core
  const transact = store.transact.bind(store)
  let commits = 0
  store.transact = (body) => {
    commits += 1
    return transact(body)
  }
  await work()
  store.transact = transact
  return commits
}

test('what was delivered is shown in order and acknowledged once, after the last', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'one')
  await alice.write(bob, 'two')
  await alice.write(bob, 'three')
  const before = bob.acknowledged.length
  await bob.catchUp()
  t.same(bob.texts(alice).slice(-3), ['one', 'two', 'three'])
  t.same(bob.acknowledged.slice(before), [lastLetter(bob).seq])
})

test('a message is on disk at the moment its envelope is acknowledged', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'first on disk')
  const onDisk: unknown[] = []
  bob.onAcknowledge = () => {
    const database = bob.person.database()
    onDisk.push(...database.prepare('SELECT body FROM message', { pluck: true }).all<string>())
    database.close()
  }
  await bob.catchUp()
  t.ok(onDisk.includes('first on disk'))
})

test('what was opened and comes again is acknowledged again, and changes nothing', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'once')
  await bob.catchUp()
  const events = bob.events().length
  const letter = lastLetter(bob)
  await bob.deliver([letter])
  t.equal(bob.events().length, events)
  t.same(bob.acknowledged.slice(-2), [letter.seq, letter.seq])
})

test('an envelope that will not open is kept, shown once, acknowledged, and blocks nothing', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'before')
  await alice.write(bob, 'spoilt')
  lastLetter(bob).body.fill(0)
  await alice.write(bob, 'after')
  await bob.catchUp()
  t.same(bob.texts(alice).slice(-2), ['before', 'after'])
  t.same(bob.eventTypes().slice(-3), [
    'message.received',
    'message.undecryptable',
    'message.received',
  ])
  t.equal(bob.read.inbox.quarantinedCount(), 1)
  t.equal(bob.acknowledged.at(-1), lastLetter(bob).seq)
})

test('nobody is named for an envelope that would not open at all', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'spoilt')
  lastLetter(bob).body.fill(0)
  await bob.catchUp()
  t.match(bob.events().at(-1), { type: 'message.undecryptable', sender: null, conversation: null })
})

test('a full disk acknowledges nothing and loses nothing', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'not lost')
  const before = bob.acknowledged.length
  const { store } = bob.person.core
  store.transact = () => {
    throw new StorageError('store/full', 'the disk is full')
  }
  await bob.catchUp()
  t.match(bob.faults, [{ code: 'store/full' }])
  t.equal(bob.acknowledged.length, before)
  t.same(bob.texts(alice), ['hello', 'hi'])
})

test('of what the disk did not take nothing is remembered: the next delivery begins where the disk is', async (t) => {
  const office = strangers(t)
  const { alice, bob } = office
  await alice.add(bob)
  await alice.write(bob, 'who are you?')
  const { store } = bob.person.core
  const transact = store.transact.bind(store)
  store.transact = (body) =>
    transact((tx) => {
      body(tx)
      throw new StorageError('store/full', 'the disk is full')
    })
  await bob.catchUp()
  t.match(bob.faults, [{ code: 'store/full' }])
  store.transact = transact
  t.equal(bob.read.contacts.byAccount(alice.person.id), undefined)
  t.equal(bob.read.peers.peer(alice.person.id), undefined)
  const again = new Desk(bob.person, office.network)
  await again.catchUp()
  t.match(again.read.contacts.byAccount(alice.person.id), { trust: 'request' })
  t.equal(again.read.messages.heldOf(alice.person.id).length, 1)
})

test('after a fault nothing that comes is taken in', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'one')
  const { store } = bob.person.core
  const transact = store.transact.bind(store)
  store.transact = () => {
    throw new StorageError('store/full', 'the disk is full')
  }
  await bob.catchUp()
  store.transact = transact
  await bob.catchUp()
  t.equal(bob.faults.length, 1)
  t.same(bob.texts(alice), ['hello', 'hi'])
})

test('keys that cannot be read make no envelope bad: nothing is quarantined or acknowledged', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'first')
  makeUnreadable(bob, 'signed_prekey')
  await bob.catchUp()
  t.match(bob.faults, [{ code: 'store/failed' }])
  t.same(bob.acknowledged, [])
  t.equal(bob.read.inbox.quarantinedCount(), 0)
})

test('nor do identities that cannot be read', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'first')
  makeUnreadable(bob, 'peer')
  await bob.catchUp()
  t.match(bob.faults, [{ code: 'store/failed' }])
  t.same(bob.acknowledged, [])
})

test('a message that its author sealed twice is shown once', async (t) => {
  const { alice, bob } = await friends(t)
  await post(alice, bob, text('once'))
  await post(alice, bob, text('once'))
  await bob.catchUp()
  t.same(bob.texts(alice).slice(2), ['once'])
  t.equal(bob.eventTypes().filter((type) => type === 'message.received').length, 2)
})

test('the first text under an id stays, whatever comes under it later', async (t) => {
  const { alice, bob } = await friends(t)
  await post(alice, bob, text('what I said'))
  await post(alice, bob, text('what I never said'))
  await bob.catchUp()
  t.same(bob.texts(alice).slice(2), ['what I said'])
})

test('two authors may use one id', async (t) => {
  const { alice, bob, hire } = await friends(t)
  const carol = hire('carol')
  await carol.add(bob)
  await post(alice, bob, text('of Alice'))
  await post(carol, bob, text('of Carol'))
  await bob.catchUp()
  await bob.accept(carol)
  t.same(bob.texts(alice).slice(2), ['of Alice'])
  t.same(bob.texts(carol), ['of Carol'])
})

test('two hundred envelopes that wait are committed a hundred and twenty-eight at a time', async (t) => {
  const { alice, bob } = await friends(t)
  for (let index = 0; index < 200; index++) await post(alice, bob, text(`n${index}`, index))
  const before = bob.acknowledged.length
  const commits = await commitsDuring(bob, () => bob.catchUp())
  t.equal(commits, 2)
  t.equal(bob.acknowledged.length, before + 2)
  t.equal(bob.conversation(alice).length, 202)
})

test('caught up is told after everything that waited is committed', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'waited')
  const before = bob.caughtUp
  bob.onAcknowledge = () => t.equal(bob.caughtUp, before)
  await bob.catchUp()
  t.equal(bob.caughtUp, before + 1)
  t.equal(bob.texts(alice).at(-1), 'waited')
})

test('what a lost connection brought and was not begun is taken in when it comes again', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'one')
  const letter = lastLetter(bob)
  bob.inbox.deliver({ ...letter, epoch: 1, stranger: false, acknowledge: () => t.fail('lost') })
  bob.inbox.disconnected()
  await quiet()
  t.same(bob.texts(alice), ['hello', 'hi'])
  await bob.deliver([letter])
  t.equal(bob.texts(alice).at(-1), 'one')
})

test('after it was stopped, the inbox takes nothing in', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'late')
  await bob.inbox.stop()
  const acknowledge = () => t.fail('nothing was committed')
  bob.inbox.deliver({ ...lastLetter(bob), epoch: 1, stranger: false, acknowledge })
  await quiet()
  t.same(bob.texts(alice), ['hello', 'hi'])
})
