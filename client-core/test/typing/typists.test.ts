import { test } from 'tap'
import { blockContact } from '../../src/conversation/block.js'
import { TYPING_MS_MAX } from '../../src/typing/typists.js'
import { quiet, type Desk } from '../support/desk.js'
import { writers } from '../support/writer.js'

/** How many rows there are, by table, but for those that only keep what was opened from being opened again. */
function rowsOf(desk: Desk): Readonly<Record<string, unknown>> {
  const database = desk.person.database()
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'", {
      pluck: true,
    })
    .all([]) as unknown as string[]
  const counts = tables
    .filter((name) => name !== 'opened')
    .map((name) => [
      name,
      database.prepare(`SELECT COUNT(*) FROM "${name}"`, { pluck: true }).get([]),
    ])
  database.close()
  return Object.fromEntries(counts) as Record<string, unknown>
}

test('it is told that somebody writes, and that they write no more, and nothing is stored', async (t) => {
  const { ann, ben, bob, alice } = await writers(t)
  const before = rowsOf(bob)
  await ann.tell(ben)
  await ann.tell(ben, false)
  await ben.hear()
  t.match(ben.told, [
    { type: 'typing.started', conversation: { name: '@alice' }, sender: { id: alice.person.id } },
    { type: 'typing.stopped', sender: { id: alice.person.id, self: false } },
  ])
  t.ok(ben.told.every(({ seq }) => seq === undefined))
  t.same(rowsOf(bob), before)
})

test('it ends by itself, later where it is said again', async (t) => {
  const { ann, ben, clock } = await writers(t)
  await ann.tell(ben)
  await ben.hear()
  clock.advance(10_000)
  await ann.tell(ben)
  await ben.hear()
  clock.advance(10_000)
  t.same(ben.typists, ['typing.started', 'typing.started'])
  clock.advance(TYPING_MS_MAX)
  t.same(ben.typists, ['typing.started', 'typing.started', 'typing.stopped'])
})

test('it ends before what was written is told', async (t) => {
  const { ann, ben, alice, bob } = await writers(t)
  await ann.tell(ben)
  await ben.hear()
  await alice.write(bob, 'this')
  await bob.catchUp()
  t.same(
    ben.told.map(({ type }) => type),
    ['typing.started', 'typing.stopped', 'message.received'],
  )
})

test('one that comes behind the message it began says nothing', async (t) => {
  const { ann, ben, alice, bob, network, clock } = await writers(t)
  network.arrivalMs = clock.nowMs()
  await ann.tell(ben)
  await alice.write(bob, 'overtakes it')
  await bob.catchUp()
  await ben.hear()
  t.same(ben.typists, [])
  t.equal(bob.read.inbox.quarantinedCount(), 0)
})

test('a stranger’s, and one whose contact was blocked or gone, is heard by nobody', async (t) => {
  const { ann, ben, bob, alice, network } = await writers(t)
  await ann.tell(ben)
  const { store } = bob.person.core
  const contact = bob.read.contacts.byAccount(alice.person.id)
  if (contact === undefined) throw new Error('they are friends')
  store.transact((tx) => tx.contacts.save({ ...contact, trust: 'request' }))
  await ben.hear()
  store.transact((tx) => tx.contacts.save({ ...contact, blocked: true }))
  const { body } = await alice.person.seal(bob.person, { kind: 'typing', started: true })
  bob.inbox.passing({ body, arrivalMs: bob.person.core.ports.clock.nowMs() })
  await quiet()
  t.same(ben.typists, [])
  t.equal(network.submissions.length, 0, 'and nothing is answered')
  t.ok(bob.read.outbox.isEmpty())
})

test('whoever is blocked while they write is heard no more', async (t) => {
  const { ann, ben, bob, alice } = await writers(t)
  await ann.tell(ben)
  await ben.hear()
  await blockContact(bob.person.core, `acct:${alice.person.id}`)
  t.same(ben.typists, ['typing.started', 'typing.stopped'])
})

test('who does not tell is not told, from the moment on in which it is switched off', async (t) => {
  const { ann, ben, bob, clock } = await writers(t)
  const { core } = bob.person
  await ann.tell(ben)
  await ben.hear()
  core.store.transact((tx) => tx.account.setTyping(false))
  core.reloadAccount()
  ben.typing.switched()
  t.same(ben.typists, ['typing.started', 'typing.stopped'])
  clock.advance(20_000)
  await ann.tell(ben)
  await ben.hear()
  t.equal(ben.typists.length, 2)
})

test('what the relay handed out long ago says nothing about now', async (t) => {
  const { ben, alice, bob, clock } = await writers(t)
  const { body } = await alice.person.seal(bob.person, { kind: 'typing', started: true })
  bob.inbox.passing({ body, arrivalMs: clock.nowMs() - TYPING_MS_MAX - 1 })
  await quiet()
  t.same(ben.typists, [])
})
