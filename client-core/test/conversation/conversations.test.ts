import { test } from 'tap'
import {
  changeConversation,
  readConversation,
  readConversations,
  type ConversationChange,
} from '../../src/conversation/conversations.js'
import type { NotifyRule } from '../../src/conversation/notify-rule.js'
import { removeContact, renameContact } from '../../src/conversation/address-book.js'
import { setVerified } from '../../src/conversation/verified.js'
import { befriend, friends, strangers, type Desk } from '../support/desk.js'

function change(
  desk: Desk,
  conversation: string,
  kind: Exclude<ConversationChange['kind'], 'mute' | 'notify'>,
) {
  return changeConversation(desk.person.core, conversation, { kind })
}

function mute(desk: Desk, untilMs?: number) {
  return changeConversation(desk.person.core, '@bob.42', { kind: 'mute', untilMs })
}

function names(desk: Desk, ...which: Parameters<typeof readConversations>[1][]) {
  return which.map((choice) => readConversations(desk.person.core, choice).map(({ name }) => name))
}

test('a conversation says what is unread, what was last, and since when', async (t) => {
  const { alice, bob } = await friends(t)
  const before = readConversation(alice.person.core, '@bob.42')
  await bob.write(alice, 'one')
  await bob.write(alice, 'two')
  await alice.catchUp()
  const after = readConversation(alice.person.core, '@bob.42')
  t.match(after, {
    ...{ name: '@bob.42', kind: 'direct', trust: 'known', unread: before.unread + 2 },
    ...{ markedUnread: false, muted: false, mutedUntil: null, archived: false, pinned: false },
    lastMessage: { text: 'two' },
  })
  t.ok(after.lastActivityAt > before.lastActivityAt)
})

test('marking as read makes read receipts due, and takes a mark away', async (t) => {
  const { alice, bob, clock } = await friends(t)
  const message = await bob.write(alice, 'one')
  await alice.catchUp()
  t.match(change(alice, '@bob.42', 'mark-unread'), { markedUnread: true })
  t.match(change(alice, '@bob.42', 'mark-read'), { markedUnread: false, unread: 0 })
  clock.advance(60_000)
  await alice.send()
  await bob.catchUp()
  t.equal(bob.status(message), 'read')
})

test('marking as unread tells nobody and makes no message unread', async (t) => {
  const { alice, network } = await friends(t)
  change(alice, '@bob.42', 'mark-read')
  t.match(change(alice, '@bob.42', 'mark-unread'), { markedUnread: true, unread: 0 })
  t.same(names(alice, 'unread'), [['@bob.42']])
  t.equal(network.submissions.length, 0)
})

test('pinned ones stand first, then the latest activity', async (t) => {
  const office = await friends(t)
  const { alice } = office
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  t.same(names(alice, 'all'), [['@carol.42', '@bob.42']])
  change(alice, '@bob.42', 'pin')
  t.same(names(alice, 'all'), [['@bob.42', '@carol.42']])
  change(alice, '@bob.42', 'unpin')
  t.same(names(alice, 'all'), [['@carol.42', '@bob.42']])
  t.equal(readConversations(alice.person.core, 'all', 1).length, 1)
})

test('what is archived is left out until something is received', async (t) => {
  const { alice, bob } = await friends(t)
  change(alice, '@bob.42', 'archive')
  t.same(names(alice, 'inbox', 'archived', 'all'), [[], ['@bob.42'], ['@bob.42']])
  await bob.write(alice, 'are you there?')
  await alice.catchUp()
  t.same(names(alice, 'inbox', 'archived'), [['@bob.42'], []])
})

test('what is archived and muted stays archived, until the muting is over', async (t) => {
  const { alice, bob, clock } = await friends(t)
  mute(alice, clock.nowMs() + 1_000)
  change(alice, '@bob.42', 'archive')
  await bob.write(alice, 'one')
  await alice.catchUp()
  t.same(names(alice, 'archived'), [['@bob.42']])
  clock.advance(1_000)
  await bob.write(alice, 'two')
  await alice.catchUp()
  t.same(names(alice, 'archived'), [[]])
})

test('muting lasts until its time, or for ever', async (t) => {
  const { alice, clock } = await friends(t)
  t.match(mute(alice), { muted: true, mutedUntil: null })
  t.match(mute(alice, clock.nowMs() + 1_000), { muted: true, mutedUntil: String })
  clock.advance(1_000)
  t.match(readConversation(alice.person.core, '@bob.42'), { muted: false, mutedUntil: null })
  t.match(change(alice, '@bob.42', 'unmute'), { muted: false })
})

test('every change done twice is the same as once', async (t) => {
  const { alice } = await friends(t)
  const kinds = [
    'archive',
    'unarchive',
    'pin',
    'unpin',
    'unmute',
    'mark-unread',
    'mark-read',
  ] as const
  for (const kind of kinds)
    t.same(change(alice, '@bob.42', kind), change(alice, '@bob.42', kind), kind)
  t.same(mute(alice), mute(alice))
})

test('the notes to self are a conversation before anything is in them', async (t) => {
  const { alice } = await friends(t)
  t.match(readConversation(alice.person.core, 'me'), {
    name: 'me',
    kind: 'self',
    lastMessage: null,
  })
  t.match(change(alice, 'me', 'pin'), { name: 'me', trust: 'verified', pinned: true })
})

test('a request is in the list of all only, with nothing of what it says', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'needle of a stranger')
  await bob.catchUp()
  const all = readConversations(bob.person.core, 'all')
  t.match(all, [{ trust: 'request', unread: 0, lastMessage: null }])
  t.notMatch(JSON.stringify(all), 'needle')
  t.same(names(bob, 'inbox', 'unread', 'archived'), [[], [], []])
})

test('a conversation with somebody unknown is none', async (t) => {
  const { alice } = await friends(t)
  t.throws(() => readConversation(alice.person.core, '@nobody.99'), { code: 'recipient/unknown' })
  t.throws(() => change(alice, '@nobody.99', 'pin'), { code: 'recipient/unknown' })
})

test('the place in the list follows what is stored, moved, released and deleted', async (t) => {
  const { alice, bob } = await friends(t)
  const { store } = alice.person.core
  const [first, last] = [alice.conversation(bob)[0]!, alice.conversation(bob).at(-1)!]
  const activeMs = () => store.read.conversations.state(first.conversation)?.activeMs
  t.equal(activeMs(), last.arrivalMs)
  store.transact((tx) => tx.messages.setArrival(first.author, first.id, last.arrivalMs + 1))
  t.equal(activeMs(), last.arrivalMs + 1)
  store.transact((tx) => tx.messages.setArrival(first.author, first.id, first.arrivalMs))
  t.equal(activeMs(), last.arrivalMs)
  const database = alice.person.database()
  database.prepare('UPDATE message SET held = 1 WHERE id = ?').run([last.id])
  t.equal(activeMs(), first.arrivalMs)
  database.prepare('DELETE FROM message').run()
  database.close()
  t.equal(activeMs(), store.read.contacts.byAccount(bob.person.id)?.createdMs)
})

test('the list says of everybody the name and the trust that their messages show', async (t) => {
  const office = await friends(t)
  const { alice, bob, hire } = office
  const { core } = alice.person
  const [carol, dave, eve] = [hire('carol'), hire('dave'), hire('eve')]
  await befriend(office, alice, carol)
  await befriend(office, alice, dave)
  await eve.add(alice)
  await eve.write(alice, 'may I?')
  await alice.catchUp()
  core.store.transact((tx) => {
    setVerified(tx, core, { account: bob.person.id, verified: true })
  })
  renameContact(core, `acct:${eve.person.id}`, 'plumber')
  await removeContact(core, '@dave.42')
  const listed = readConversations(core).map(({ name, trust }) => ({ name, trust }))
  const shown = [bob, carol, dave, eve].map(({ person }) => ({
    name: core.views.nameOf(person.id),
    trust: core.views.sender(person.id, person.core.own.device).trust,
  }))
  t.same(
    new Set(listed.map((each) => JSON.stringify(each))),
    new Set(shown.map((each) => JSON.stringify(each))),
  )
  t.same(
    shown.map(({ trust }) => trust),
    ['verified', 'known', 'request', 'request'],
  )
  t.match(listed, { length: 4 })
})

test('what of a conversation is told is kept with it, and muting is something else', async (t) => {
  const { alice } = await friends(t)
  t.equal(readConversation(alice.person.core, '@bob.42').notify, 'all')
  const set = (rule: NotifyRule) =>
    changeConversation(alice.person.core, '@bob.42', { kind: 'notify', rule })
  t.match(set('mentions'), { notify: 'mentions', muted: false })
  t.match(mute(alice), { notify: 'mentions', muted: true })
  t.match(change(alice, '@bob.42', 'unmute'), { notify: 'mentions', muted: false })
  t.match(set('none'), { notify: 'none' })
  t.match(readConversations(alice.person.core), [{ notify: 'none' }])
})
