import { test } from 'tap'
import { friends, type Desk } from '../support/desk.js'

function gapsOf(desk: Desk) {
  return desk
    .events()
    .filter((event) => event.type === 'gap')
    .map(({ count, reason }) => ({ count, reason }))
}

function undecryptable(desk: Desk) {
  return desk.events().filter(({ type }) => type === 'message.undecryptable')
}

/** Where the next envelope will stand. */
function nextSeq(desk: Desk): number {
  return desk.network.mailbox(desk.person.id).length + 1
}

test('what the relay says it dropped is journalled and acknowledged', async (t) => {
  const { bob } = await friends(t)
  const seq = nextSeq(bob)
  await bob.deliverGap({ seq, count: 7, reason: 'quota' })
  t.same(gapsOf(bob), [{ count: 7, reason: 'quota' }])
  t.equal(bob.acknowledged.at(-1), seq)
})

test('a run that expired stands in the place of its last envelope and leaves no hole', async (t) => {
  const { bob } = await friends(t)
  await bob.deliverGap({ seq: nextSeq(bob) + 2, count: 3, reason: 'expired' })
  t.same(gapsOf(bob), [{ count: 3, reason: 'expired' }])
})

test('seqs that are left out without a word are told as missing', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'withheld')
  await alice.write(bob, 'withheld too')
  await alice.write(bob, 'delivered')
  await bob.deliver(network.mailbox(bob.person.id).slice(-1))
  t.same(gapsOf(bob), [{ count: 2, reason: 'missing' }])
  t.equal(bob.texts(alice).at(-1), 'delivered')
})

test('a hole before a gap is told as well as the gap', async (t) => {
  const { bob } = await friends(t)
  await bob.deliverGap({ seq: nextSeq(bob) + 4, count: 1, reason: 'quota' })
  t.same(gapsOf(bob), [
    { count: 4, reason: 'missing' },
    { count: 1, reason: 'quota' },
  ])
})

test('a gap that was told is not told again when it comes again', async (t) => {
  const { bob } = await friends(t)
  const gap = { seq: nextSeq(bob), count: 2, reason: 'quota' } as const
  await bob.deliverGap(gap)
  await bob.deliverGap(gap)
  t.equal(gapsOf(bob).length, 1)
  t.same(bob.acknowledged.slice(-2), [gap.seq, gap.seq])
})

test('in a new epoch low seqs are new, and what was opened before is not shown again', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'seen')
  await bob.catchUp()
  const events = bob.events().length
  bob.epoch = 2
  await bob.deliver(network.mailbox(bob.person.id).slice(-1))
  t.equal(bob.events().length, events)
  t.same(bob.read.inbox.cursor(), { epoch: 2, seq: network.mailbox(bob.person.id).length })
  t.equal(bob.read.inbox.quarantinedCount(), 0)
})

test('a message under a number that was used is shown: the relay went back and did not say so', async (t) => {
  const { alice, bob, network } = await friends(t)
  const used = nextSeq(bob)
  await alice.write(bob, 'before')
  await bob.catchUp()
  await alice.write(bob, 'after')
  const after = network.mailbox(bob.person.id).at(-1)!
  await bob.deliver([{ ...after, seq: used }])
  t.equal(bob.texts(alice).at(-1), 'after')
  t.same(gapsOf(bob), [{ count: 0, reason: 'relay-restored' }])
  t.same(bob.read.inbox.cursor(), { epoch: bob.epoch, seq: used })
  t.match(bob.read.account.relayEpoch(), { prekeysReplaced: false })
})

test('what does not open under a number that was used is told once, and proves nothing', async (t) => {
  const { alice, bob, network } = await friends(t)
  const used = nextSeq(bob)
  await alice.write(bob, 'one')
  await alice.write(bob, 'two')
  await bob.catchUp()
  const cursor = bob.read.inbox.cursor()
  const letter = network.mailbox(bob.person.id).at(-1)!
  const unreadable = { ...letter, seq: used, body: new Uint8Array(1024) }
  await bob.deliver([unreadable])
  await bob.deliver([unreadable])
  t.equal(undecryptable(bob).length, 1)
  t.equal(bob.read.inbox.quarantinedCount(), 1)
  t.same(gapsOf(bob), [])
  t.same(bob.read.inbox.cursor(), cursor)
})

test('a contact’s message that does not open under a number that was used is asked for again', async (t) => {
  const { alice, bob, network } = await friends(t)
  const used = nextSeq(bob)
  await alice.write(bob, 'before')
  await bob.catchUp()
  await alice.write(bob, 'under lost keys')
  const after = { ...network.mailbox(bob.person.id).at(-1)!, seq: used }
  const { account, device } = alice.person.core.own
  bob.person.core.store.transact((tx) => {
    tx.peers.removeSession(account, device)
  })
  await bob.deliver([after])
  t.match(undecryptable(bob), [{ resendAsked: true }])
  await bob.deliver([after])
  t.equal(undecryptable(bob).length, 1)
})

test('what opened once and would no more is known by what it is', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'seen')
  await bob.catchUp()
  const { account, device } = alice.person.core.own
  bob.person.core.store.transact((tx) => {
    tx.peers.removeSession(account, device)
  })
  await bob.deliver(network.mailbox(bob.person.id).slice(-1))
  t.same(undecryptable(bob), [])
})

test('what is delivered again, opened or quarantined before, is no sign of a relay that went back', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'seen')
  const letter = network.mailbox(bob.person.id).at(-1)!
  const junk = { ...letter, seq: letter.seq + 1, body: new Uint8Array(1024) }
  await bob.deliver([letter, junk])
  const events = bob.events().length
  await bob.deliver([letter, junk])
  t.equal(bob.events().length, events)
  t.equal(bob.read.inbox.quarantinedCount(), 1)
  t.same(bob.read.inbox.cursor(), { epoch: bob.epoch, seq: junk.seq })
})

test('a hole before the first envelope of a new mailbox is told', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'one')
  const letter = network.mailbox(bob.person.id).at(-1)!
  bob.person.core.store.transact((tx) => {
    tx.inbox.moveCursor({ epoch: 2, seq: 0 })
  })
  bob.epoch = 2
  await bob.deliver([{ ...letter, seq: 4 }])
  t.match(bob.events().at(-2), { type: 'gap', count: 3, reason: 'missing' })
  t.equal(bob.texts(alice).at(-1), 'one')
})

test('of the first envelope of a mailbox that was restored nothing is said', async (t) => {
  const { alice, bob, network } = await friends(t)
  await alice.write(bob, 'one')
  const letter = network.mailbox(bob.person.id).at(-1)!
  bob.person.core.store.transact((tx) => {
    tx.inbox.forgetCursor()
  })
  bob.epoch = 2
  await bob.deliver([{ ...letter, seq: 4 }])
  t.notOk(bob.eventTypes().includes('gap'))
})
