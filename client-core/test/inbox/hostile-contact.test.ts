import {
  encodeContent,
  makeMessageId,
  type AccountId,
  type Content,
  type MessageId,
  type Profile,
} from '@sotto/protocol'
import { test } from 'tap'
import { readContacts, readHistory } from '../../src/conversation/reading.js'
import { befriend, friends, strangers, type Desk } from '../support/desk.js'
import { NOW_MS } from '../support/world.js'

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
const ID = makeMessageId({ nowMs: NOW_MS, random: new Uint8Array(10).fill(7) })

function text(
  body: string,
  more: Partial<{ message: MessageId; author: AccountId }> = {},
): Content {
  const { message = ID, author } = more
  const replyTo = author === undefined ? undefined : { author, message }
  return { kind: 'text', text: { message, body, replyTo, silent: false } }
}

function profileOf(desk: Desk, profile: Partial<Profile>): Content {
  const { accessKey, route } = desk.person.core.account
  if (route === null) throw new Error('everybody here is registered')
  const own = { version: 1, accessKey, username: '', name: '', status: '', route }
  return { kind: 'profile', profile: { ...own, ...profile } }
}

async function say(from: Desk, to: Desk, content: Content): Promise<void> {
  const { body } = await from.person.seal(to.person, content)
  to.network.put(to.person.id, body)
  await to.catchUp()
}

test('nothing that a contact can say stops the client, or what it lists', async (t) => {
  const { alice: mallory, bob } = await friends(t)
  const first = '00000000000000000000000000' as const
  const contents: readonly Content[] = [
    text(''),
    text('\0 nul \u001b[2J\u202e \ud83d\ude00', { message: `m_${first}` as MessageId }),
    text('"*" OR NEAR( -: '.repeat(900), { message: `m_7${'Z'.repeat(25)}` as MessageId }),
    text('who said that?', { author: bob.person.id, message: `m_1${first.slice(1)}` as MessageId }),
    profileOf(mallory, {
      version: 0xffffffff,
      username: '__proto__',
      name: '\0',
      status: '\u001b',
    }),
    profileOf(mallory, { version: 0xffffffff, username: '💥.00', name: ' '.repeat(128) }),
    profileOf(mallory, { version: 2, username: 'bob.42' }),
    { kind: 'receipt', type: 'read', messages: Array.from({ length: 1000 }, () => ID) },
    { kind: 'decryption-error', message: new Uint8Array(0), digest: new Uint8Array(32) },
    {
      kind: 'decryption-error',
      message: new Uint8Array(900).fill(255),
      digest: new Uint8Array(32),
    },
  ]
  for (const content of contents) await say(mallory, bob, content)
  t.same(bob.faults, [])
  t.equal(bob.read.inbox.quarantinedCount(), 0)
  const { core } = bob.person
  t.equal(readHistory(core, `acct:${mallory.person.id}`, { limit: 100 }).length, 6)
  t.equal(readContacts(core).length, 1)
  t.ok(bob.events().length > 6)
  t.same(core.store.read.contacts.byAccount(mallory.person.id)?.profileVersion, 0xffffffff)
})

test('a message from the end of time is shown with a time that can be written', async (t) => {
  const { alice: mallory, bob } = await friends(t)
  const { manifest } = mallory.person.core.own
  const plaintext = encodeContent({
    content: text('from the future'),
    sentAtMs: 8.64e15,
    manifestVersion: manifest.parsed.version,
    manifestHash: manifest.hash,
    manifest: undefined,
  })
  const { body } = await mallory.person.sealPlaintext(bob.person, plaintext)
  bob.network.put(bob.person.id, body)
  await bob.catchUp()
  const [last] = readHistory(bob.person.core, `acct:${mallory.person.id}`, { limit: 1 })
  t.equal(last?.message.text, 'from the future')
  t.match(last?.message.sentAt, RFC_3339)
})

test('what a contact says of itself changes nothing about another contact', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const mallory = office.hire('mallory')
  await befriend(office, mallory, bob)
  const before = bob.read.contacts.byAccount(alice.person.id)
  const { route, accessKey } = alice.person.core.account
  if (route === null) throw new Error('alice is registered')
  await say(
    mallory,
    bob,
    profileOf(mallory, { version: 9, username: 'alice.42', route, accessKey }),
  )
  t.same(bob.read.contacts.byAccount(alice.person.id), before)
  t.equal(bob.person.core.views.nameOf(mallory.person.id), `acct:${mallory.person.id}`)
})

test('an id copied from somebody else’s message names a message of its own', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const mallory = office.hire('mallory')
  await befriend(office, mallory, bob)
  const message = await bob.write(mallory, 'only for you')
  await say(mallory, bob, text('copied', { message }))
  await say(mallory, bob, { kind: 'receipt', type: 'read', messages: [message] })
  t.equal(bob.read.messages.get(bob.person.id, message)?.body, 'only for you')
  t.ok(bob.texts(mallory).includes('copied'))
  t.equal(bob.status(message), 'read')
  const toAlice = await bob.write(alice, 'for alice')
  await say(mallory, bob, { kind: 'receipt', type: 'read', messages: [toAlice] })
  t.equal(bob.status(toAlice), 'accepted')
  t.same(bob.read.messages.receiptsOf(toAlice), [])
})

test('what a stranger says first, unless it is a text, leaves nothing to be seen or sent', async (t) => {
  const { alice: mallory, bob } = strangers(t)
  await mallory.person.meet(bob.person)
  const digest = new Uint8Array(32)
  await say(mallory, bob, { kind: 'receipt', type: 'read', messages: [ID] })
  await say(mallory, bob, profileOf(mallory, { username: 'bob.42', name: 'Bob' }))
  await say(mallory, bob, { kind: 'decryption-error', message: new Uint8Array(8), digest })
  t.same(bob.faults, [])
  t.same(bob.read.contacts.all(), [])
  t.same(bob.events(), [])
  t.ok(bob.read.outbox.isEmpty())
  t.equal(bob.read.outbox.nextReceiptMs(), undefined)
})

test('a relay that begins a new epoch with every connection shows and answers nothing twice', async (t) => {
  const { alice, bob, clock } = await friends(t)
  await alice.write(bob, 'once')
  await bob.catchUp()
  clock.advance(60_000)
  await bob.send()
  const letters = bob.network.mailbox(bob.person.id)
  const events = bob.events().length
  for (const epoch of [7, 3, 8]) {
    bob.epoch = epoch
    await bob.deliver(letters)
  }
  t.same(bob.faults, [])
  t.equal(bob.events().length, events)
  t.equal(bob.texts(alice).filter((body) => body === 'once').length, 1)
  t.equal(bob.read.inbox.quarantinedCount(), 0)
  t.ok(bob.read.outbox.isEmpty())
  t.equal(bob.read.outbox.nextReceiptMs(), undefined)
})

test('a message that takes the id of one of ours is kept beside it, and both can be found', async (t) => {
  const { alice: mallory, bob } = await friends(t)
  const ours = await bob.write(mallory, 'what I wrote')
  for (let times = 0; times < 2; times++)
    await say(mallory, bob, text('what you wrote?', { message: ours }))

  const { core } = bob.person
  const idsOf = (page: { before?: string; after?: string }) =>
    readHistory(core, `acct:${mallory.person.id}`, page).map(({ message }) => message.id)
  const all = idsOf({})
  t.ok(all.includes(ours))
  t.equal(new Set(all).size, 4, 'two greetings, and these two once each')
  for (const [at, id] of all.entries()) {
    t.same(idsOf({ before: id }), all.slice(0, at))
    t.same(idsOf({ after: id }), all.slice(at + 1))
  }
})
