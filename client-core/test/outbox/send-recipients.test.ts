import { NotFoundError } from '@sotto/protocol'
import { test } from 'tap'
import { blockContact } from '../../src/conversation/block.js'
import { introduce } from '../../src/outbox/compose.js'
import { befriend, friends, strangers, type Desk } from '../support/desk.js'
import { refuseWith } from '../support/network.js'
import { sendFrom } from '../support/send-from.js'

test('whoever is blocked while the relay is approached gets neither the text nor the new access key', async (t) => {
  const { alice, bob, network } = await friends(t)
  const { core } = alice.person
  const approach = async (): Promise<void> => {
    await blockContact(core, '@bob.42')
  }
  const before = network.submissions.length
  const sending = sendFrom(alice, { to: ['@bob.42'], text: 'late', id: 'k' }, {}, { approach })
  await t.rejects(sending, { code: 'contact/blocked', exitCode: 77 })
  await alice.send()
  t.ok(alice.read.outbox.isEmpty())
  t.equal(network.submissions.length, before)
  t.same(alice.texts(bob), ['hello', 'hi'])
  t.equal(alice.read.outbox.sendKey('k'), undefined)
})

test('whoever is blocked is not introduced to us, whatever was begun before', async (t) => {
  const { alice, bob } = await friends(t)
  const { core } = alice.person
  await blockContact(core, '@bob.42')
  core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(bob.person.id)
    if (contact !== undefined) introduce(tx, core, contact)
  })
  t.ok(alice.read.outbox.isEmpty())
})

test('of several recipients one that is blocked meanwhile does not keep the text from the others', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  const { core } = alice.person
  const approach = async (): Promise<void> => {
    await blockContact(core, '@bob.42')
  }
  const before = network.mailbox(bob.person.id).length
  const to = ['@bob.42', '@carol.42']
  const { result, exitCode } = await sendFrom(alice, { to, text: 'late' }, {}, { approach })
  t.equal(exitCode, 81)
  t.match(result.results, [{ error: { code: 'contact/blocked' } }, { status: 'accepted' }])
  t.equal(network.mailbox(bob.person.id).length, before)
})

test('one person under two names is written to once, and once only when it is tried again', async (t) => {
  const { alice, bob } = await friends(t)
  const to = ['@bob.42', `acct:${bob.person.id}`]
  await sendFrom(alice, { to, text: 'once', id: 'deploy-1' })
  await sendFrom(alice, { to, text: 'once', id: 'deploy-1' })
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'once'])
})

test('when nobody can be written to, trying again says so again', async (t) => {
  const { alice } = await friends(t)
  const request = { to: ['@carol.42', '@dave.42'], text: 'all hands', id: 'k' }
  const outcomes = [await sendFrom(alice, request), await sendFrom(alice, request)]
  t.same(
    outcomes.map(({ exitCode }) => exitCode),
    [81, 81],
  )
})

test('with one recipient, whoever is unknown is an error and not an outcome', async (t) => {
  const { alice } = await friends(t)
  const sending = sendFrom(alice, { to: ['@carol.42'], text: 'hi' })
  await t.rejects(sending, NotFoundError)
})

test('of several recipients one that fails does not keep the text from the others', async (t) => {
  const office = await friends(t)
  const { alice, network } = office
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  network.next(refuseWith(new NotFoundError('recipient/unknown', 'scripted')))
  const outcome = await sendFrom(alice, { to: ['@bob.42', '@carol.42'], text: 'both' })
  t.equal(outcome.exitCode, 79)
  t.same(outcome.result.results.map(({ status }) => status).sort(), ['accepted', 'queued'])
})

test('texts to one recipient are composed in the order of the calls, though the first looks them up', async (t) => {
  const { alice, bob, hire } = strangers(t)
  const carol = hire('carol')
  await alice.add(carol)
  const texts = ['one', 'two', 'three', 'four']
  const to = [['@bob.42', '@carol.42'], ['@carol.42'], ['@bob.42'], ['@bob.42', '@carol.42']]
  await Promise.all(texts.map((text, index) => sendFrom(alice, { to: to[index]!, text })))
  const written = (desk: Desk) => alice.texts(desk)
  t.same(written(bob), ['one', 'three', 'four'])
  t.same(written(carol), ['one', 'two', 'four'])
})

test('a call waits for nobody who is not among its recipients', async (t) => {
  const { alice, bob, network } = await friends(t)
  const door = network.door
  const answer: { give: () => void } = { give: () => undefined }
  const lookupUsername = door.lookupUsername
  door.lookupUsername = async (hash) => {
    await new Promise<void>((resolve) => (answer.give = resolve))
    return lookupUsername(hash)
  }
  const slow = sendFrom(alice, { to: ['@nobody.99'], text: 'slow' })
  await sendFrom(alice, { to: ['@bob.42'], text: 'quick' })
  t.equal(alice.texts(bob).at(-1), 'quick')
  answer.give()
  await t.rejects(slow, { code: 'recipient/unknown' })
})

test('a reply goes only to those who were there: what it answers names its author', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const carol = office.hire('carol')
  await befriend(office, carol, alice)
  await bob.write(alice, 'between us')
  await alice.catchUp()
  const before = alice.conversation(carol).length
  const leaking = sendFrom(alice, { to: ['@carol.42'], text: 'ok' }, { replyTo: '@last' })
  await t.rejects(leaking, { code: 'content/invalid', exitCode: 65 })
  t.equal(alice.conversation(carol).length, before)
  const both = await sendFrom(
    alice,
    { to: ['@bob.42', '@carol.42'], text: 'ok' },
    { replyTo: '@last' },
  )
  t.match(both.result, {
    results: [{ status: 'accepted' }, { error: { code: 'content/invalid' } }],
  })
})

test('a text to nobody is refused as such', async (t) => {
  const { alice } = await friends(t)
  await t.rejects(sendFrom(alice, { to: [], text: 'hi' }), { code: 'usage/invalid' })
})
