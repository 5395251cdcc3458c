import { encode, wire, type Content } from '@sotto/protocol'
import { test } from 'tap'
import { befriend, friends, type Desk } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

/** What a newer sotto might write: this one knows neither its version nor its kind. */
function newerContent(from: Desk) {
  const { manifest } = from.person.core.own
  return encode(wire.ContentSchema, {
    minimumVersion: 2,
    sentAtMs: BigInt(NOW_MS),
    manifestVersion: manifest.parsed.version,
    manifestHash: manifest.hash,
  })
}

async function postPlaintext(from: Desk, to: Desk, plaintext: ReturnType<typeof newerContent>) {
  const { body } = await from.person.sealPlaintext(to.person, plaintext)
  to.network.put(to.person.id, body)
  await to.catchUp()
}

test('what a newer sotto wrote is kept whole and shown as unsupported', async (t) => {
  const { alice, bob } = await friends(t)
  const plaintext = newerContent(alice)
  await postPlaintext(alice, bob, plaintext)
  const message = bob.conversation(alice).at(-1)
  t.same(Buffer.from(message?.raw ?? []), Buffer.from(plaintext))
  t.match(bob.events().at(-1), {
    type: 'message.received',
    message: { text: null, unsupported: true },
  })
})

test('what is no content at all is quarantined', async (t) => {
  const { alice, bob } = await friends(t)
  await postPlaintext(alice, bob, new Uint8Array([255, 255, 255]))
  t.equal(bob.read.inbox.quarantinedCount(), 1)
  t.match(bob.events().at(-1), {
    type: 'message.undecryptable',
    sender: { id: alice.person.id },
  })
})

test('a content under a manifest that its author does not have is quarantined', async (t) => {
  const { alice, bob } = await friends(t)
  const content = { minimumVersion: 1, sentAtMs: BigInt(NOW_MS), manifestVersion: 9 }
  await postPlaintext(alice, bob, encode(wire.ContentSchema, content))
  t.equal(bob.read.inbox.quarantinedCount(), 1)
})

test('what only one’s own devices may say is refused from anybody else', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const carol = office.hire('carol')
  await befriend(office, bob, carol)
  const sync: Content = {
    kind: 'sync',
    sync: { kind: 'contact', account: alice.person.id, name: 'renamed', profile: undefined },
  }
  const { body } = await carol.person.seal(bob.person, sync)
  bob.network.put(bob.person.id, body)
  await bob.catchUp()
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.name, 'alice')
  t.equal(bob.read.inbox.quarantinedCount(), 1)
})

test('a reply names the message it answers by author and id', async (t) => {
  const { alice, bob, network } = await friends(t)
  const original = await alice.write(bob, 'question')
  await bob.catchUp()
  const reply = await bob.write(alice, 'unrelated')
  const answer: Content = {
    kind: 'text',
    text: {
      message: reply,
      body: 'answer',
      replyTo: { author: alice.person.id, message: original },
      silent: false,
    },
  }
  network.put(alice.person.id, (await bob.person.seal(alice.person, answer)).body)
  await alice.deliver(network.mailbox(alice.person.id).slice(-1))
  t.match(
    alice.events().findLast(({ type }) => type === 'message.received'),
    {
      message: { text: 'answer', replyTo: { id: original, author: alice.person.id } },
    },
  )
})

test('messages stand in the order in which they reached the relay, on both sides', async (t) => {
  const { alice, bob } = await friends(t)
  await alice.write(bob, 'one')
  await bob.write(alice, 'two')
  await alice.write(bob, 'three')
  await bob.catchUp()
  await alice.catchUp()
  t.same(alice.texts(bob).slice(2), ['one', 'two', 'three'])
  t.same(bob.texts(alice), alice.texts(bob))
})
