import { RATE_LIMITED } from '../support/network.js'
import { test } from 'tap'
import { acceptContact, addContact } from '../../src/conversation/contacts.js'
import { befriend, friends, strangers, type Desk } from '../support/desk.js'

function add(desk: Desk, to: string, alias?: string) {
  return addContact(desk.person.core, desk.network.door, { to, alias })
}

test('adding somebody stores them with keys and a session, and writes to nobody', async (t) => {
  const { alice, bob, network } = strangers(t)
  const contact = await add(alice, '@bob.42', 'Bobby')
  t.match(contact, { account: bob.person.id, handle: 'bob.42', alias: 'bobby', trust: 'known' })
  t.not(alice.read.peers.session(bob.person.id, bob.person.core.own.device), undefined)
  t.equal(network.submissions.length, 0)
  t.ok(alice.read.outbox.isEmpty())
  t.same(alice.events(), [])
})

test('nobody of that name, or oneself, cannot be added', async (t) => {
  const { alice } = strangers(t)
  await t.rejects(add(alice, '@carol.42'), { code: 'recipient/unknown', exitCode: 67 })
  await t.rejects(add(alice, '@alice.42'), { code: 'recipient/self' })
  await t.rejects(add(alice, 'me'), { code: 'recipient/self' })
})

test('a relay that asks to wait leaves nobody half added', async (t) => {
  const { alice, bob, network } = strangers(t)
  network.answerBundle = () => {
    throw RATE_LIMITED
  }
  await t.rejects(add(alice, '@bob.42'), { code: 'relay/rate-limited', exitCode: 82 })
  t.equal(alice.read.contacts.byAccount(bob.person.id), undefined)
})

test('a relay that gives another account’s keys for somebody adds nobody', async (t) => {
  const { alice, bob, network, hire } = strangers(t)
  const mallory = hire('mallory')
  network.answerBundle = () => mallory.person.bundle()
  await t.rejects(add(alice, '@bob.42'), { code: 'identity/forged', exitCode: 80 })
  t.same(alice.read.contacts.all(), [])
  t.equal(alice.read.peers.peer(bob.person.id), undefined)
})

test('two contacts cannot have one local name, and neither is lost in the attempt', async (t) => {
  const office = await friends(t)
  const { alice } = office
  await befriend(office, alice, office.hire('carol'))
  await add(alice, '@bob.42', 'friend')
  await t.rejects(add(alice, '@carol.42', 'FRIEND'), { code: 'content/invalid' })
  t.same(
    alice.read.contacts.all().map(({ handle, alias }) => [handle, alias]),
    [
      ['bob.42', 'friend'],
      ['carol.42', null],
    ],
  )
})

test('there is nobody to accept who has not asked', async (t) => {
  const { alice } = strangers(t)
  const accepting = acceptContact(alice.person.core, alice.network.door, '@bob.42')
  await t.rejects(accepting, { code: 'recipient/unknown', exitCode: 67 })
})

test('a request is accepted by the username it claims, and the claim is confirmed by a lookup', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  const contact = await acceptContact(bob.person.core, bob.network.door, '@ALICE.42')
  t.match(contact, { account: alice.person.id, handle: 'alice.42', trust: 'known' })
})

test('a conversation is named by username, else local name, else account', async (t) => {
  const { alice, bob } = await friends(t)
  const { views } = alice.person.core
  const rename = (handle: string | null, alias: string | null): string => {
    alice.person.core.store.transact((tx) => {
      const contact = tx.contacts.byAccount(bob.person.id)
      if (contact !== undefined) tx.contacts.save({ ...contact, handle, alias })
    })
    return views.conversationWith(bob.person.id).name
  }
  t.equal(rename('bob.42', 'bobby'), '@bob.42')
  t.equal(rename(null, 'bobby'), '@bobby')
  t.equal(rename(null, null), `acct:${bob.person.id}`)
})
