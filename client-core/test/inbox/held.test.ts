import {
  makeMessageId,
  parseAccountId,
  type AccountId,
  type Content,
  type DeviceId,
} from '@sotto/protocol'
import { test } from 'tap'
import { renameContact } from '../../src/conversation/address-book.js'
import { blockContact } from '../../src/conversation/block.js'
import { directConversation } from '../../src/conversation/conversation-id.js'
import { readHeld, readHistory } from '../../src/conversation/reading.js'
import { accept } from '../../src/inbox/accept.js'
import { REQUESTS_MAX } from '../../src/inbox/bound-requests.js'
import { newContact } from '../../src/store/tables/contacts.js'
import { strangers, type Desk } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

/** So many texts of somebody who was never accepted. */
async function flood(from: Desk, to: Desk, texts: readonly string[]): Promise<void> {
  for (const [index, body] of texts.entries()) {
    const random = new Uint8Array(10).fill(index)
    const message = makeMessageId({ nowMs: NOW_MS + index, random })
    const content: Content = {
      kind: 'text',
      text: { message, body, replyTo: undefined, silent: false },
    }
    from.network.put(to.person.id, (await from.person.seal(to.person, content)).body)
  }
  await to.catchUp()
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1))
}

test('of one request the first text and the newest are kept, and what went is counted', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.person.meet(bob.person)
  await flood(alice, bob, numbered(60))
  const held = bob.read.messages.heldOf(alice.person.id).map(({ body }) => body)
  t.equal(held.length, 50)
  t.same([held[0], held[1], held.at(-1)], ['1', '12', '60'])
  const contact = bob.read.contacts.byAccount(alice.person.id)
  if (contact === undefined) throw new Error('there is a request')
  t.match(bob.person.core.views.contactDetail(contact).messages, { held: 50, dropped: 10 })
})

test('what a request wrote is read before it is accepted, and is none of the history', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.person.meet(bob.person)
  await flood(alice, bob, numbered(2))
  const { core } = bob.person
  const to = `acct:${alice.person.id}`
  t.match(readHeld(core, to), [
    { message: { text: '1', held: true }, sender: { trust: 'request' } },
    { message: { text: '2', held: true } },
  ])
  t.same(readHistory(core, to, {}), [])
  core.store.transact((tx) => accept(tx, core, alice.person.id))
  t.same(readHeld(core, to), [])
  t.match(readHistory(core, to, {}), [{ message: { text: '1' } }, { message: { text: '2' } }])
})

test('a request that writes long texts is bounded by their size', async (t) => {
  const { alice, bob } = strangers(t)
  bob.person.core.store.transact((tx) => {
    t.equal(tx.messages.trimHeld(alice.person.id, { countMax: 50, bytesMax: 100 }), 0)
  })
  await alice.person.meet(bob.person)
  await flood(alice, bob, ['first', 'x'.repeat(60), 'y'.repeat(60), 'z'.repeat(60)])
  bob.person.core.store.transact((tx) => {
    t.equal(tx.messages.trimHeld(alice.person.id, { countMax: 50, bytesMax: 130 }), 1)
  })
  t.same(
    bob.read.messages.heldOf(alice.person.id).map(({ body }) => body?.charAt(0)),
    ['f', 'y', 'z'],
  )
})

test('when the request is accepted, what went is a gap that says whose', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.person.meet(bob.person)
  await flood(alice, bob, numbered(52))
  await bob.accept(alice)
  t.match(
    bob.events().find(({ type }) => type === 'gap'),
    { count: 2, reason: 'held', conversation: { kind: 'direct' } },
  )
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.heldDropped, 0)
})

/** So many strangers whose one text waits, the first of them the longest. */
function requestsOf(bob: Desk, count: number): readonly AccountId[] {
  const { core } = bob.person
  const accounts = Array.from({ length: count }, (_, index) =>
    parseAccountId(`00000000-0000-8000-8000-${index.toString(16).padStart(12, '0')}`),
  )
  core.store.transact((tx) => {
    for (const [index, account] of accounts.entries()) {
      const conversation = directConversation(core.own.account, account)
      const createdMs = NOW_MS - count + index
      tx.contacts.save(newContact({ account, trust: 'request', createdMs }))
      tx.contacts.openConversation(conversation, createdMs)
      tx.messages.add({
        ...{ conversation: conversation.id, author: account, device: 1 as DeviceId },
        id: makeMessageId({ nowMs: createdMs, random: new Uint8Array(10) }),
        ...{ sentMs: createdMs, arrivalMs: createdMs, body: `may I? ${String(index)}`, raw: null },
        ...{ replyAuthor: null, replyId: null, status: 'received', silent: false },
        ...{ held: true, seen: false },
      })
    }
  })
  return accounts
}

function accountsOf(bob: Desk): readonly AccountId[] {
  return bob.read.contacts.all().map(({ account }) => account)
}

test('of undecided requests a thousand are kept: the oldest gives way, is told, and hears nothing', async (t) => {
  const { alice, bob } = strangers(t)
  const [oldest, next] = requestsOf(bob, REQUESTS_MAX)
  await alice.person.meet(bob.person)
  await flood(alice, bob, ['me too'])
  const accounts = accountsOf(bob)
  t.equal(accounts.length, REQUESTS_MAX)
  t.notOk(accounts.some((account) => account === oldest))
  t.ok(accounts.some((account) => account === next))
  t.ok(accounts.includes(alice.person.id))
  t.match(
    bob.events().filter(({ type }) => type === 'gap'),
    [{ count: 1, reason: 'held', conversation: { name: `acct:${String(oldest)}` } }],
  )
  t.same(bob.read.messages.heldOf(oldest ?? alice.person.id), [])
  t.equal(bob.read.conversations.list('all', 2 * REQUESTS_MAX).length, REQUESTS_MAX)
  t.ok(bob.read.outbox.isEmpty())
})

test('a request about which somebody has decided anything does not give way', async (t) => {
  const { alice, bob } = strangers(t)
  const [named, blocked, undecided] = requestsOf(bob, REQUESTS_MAX + 2)
  if (named === undefined || blocked === undefined) throw new Error('there are requests')
  const { core } = bob.person
  renameContact(core, `acct:${named}`, 'plumber')
  await blockContact(core, `acct:${blocked}`)
  await alice.person.meet(bob.person)
  await flood(alice, bob, ['me too'])
  const accounts = accountsOf(bob)
  t.ok(accounts.includes(named))
  t.ok(accounts.includes(blocked))
  t.notOk(accounts.some((account) => account === undecided))
})

test('more of a request that waits already pushes nobody out', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.person.meet(bob.person)
  await flood(alice, bob, ['may I?'])
  requestsOf(bob, REQUESTS_MAX)
  await flood(alice, bob, ['may I?', 'it is important'])
  t.equal(accountsOf(bob).length, REQUESTS_MAX + 1)
})
