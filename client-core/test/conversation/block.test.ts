import { test } from 'tap'
import { blockContact, unblockContact } from '../../src/conversation/block.js'
import { parseRecipients, resolveTargets } from '../../src/outbox/targets.js'
import { retrySends } from '../../src/outbox/retry.js'
import { befriend, friends, quiet, strangers, type Desk } from '../support/desk.js'
import { contactOf, forgeFrom } from '../support/trust.js'

const MINUTE_MS = 60_000

function block(desk: Desk, peer: Desk) {
  return blockContact(desk.person.core, `acct:${peer.person.id}`)
}

test('what somebody blocked writes moves no ratchet and leaves no trace but its acknowledgement', async (t) => {
  const { alice, bob, clock } = await friends(t)
  await block(alice, bob)
  const session = alice.read.peers.session(bob.person.id, bob.person.core.own.device)
  const told = alice.events().length
  await bob.write(alice, 'can you hear me?')
  await alice.catchUp()
  clock.advance(MINUTE_MS)
  alice.worker.kick()
  await quiet()
  t.same(alice.read.peers.session(bob.person.id, bob.person.core.own.device), session)
  t.equal(alice.events().length, told)
  t.same(alice.texts(bob), ['hello', 'hi'])
  t.equal(alice.read.outbox.nextReceiptMs(), undefined)
  t.equal(alice.acknowledged.at(-1), alice.network.mailbox(alice.person.id).at(-1)?.seq)
})

test('what waits for somebody is taken off the outbox when they are blocked, and says so', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = alice.compose(bob, 'never mind')
  const before = network.submissions.length
  await block(alice, bob)
  await alice.send()
  t.equal(alice.status(message), 'failed')
  t.match(alice.read.messages.failureOf(message), { code: 'contact/blocked', exit: 77 })
  t.notOk(alice.read.outbox.recipients().includes(bob.person.id))
  t.notOk(network.submissions.slice(before).some(({ account }) => account === bob.person.id))
})

test('blocking takes everybody’s leave, once', async (t) => {
  const { alice, bob } = await friends(t)
  await block(alice, bob)
  const pending = alice.person.core.account.pendingAccessKey
  t.not(pending, null)
  await block(alice, bob)
  t.same(alice.person.core.account.pendingAccessKey, pending)
})

test('nobody who is blocked is written to or tried again', async (t) => {
  const { alice, bob, network } = await friends(t)
  const message = alice.compose(bob, 'never mind')
  await block(alice, bob)
  const [target] = await resolveTargets(
    { core: alice.person.core, door: network.door },
    parseRecipients(['@bob.42']),
  )
  t.match(target, { kind: 'failed', error: { code: 'contact/blocked', exitCode: 77 } })
  const stored = alice.read.messages.get(alice.person.id, message)
  if (stored === undefined) throw new Error('the message is stored')
  t.throws(() => retrySends(alice.person.core, [stored]), { code: 'contact/blocked' })
})

test('a request that is blocked writes no more, and is not accepted', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  await block(bob, alice)
  await alice.write(bob, 'please')
  await bob.catchUp()
  t.equal(bob.read.messages.heldOf(alice.person.id).length, 1)
  await t.rejects(bob.accept(alice), { code: 'contact/blocked', exitCode: 77 })
})

test('an account is blocked before it ever wrote', async (t) => {
  const { alice, bob } = strangers(t)
  await block(bob, alice)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  t.notOk(bob.eventTypes().includes('contact.request'))
  t.equal(bob.read.messages.heldOf(alice.person.id).length, 0)
})

test('a forged certificate in the name of somebody blocked is dropped like their own', async (t) => {
  const { alice, bob, hire, authority } = await friends(t)
  await forgeFrom(hire('mallory'), { alice, bob, authority })
  await block(alice, bob)
  const told = alice.events().length
  await alice.catchUp()
  t.equal(alice.events().length, told)
})

test('who is unblocked is heard again and gets our access key', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await block(alice, bob)
  await bob.write(alice, 'lost')
  await alice.catchUp()
  unblockContact(alice.person.core, '@bob.42')
  await bob.write(alice, 'back again')
  await alice.catchUp()
  await alice.send()
  t.same(alice.texts(bob), ['hello', 'hi', 'back again'])
  t.equal(contactOf(alice, bob)?.profileSent, alice.person.core.account.profileVersion)
  t.match(
    alice
      .events()
      .filter(({ type }) => type === 'contact.changed')
      .at(-1),
    { contact: { blocked: false } },
  )
})

test('others go on as before', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  await block(alice, bob)
  await carol.write(alice, 'lunch?')
  await alice.catchUp()
  t.equal(alice.texts(carol).at(-1), 'lunch?')
})

test('who dies right after blocking has blocked, and still has to replace the access key', async (t) => {
  const { alice, bob } = await friends(t)
  alice.compose(bob, 'never mind')
  await block(alice, bob)
  const survivor = alice.person.afterCrash(t)
  const { read } = survivor.core.store
  t.equal(read.contacts.byAccount(bob.person.id)?.blocked, true)
  t.same(read.outbox.ofRecipient(bob.person.id), [])
  t.same(survivor.core.account.pendingAccessKey, alice.person.core.account.pendingAccessKey)
  t.not(survivor.core.account.pendingAccessKey, null)
})
