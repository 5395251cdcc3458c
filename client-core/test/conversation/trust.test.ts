import { test } from 'tap'
import { rename } from '../../src/conversation/address-book.js'
import { readIdentityLog } from '../../src/conversation/verification.js'
import { friends, strangers } from '../support/desk.js'
import {
  bobChanged,
  confirm,
  contactOf,
  numberOf,
  trust,
  verifiedBobChanged,
} from '../support/trust.js'

test('the account that is trusted gets name and local name; the one before keeps what was said', async (t) => {
  const { alice, bob, newBob } = await bobChanged(t)
  alice.person.core.store.transact((tx) => {
    rename(tx, bob.person.id, 'bobby')
  })
  const said = alice.texts(bob)
  const contact = await trust(alice, '@bob.42')
  t.match(contact, { account: newBob.person.id, trust: 'known', handle: 'bob.42', alias: 'bobby' })
  t.match(contactOf(alice, bob), { handle: null, alias: null, claimed: null, successor: null })
  t.same(alice.texts(bob), said)
  t.same(alice.texts(newBob), [])
})

test('what the trusted account wrote before is received', async (t) => {
  const { alice, newBob } = await bobChanged(t)
  await newBob.add(alice)
  await newBob.write(alice, 'it is me, Bob')
  await alice.catchUp()
  await trust(alice, '@bob.42')
  t.same(alice.texts(newBob), ['it is me, Bob'])
  t.match(alice.events().at(-1), {
    type: 'message.received',
    sender: { id: newBob.person.id, handle: '@bob.42', trust: 'known' },
  })
})

test('whoever is trusted can be written to, and gets our profile', async (t) => {
  const { alice, newBob } = await bobChanged(t)
  await newBob.add(alice)
  await newBob.write(alice, 'it is me, Bob')
  await alice.catchUp()
  await trust(alice, '@bob.42')
  await alice.write(newBob, 'welcome back')
  await newBob.catchUp()
  t.same(newBob.texts(alice), ['it is me, Bob', 'welcome back'])
  t.not(contactOf(newBob, alice)?.accessKey, null)
})

test('nothing that waited for the account before goes to the one that is trusted', async (t) => {
  const { alice, bob, newBob } = await bobChanged(t)
  const message = alice.compose(bob, 'for the old one')
  await trust(alice, '@bob.42')
  await alice.send()
  await newBob.catchUp()
  t.same(newBob.texts(alice), [])
  t.equal(alice.status(message), 'failed')
})

test('a verified contact is not trusted anew without comparing', async (t) => {
  const { alice, bob, newBob } = await verifiedBobChanged(t)
  await t.rejects(trust(alice, '@bob.42'), {
    code: 'identity/changed',
    exitCode: 80,
    fix: /verify confirm @bob\.42/,
  })
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: newBob.person.id })
})

test('the successor’s number confirmed makes the successor the contact, verified', async (t) => {
  const { alice, bob, newBob } = await verifiedBobChanged(t)
  const number = await numberOf(alice, '@bob.42')
  const contact = await confirm(alice, '@bob.42', number)
  t.match(contact, { account: newBob.person.id, handle: 'bob.42' })
  t.equal(alice.person.core.views.contact(contact).trust, 'verified')
  t.equal(alice.person.core.views.isVerified(bob.person.id), false)
})

test('the number of the account known so far confirmed keeps that account', async (t) => {
  const { alice, bob, network, hire } = await friends(t)
  const number = await numberOf(alice, '@bob.42')
  await confirm(alice, '@bob.42', number)
  const mallory = hire('mallory')
  network.door.lookupUsername = async () => mallory.person.id
  await t.rejects(alice.add(bob), { code: 'identity/changed' })
  await confirm(alice, '@bob.42', number)
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: null })
  await alice.add(bob) // Decided is decided: the same lie asks nobody again.
  t.match(contactOf(alice, bob), { successor: null })
})

test('a number that is neither’s decides nothing', async (t) => {
  const { alice, bob, newBob } = await verifiedBobChanged(t)
  await t.rejects(confirm(alice, '@bob.42', '1'.repeat(60)), {
    code: 'identity/mismatch',
    exitCode: 1,
  })
  t.match(contactOf(alice, bob), { successor: newBob.person.id })
})

test('without a change trusting changes nothing, and accepts a request', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  t.match(await trust(bob, '@alice.42'), { trust: 'known', handle: 'alice.42' })
  const told = bob.events().length
  await trust(bob, '@alice.42')
  t.equal(bob.events().length, told)
  await t.rejects(trust(bob, '@carol.42'), { code: 'recipient/unknown', exitCode: 67 })
})

test('a relay that hands out another’s keys for the successor is found out', async (t) => {
  const { alice, bob, newBob, network, hire } = await bobChanged(t)
  const mallory = hire('mallory')
  network.answerBundle = () => mallory.person.bundle()
  await t.rejects(trust(alice, '@bob.42'), { code: 'identity/forged', exitCode: 80 })
  t.match(contactOf(alice, bob), { handle: 'bob.42', successor: newBob.person.id })
  t.equal(contactOf(alice, newBob), undefined)
})

test('the log tells the whole story of a username, from either account', async (t) => {
  const { alice, bob, newBob } = await verifiedBobChanged(t)
  await confirm(alice, '@bob.42', await numberOf(alice, '@bob.42'))
  const story = (to: string): readonly string[] =>
    readIdentityLog(alice.person.core, to).map(({ event }) => event)
  t.same(story('@bob.42'), ['changed', 'trusted', 'met', 'verified'])
  t.same(story(`acct:${bob.person.id}`), ['met', 'verified', 'changed', 'reset', 'trusted'])
  t.same(readIdentityLog(alice.person.core, undefined).length, 7)
  t.match(readIdentityLog(alice.person.core, '@bob.42')[0], { other: newBob.person.id })
})
