import { makeMessageId, type Content } from '@sotto/protocol'
import { test } from 'tap'
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
