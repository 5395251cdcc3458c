import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'
import { editAccount } from '../../src/account/edit.js'
import { blockContact } from '../../src/conversation/block.js'
import type { Contact } from '../../src/store/tables/contacts.js'
import { TELL_MS_MIN } from '../../src/typing/telling.js'
import { Desk, quiet, strangers } from '../support/desk.js'
import { sendFrom } from '../support/send-from.js'
import { crashAt } from '../support/world.js'
import { writers, Writer } from '../support/writer.js'

const NO_RELAY = {
  setUsername: async () => {
    throw new Error('nobody asks the relay about this')
  },
}

async function switchOff({ person: { core } }: Desk): Promise<void> {
  await editAccount(
    { core, connection: NO_RELAY, relabel: () => undefined },
    {
      typing: false,
    },
  )
}

test('that somebody writes goes out in one small envelope, and no row of it is kept', async (t) => {
  const { ann, ben, network, alice, bob } = await writers(t)
  await ann.tell(ben)
  const [passed] = network.passed
  t.equal(network.passed.length, 1)
  t.equal(passed?.account, bob.person.id)
  t.equal(passed?.envelopes[0]?.body?.length, 1024, 'as every small content')
  t.ok(alice.read.outbox.isEmpty())
  t.equal(network.submissions.length, 0)
  t.notOk(alice.eventTypes().some((type) => type.startsWith('typing')))
})

test('it is told once in some seconds, and its end only where its beginning was', async (t) => {
  const { ann, ben, network, clock } = await writers(t)
  await ann.tell(ben, false)
  t.equal(network.passed.length, 0, 'nothing ends that did not begin')
  await ann.tell(ben)
  await ann.tell(ben)
  t.equal(network.passed.length, 1)
  await ann.tell(ben, false)
  await ann.tell(ben, false)
  t.equal(network.passed.length, 2)
  await ann.tell(ben)
  t.equal(network.passed.length, 2, 'not so soon')
  clock.advance(TELL_MS_MIN)
  await quiet()
  t.equal(network.passed.length, 3, 'but when it is time')
  await ann.tell(ben, false)
  await ann.tell(ben)
  await ann.tell(ben, false)
  clock.advance(TELL_MS_MIN)
  await quiet()
  t.equal(network.passed.length, 4, 'and not where it is over by then')
})

test('a message says by itself that its author writes no more', async (t) => {
  const { ann, ben, network, alice, bob } = await writers(t)
  await ann.tell(ben)
  await alice.write(bob, 'here it is')
  await ann.tell(ben, false)
  t.equal(network.passed.length, 1)
})

test('what waits for its connection when a message is written does not leave behind it', async (t) => {
  const { ann, ben, network, alice, bob } = await writers(t)
  let reached = (): void => undefined
  network.open.clear()
  network.onReach = () => new Promise<void>((resolve) => (reached = resolve))
  const telling = ann.tell(ben)
  await quiet()
  const message = alice.compose(bob, 'sooner than that')
  network.open.add(bob.person.id)
  reached()
  await telling
  t.equal(network.passed.length, 0)
  network.onReach = () => undefined
  await alice.send()
  t.equal(alice.status(message), 'accepted')
})

test('a message that is sent with it goes at once, and alone', async (t) => {
  const { ann, ben, network, alice, bob } = await writers(t)
  const telling = ann.tell(ben)
  await sendFrom(alice, { to: ['@bob.42'], text: 'at once' })
  await telling
  await bob.catchUp()
  t.equal(network.passed.length, 0)
  t.equal(bob.texts(alice).at(-1), 'at once')
})

test('a send that is made while it is being told goes behind it, and both open', async (t) => {
  const { ann, ben, network, alice, bob } = await writers(t)
  const order: string[] = []
  network.answerOnce = () => {
    order.push('typing')
    return 'passed'
  }
  network.next((_, take) => {
    order.push('text')
    return take()
  })
  let sending: Promise<unknown> = Promise.resolve()
  alice.person.crashpoint = (mark) => {
    if (mark === 'typing.sealed')
      sending = sendFrom(alice, { to: ['@bob.42'], text: 'behind' }, { wait: 'queued' })
  }
  await ann.tell(ben)
  await sending
  await alice.send()
  await ben.hear()
  await bob.catchUp()
  t.same(order, ['typing', 'text'])
  t.equal(bob.texts(alice).at(-1), 'behind')
  t.notOk(bob.eventTypes().includes('message.undecryptable'))
})

test('without a word nothing is told: offline, switched off, blocked, or when the name changed hands', async (t) => {
  const { ann, ben, network, alice, bob, clock } = await writers(t)
  const { core } = alice.person
  const contact = alice.read.contacts.byAccount(bob.person.id)
  if (contact === undefined) throw new Error('they are friends')
  const told: string[] = []
  const tellWhile = async (what: string): Promise<void> => {
    clock.advance(TELL_MS_MIN)
    await ann.tell(ben)
    if (network.passed.splice(0).length > 0) told.push(what)
  }
  const be = (change: Partial<Contact>): void =>
    core.store.transact((tx) => tx.contacts.save({ ...contact, ...change }))

  await tellWhile('a contact')
  ann.isAway = true
  await tellWhile('offline')
  ann.isAway = false
  network.open.clear()
  network.onReach = () => {
    throw new UnavailableError('relay/unreachable', 'the relay is away')
  }
  await tellWhile('out of reach')
  network.open.add(bob.person.id)
  be({ successor: alice.person.id })
  await tellWhile('another has the name')
  be({ accessKey: null })
  await tellWhile('without their key')
  be({})
  await tellWhile('a contact again')
  await blockContact(core, `acct:${bob.person.id}`)
  await tellWhile('blocked')
  be({})
  await switchOff(alice)
  await tellWhile('switched off')

  t.same(told, ['a contact', 'a contact again'])
})

test('a request that nobody has accepted is told nothing, and neither is one who wrote it', async (t) => {
  const { alice, bob, network } = strangers(t)
  const [ann, ben] = [new Writer(alice), new Writer(bob)]
  network.open.add(alice.person.id).add(bob.person.id)
  await alice.add(bob)
  await ann.tell(ben)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  await ben.tell(ann)
  await ann.tell(ben)
  t.equal(network.passed.length, 0)
})

test('no session is begun for it, and none carries a manifest that might be lost', async (t) => {
  const { ann, ben, network, alice, bob, clock } = await writers(t)
  const session = alice.read.peers.session(bob.person.id, bob.person.core.own.device)
  if (session === undefined) throw new Error('they have spoken')
  const { store } = alice.person.core
  store.transact((tx) => tx.peers.saveSession({ ...session, manifestSent: 0 }))
  await ann.tell(ben)
  clock.advance(TELL_MS_MIN)
  store.transact((tx) => tx.peers.saveSession({ ...session, confirmed: false }))
  await ann.tell(ben)
  clock.advance(TELL_MS_MIN)
  store.transact((tx) => tx.peers.removeSession(session.account, session.device))
  await ann.tell(ben)
  t.equal(network.passed.length, 0)
  t.equal(network.bundlesAsked.length, 0)
  t.equal(alice.read.peers.session(session.account, session.device), undefined)
})

test('it is on disk that the ratchet moved before the bytes leave', async (t) => {
  const { ann, ben, network, alice, bob } = await writers(t)
  const before = alice.read.peers.session(bob.person.id, bob.person.core.own.device)?.record
  const survivorOf = crashAt(t, alice.person, 'typing.sealed')
  await ann.tell(ben)
  const survivor = new Desk(survivorOf(), network)
  const after = survivor.read.peers.session(bob.person.id, bob.person.core.own.device)?.record
  t.notSame(after, before)
  t.ok(survivor.read.outbox.isEmpty(), 'and nothing would submit them again')
})

test('dead between ratchet and submission, what the next process sends is opened', async (t) => {
  const { ann, ben, network, alice, bob } = await writers(t)
  const survivorOf = crashAt(t, alice.person, 'typing.sealed')
  await ann.tell(ben)
  network.passed.length = 0 // It died before.
  const survivor = new Desk(survivorOf(), network)
  await survivor.write(bob, 'still here')
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'still here')
  t.equal(bob.read.inbox.quarantinedCount(), 0)
})

test('a relay that keeps what it shall hand on gets no other, and one that refuses is left alone', async (t) => {
  const { ann, ben, network, clock } = await writers(t)
  network.answerOnce = () => 'refused'
  await ann.tell(ben)
  clock.advance(30_000)
  await ann.tell(ben)
  t.equal(network.passed.length, 1)
  clock.advance(31_000)
  network.answerOnce = () => 'kept'
  await ann.tell(ben)
  t.equal(network.passed.length, 2)
  clock.advance(3_600_000)
  await ann.tell(ben)
  t.equal(network.passed.length, 2)
})

test('whoever answers nothing is told no more, so that few keys are left lying', async (t) => {
  const { ann, ben, network, clock, alice, bob } = await writers(t)
  for (let time = 0; time < 300; time++) {
    clock.advance(TELL_MS_MIN)
    await ann.tell(ben)
  }
  t.ok(network.passed.length <= 256, 'of one chain, the receipt before them counted')
  t.ok(network.passed.length > 250)
  await bob.write(alice, 'I was away')
  await alice.catchUp()
  network.passed.length = 0
  clock.advance(TELL_MS_MIN)
  await ann.tell(ben)
  t.equal(network.passed.length, 1)
})
