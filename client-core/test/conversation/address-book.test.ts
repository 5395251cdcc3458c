import { test } from 'tap'
import { removeContact, renameContact } from '../../src/conversation/address-book.js'
import { conversationId } from '../../src/conversation/conversation-named.js'
import { readIdentityLog } from '../../src/conversation/verification.js'
import { befriend, friends, strangers } from '../support/desk.js'
import { confirm, contactOf, numberOf } from '../support/trust.js'

test('a local name is given and taken away, and told', async (t) => {
  const { alice } = await friends(t)
  const { core } = alice.person
  t.match(renameContact(core, '@bob.42', 'Bobby'), { alias: 'bobby' })
  t.match(alice.events().at(-1), { type: 'contact.changed', contact: { alias: '@bobby' } })
  t.match(renameContact(core, '@bobby', undefined), { alias: null })
})

test('a local name that somebody has is not given to another', async (t) => {
  const office = await friends(t)
  const { alice } = office
  await befriend(office, alice, office.hire('carol'))
  renameContact(alice.person.core, '@bob.42', 'friend')
  t.throws(() => renameContact(alice.person.core, '@carol.42', 'friend'), {
    ...{ code: 'content/invalid', exitCode: 65 },
  })
})

test('who is removed is forgotten, but not what was said', async (t) => {
  const { alice, bob } = await friends(t)
  const { core } = alice.person
  await confirm(alice, '@bob.42', await numberOf(alice, '@bob.42'))
  const { id } = alice.read.contacts.conversationWith(bob.person.id) ?? {}
  await removeContact(core, '@bob.42')
  t.equal(contactOf(alice, bob), undefined)
  t.equal(alice.read.peers.peer(bob.person.id)?.verified, false)
  t.same(alice.texts(bob), ['hello', 'hi'])
  t.equal(conversationId(core, `acct:${bob.person.id}`), id)
  t.equal(conversationId(core, `id:${id ?? ''}`), id)
  t.same(
    readIdentityLog(core, `acct:${bob.person.id}`).map(({ event }) => event),
    ['met', 'verified', 'reset'],
  )
})

test('what waits for somebody who is removed is not sent, and says so', async (t) => {
  const { alice, bob } = await friends(t)
  const message = alice.compose(bob, 'never mind')
  await removeContact(alice.person.core, '@bob.42')
  t.match(alice.read.messages.failureOf(message), { code: 'contact/removed', exit: 77 })
  t.ok(alice.read.outbox.isEmpty())
})

test('what somebody writes who was removed is a request again', async (t) => {
  const { alice, bob } = await friends(t)
  await removeContact(alice.person.core, '@bob.42')
  await bob.write(alice, 'still there?')
  await alice.catchUp()
  t.match(alice.events().at(-1), { type: 'contact.request', message: { text: 'still there?' } })
  t.equal(contactOf(alice, bob)?.profileSent, 0)
})

test('a request that is removed is gone with what it wrote, and may ask again', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  await removeContact(bob.person.core, '@alice.42')
  t.same(bob.read.messages.heldOf(alice.person.id), [])
  await alice.write(bob, 'please')
  await bob.catchUp()
  t.match(bob.events().at(-1), { type: 'contact.request', message: { text: 'please' } })
})

test('removing an account that is no contact does nothing', async (t) => {
  const { alice, bob } = await friends(t)
  await removeContact(alice.person.core, `acct:${bob.person.id}`)
  await removeContact(alice.person.core, `acct:${bob.person.id}`)
  await t.rejects(removeContact(alice.person.core, '@nobody.42'), { code: 'recipient/unknown' })
})
