import { decodeContent, type ConversationId } from '@sotto/protocol'
import { test } from 'tap'
import { removeContact, renameContact } from '../../src/conversation/address-book.js'
import { blockContact, unblockContact } from '../../src/conversation/block.js'
import { directConversation } from '../../src/conversation/conversation-id.js'
import { readTimeline, type TimelinePage } from '../../src/conversation/timeline.js'
import { resetVerified } from '../../src/conversation/verification.js'
import { befriend, friends, type Desk, type Office } from '../support/desk.js'
import { bobChanged, confirm, numberOf, trust } from '../support/trust.js'

function eventsOf(desk: Desk, peer: Desk, page: TimelinePage = {}) {
  return readTimeline(desk.person.core, `id:${conversationOf(desk, peer)}`, page)
}

function conversationOf(desk: Desk, peer: Desk): ConversationId {
  return directConversation(desk.person.id, peer.person.id).id
}

function typesOf(desk: Desk, peer: Desk, page: TimelinePage = {}): readonly string[] {
  return eventsOf(desk, peer, page).map(({ type }) => type)
}

function nextSeq(desk: Desk): number {
  return desk.network.mailbox(desk.person.id).length + 1
}

/** Bob's device forgets its session with Alice, who then writes to him. */
async function lose(
  { alice, bob }: Pick<Office, 'alice' | 'bob'>,
  ...texts: string[]
): Promise<void> {
  const { account, device } = alice.person.core.own
  bob.person.core.store.transact((tx) => {
    tx.peers.removeSession(account, device)
  })
  for (const text of texts) await alice.write(bob, text)
  await bob.catchUp()
}

test('a loss of which nobody can tell whose it was stands in every conversation that there was', async (t) => {
  const office = await friends(t)
  const { alice, bob, hire } = office
  const carol = hire('carol')
  await befriend(office, carol, bob)
  await bob.deliverGap({ seq: nextSeq(bob), count: 7, reason: 'quota' })
  const gap = { type: 'gap', count: 7, reason: 'quota', whose: 'unknown' }
  t.match(eventsOf(bob, alice), [gap])
  t.match(eventsOf(bob, carol), [gap])
  t.same(readTimeline(bob.person.core, 'me', {}), [])
})

test('a loss from before a conversation is none of it', async (t) => {
  const office = await friends(t)
  const { bob, clock, hire } = office
  await bob.deliverGap({ seq: nextSeq(bob), count: 7, reason: 'quota' })
  clock.advance(60_000)
  const carol = hire('carol')
  await bob.add(carol)
  t.same(eventsOf(bob, carol), [])
})

test('a gap that comes again stands once, and one after which nothing came counts with it', async (t) => {
  const { alice, bob } = await friends(t)
  const gap = { seq: nextSeq(bob), count: 2, reason: 'quota' } as const
  await bob.deliverGap(gap)
  await bob.deliverGap(gap)
  t.match(eventsOf(bob, alice), [{ count: 2 }])
  await bob.deliverGap({ ...gap, seq: gap.seq + 1, count: 3 })
  t.match(eventsOf(bob, alice), [{ count: 5 }])
  t.equal(eventsOf(bob, alice).length, 1)
})

test('a hole stands where what was withheld would have stood, between the messages around it', async (t) => {
  const { alice, bob, network } = await friends(t)
  const first = await alice.write(bob, 'one')
  await bob.catchUp()
  await alice.write(bob, 'withheld')
  const last = await alice.write(bob, 'three')
  await bob.deliver(network.mailbox(bob.person.id).slice(-1))
  const [gap] = eventsOf(bob, alice)
  t.match(gap, { type: 'gap', count: 1, reason: 'missing' })
  t.ok([first, last].includes(gap!.after!), 'it stands at the message before which it was found')
})

test('what could not be opened says whose it is, and that it has come when it was sent again', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  await lose(office, 'come again?')
  const lost = {
    type: 'message.undecryptable',
    conversation: { id: conversationOf(bob, alice) },
    whose: 'theirs',
    ...{ count: 1, resendAsked: true },
  }
  t.match(eventsOf(bob, alice), [{ ...lost, resent: 0 }])
  await bob.send()
  await alice.catchUp()
  await alice.send()
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'come again?')
  t.match(eventsOf(bob, alice), [{ ...lost, resent: 1 }])
})

test('of several that were lost together it is told how many have come', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  await lose(office, 'one', 'two', 'three')
  t.match(eventsOf(bob, alice), [{ count: 3, resent: 0 }])
  await bob.send()
  await alice.catchUp()
  await alice.send()
  const [first] = network.mailbox(bob.person.id).slice(-3)
  await bob.deliver([first!])
  t.match(eventsOf(bob, alice), [{ count: 3, resent: 1 }])
})

test('what somebody else says to have sent again fills no loss of a contact', async (t) => {
  const office = await friends(t)
  const { alice, bob, hire } = office
  const carol = hire('carol')
  await befriend(office, carol, bob)
  await lose(office, 'come again?')
  bob.person.core.store.transact((tx) => {
    for (const { digest } of quarantined(bob))
      tx.timeline.fill({ account: carol.person.id, digest, atMs: 1 })
  })
  t.match(eventsOf(bob, alice), [{ count: 1, resent: 0 }])
})

/** What Bob's device asked for again. */
function quarantined(desk: Desk) {
  return desk.read.outbox.recipients().flatMap((account) =>
    desk.read.outbox.ofKind(account, 'decryption-error').map((row) => {
      const { content } = decodeContent(row.content)
      if (content.kind !== 'decryption-error') throw new Error('it asks for something else')
      return content
    }),
  )
}

test('a number that was compared, and that this was taken back, stand where it was done', async (t) => {
  const { alice, bob } = await friends(t)
  await confirm(alice, '@bob.42', await numberOf(alice, '@bob.42'))
  await resetVerified(alice.person.core, '@bob.42')
  t.match(eventsOf(alice, bob), [
    { type: 'identity', change: 'verified', other: null },
    { type: 'identity', change: 'reset', other: null },
  ])
})

test('a username that went to another account is told, and whom it was decided for, in both conversations', async (t) => {
  const { alice, bob, newBob } = await bobChanged(t)
  t.match(eventsOf(alice, bob), [
    { type: 'identity', change: 'changed', other: { id: newBob.person.id } },
  ])
  await trust(alice, '@bob.42')
  t.match(eventsOf(alice, bob).at(-1), {
    ...{ change: 'trusted', other: { id: newBob.person.id, name: '@bob.42' } },
  })
  t.match(eventsOf(alice, newBob), [{ change: 'succeeded', other: { id: bob.person.id } }])
})

test('blocks are told, and names that change without a word between are one change', async (t) => {
  const { alice, bob } = await friends(t)
  await blockContact(alice.person.core, '@bob.42')
  unblockContact(alice.person.core, '@bob.42')
  renameContact(alice.person.core, '@bob.42', 'bobby')
  renameContact(alice.person.core, '@bob.42', 'robert')
  t.match(eventsOf(alice, bob), [
    { type: 'block', blocked: true },
    { type: 'block', blocked: false },
    { type: 'name', what: 'alias', from: null, to: 'robert' },
  ])
  renameContact(alice.person.core, '@bob.42', undefined)
  t.same(typesOf(alice, bob), ['block', 'block'], 'they are called as they were')
})

test('whoever is forgotten leaves no name behind', async (t) => {
  const { alice, bob } = await friends(t)
  renameContact(alice.person.core, '@bob.42', 'bobby')
  await removeContact(alice.person.core, '@bobby')
  t.same(typesOf(alice, bob), [])
})

async function blocked(desk: Desk, peer: Desk): Promise<string> {
  const { account } = await blockContact(desk.person.core, `acct:${peer.person.id}`)
  return `acct:${account}`
}

test('pages side by side have every event once, whichever messages they end with', async (t) => {
  const { alice, bob, clock } = await friends(t)
  for (const text of ['one', 'two', 'three', 'four', 'five']) {
    clock.advance(1000)
    await alice.write(bob, text)
    await bob.catchUp()
    renameContact(bob.person.core, `acct:${alice.person.id}`, `alice-${text}`)
    unblockContact(bob.person.core, await blocked(bob, alice))
  }
  bob.compose(alice, 'this one waits')
  const all = eventsOf(bob, alice).map(({ id }) => id)
  t.equal(all.length, 15)
  const messages = bob.conversation(alice).map(({ id }) => id)
  for (let size = 1; size <= messages.length; size++) {
    const found: string[] = []
    for (let at = 0; at < messages.length; at += size) {
      const page = messages.slice(at, at + size)
      const from = at === 0 ? {} : { from: page[0]! }
      const events = eventsOf(bob, alice, { ...from, through: page.at(-1)! })
      const inPage = events.every(({ after }) => after === null || page.includes(after))
      t.ok(inPage, `each stands behind a message of its page of ${String(size)}`)
      found.push(...events.map(({ id }) => id))
    }
    t.same(found, all, `in pages of ${String(size)}`)
  }
})

test('more than a thousand between two messages are had a thousand at a time, the newest first', async (t) => {
  const { alice, bob } = await friends(t)
  const { core } = alice.person
  for (let turn = 0; turn < 501; turn++) {
    await blockContact(core, '@bob.42')
    unblockContact(core, '@bob.42')
  }
  const newest = eventsOf(alice, bob)
  const older = eventsOf(alice, bob, { skip: 1000 })
  t.equal(newest.length, 1000)
  t.ok(older.length >= 2)
  t.same(eventsOf(alice, bob, { skip: 1000 + older.length }), [])
  const ids = [...older, ...newest].map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
})
