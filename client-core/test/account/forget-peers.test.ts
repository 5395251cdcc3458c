import { makeMessageId, type Content } from '@sotto/protocol'
import { test } from 'tap'
import { FORGOTTEN_MS_MAX, forgetPeers } from '../../src/account/forget-peers.js'
import { removeContact } from '../../src/conversation/address-book.js'
import type { Peer, StoredSession } from '../../src/store/tables/peers.js'
import { strangers, type Desk } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

/** A text that is sealed now; answers its envelope. */
async function sealText(from: Desk, to: Desk, body: string): Promise<Uint8Array> {
  const random = new Uint8Array(10).fill(body.length)
  const message = makeMessageId({ nowMs: NOW_MS, random })
  const content: Content = {
    kind: 'text',
    text: { message, body, replyTo: undefined, silent: false },
  }
  return (await from.person.seal(to.person, content)).body
}

async function write(from: Desk, to: Desk, body: string): Promise<Uint8Array> {
  const envelope = await sealText(from, to, body)
  from.network.put(to.person.id, envelope)
  await to.catchUp()
  return envelope
}

function keysOf(desk: Desk, other: Desk): readonly [Peer | undefined, StoredSession | undefined] {
  const { peers } = desk.read
  return [peers.peer(other.person.id), peers.session(other.person.id, other.person.core.own.device)]
}

async function forget(desk: Desk, other: Desk): Promise<void> {
  await removeContact(desk.person.core, `acct:${other.person.id}`)
}

for (const lastResort of [false, true]) {
  const key = lastResort ? 'a last-resort key' : 'one-time keys'
  test(`who was forgotten is read again in their session; once nothing of it can come any more it goes, and a replay of its beginning with ${key} stays refused`, async (t) => {
    const { alice, bob, clock } = strangers(t)
    await alice.person.meet(bob.person, bob.person.bundle({ lastResort }))
    const first = await write(alice, bob, 'may I?')
    await forget(bob, alice)

    await write(alice, bob, 'I may after all')
    t.match(
      bob.read.messages.heldOf(alice.person.id).map(({ body }) => body),
      ['I may after all'],
    )
    await forget(bob, alice)
    clock.advance(FORGOTTEN_MS_MAX - 1)
    await forgetPeers(bob.person.core)
    t.notOk(keysOf(bob, alice).includes(undefined), 'it may still be on its way')

    clock.advance(2)
    await forgetPeers(bob.person.core)
    t.same(keysOf(bob, alice), [undefined, undefined])
    bob.person.core.store.transact((tx) => tx.inbox.forgetOpened(Number.MAX_SAFE_INTEGER))
    bob.network.put(bob.person.id, first)
    await bob.catchUp()
    t.equal(bob.read.contacts.byAccount(alice.person.id), undefined)
    t.same(bob.read.messages.heldOf(alice.person.id), [])
    t.equal(bob.read.inbox.quarantinedCount(), 1)
    t.same(bob.faults, [])
  })
}

test('sessions stay of contacts, of whom something was said with, and of who came back', async (t) => {
  const { alice, bob, clock, hire } = strangers(t)
  const carol = hire('carol')
  await carol.person.meet(bob.person)
  await write(carol, bob, 'may I?')
  await forget(bob, carol)
  await write(carol, bob, 'here again')
  await alice.add(bob)
  await alice.write(bob, 'hello')
  await bob.catchUp()
  await bob.accept(alice)
  await forget(bob, alice) // What was said stays.

  clock.advance(FORGOTTEN_MS_MAX + 1)
  await forgetPeers(bob.person.core)
  t.notOk(keysOf(bob, alice).includes(undefined))
  t.notOk(keysOf(bob, carol).includes(undefined))
  t.notOk(bob.read.peers.hasForgotten(Number.MAX_SAFE_INTEGER), 'nobody is looked at again')
})

test('when the commit in which keys go fails, they and the note of them are there for the next', async (t) => {
  const { alice, bob, clock } = strangers(t)
  await alice.person.meet(bob.person)
  await write(alice, bob, 'may I?')
  await forget(bob, alice)
  clock.advance(FORGOTTEN_MS_MAX + 1)
  const { core } = bob.person
  t.throws(() =>
    core.store.transact((tx) => {
      tx.peers.letGo(Number.MAX_SAFE_INTEGER, 500)
      throw new Error('died before the commit')
    }),
  )
  t.notOk(keysOf(bob, alice).includes(undefined))
  t.ok(bob.read.peers.hasForgotten(Number.MAX_SAFE_INTEGER))
  await forgetPeers(core)
  t.same(keysOf(bob, alice), [undefined, undefined])
})
