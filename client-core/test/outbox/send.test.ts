import { UnavailableError, type MessageId } from '@sotto/protocol'
import { test } from 'tap'
import { friends, strangers, until, Desk } from '../support/desk.js'
import { refuseWith } from '../support/network.js'
import { sendFrom } from '../support/send-from.js'

const unreachable = refuseWith(new UnavailableError('relay/unreachable', 'cannot reach the relay'))

test('a text is accepted, and says in which conversation', async (t) => {
  const { alice, bob } = await friends(t)
  const { result, exitCode } = await sendFrom(alice, { to: ['@bob.42'], text: 'hi' })
  t.equal(exitCode, 0)
  t.match(result, { status: 'accepted', conversation: { kind: 'direct', name: '@bob.42' } })
  await bob.catchUp()
  t.equal(bob.texts(alice).at(-1), 'hi')
})

test('sends made at once are written down in one commit and in order; dead before it, none has happened', async (t) => {
  const { alice, bob, network } = await friends(t)
  const { store } = alice.person.core
  const commits: number[] = []
  store.onJournal((seqs) => commits.push(seqs.length))
  const texts = ['one', 'two', 'three']
  const before = alice.person.afterCrash(t)
  const sends = texts.map((text) => sendFrom(alice, { to: ['@bob.42'], text, wait: 'queued' }))
  await until(() => commits.length > 0)
  const after = alice.person.afterCrash(t)
  t.equal(commits[0], 3)
  t.ok(new Desk(before, network).read.outbox.isEmpty())
  const survivor = new Desk(after, network)
  t.same(survivor.texts(bob).slice(-3), texts)
  await Promise.all(sends)
})

test('who asks over the socket is answered when the relay has it, before the store says so', async (t) => {
  const { alice, bob, network } = await friends(t)
  const isAccepted = (message: MessageId) => alice.worker.isAccepted(message)
  const sent = await sendFrom(alice, { to: ['@bob.42'], text: 'once' }, {}, { isAccepted })
  const unrecorded = alice.conversation(bob).at(-1)?.status
  const survivor = new Desk(alice.person.afterCrash(t), network)
  alice.worker.recordAccepted()

  t.match(sent.result, { status: 'accepted' })
  t.equal(unrecorded, 'queued')
  t.equal(alice.conversation(bob).at(-1)?.status, 'accepted')
  t.ok(alice.read.outbox.isEmpty())
  await survivor.send()
  t.equal(survivor.conversation(bob).at(-1)?.status, 'accepted')
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'once'], 'submitted twice, it arrives once')
})

test('the relay is approached before a text is written down, and asked for nothing', async (t) => {
  const { alice, bob, network } = await friends(t)
  const approached: unknown[] = []
  network.onApproach = (account) => {
    const isNothingQueued = alice.read.outbox.isEmpty()
    approached.push({ account, isNothingQueued, submissions: network.submissions.length })
  }
  await sendFrom(alice, { to: ['@bob.42'], text: 'hi' })
  t.same(approached, [{ account: bob.person.id, isNothingQueued: true, submissions: 0 }])
})

test('while the relay is out of reach a text is queued: 79, do not retry', async (t) => {
  const { alice, network } = await friends(t)
  network.next(unreachable)
  const { result, exitCode } = await sendFrom(alice, { to: ['@bob.42'], text: 'hi' })
  t.equal(exitCode, 79)
  t.match(result, { status: 'queued', results: [{ error: { code: 'relay/unreachable' } }] })
})

test('without queueing, nothing is kept where the relay cannot be reached', async (t) => {
  const { alice } = await friends(t)
  const gone = () => Promise.reject(new UnavailableError('relay/unreachable', 'gone'))
  const sending = sendFrom(
    alice,
    { to: ['@bob.42'], text: 'hi' },
    { queue: false },
    { reach: gone },
  )
  await t.rejects(sending, { code: 'relay/unreachable', exitCode: 69 })
  t.ok(alice.read.outbox.isEmpty())
})

test('delivered is waited for until the receipt is there', async (t) => {
  const { alice, bob, clock, network } = await friends(t)
  const sending = sendFrom(alice, { to: ['@bob.42'], text: 'hi' }, { wait: 'delivered' })
  await until(() => network.submissions.length === 1 && alice.read.outbox.isEmpty())
  await bob.catchUp()
  clock.advance(11_000)
  await bob.send()
  await alice.catchUp()
  alice.changed.fire()
  const { result, exitCode } = await sending
  t.equal(exitCode, 0)
  t.equal(result.status, 'delivered')
})

test('accepted but not seen in time is 85', async (t) => {
  const { alice, clock, network } = await friends(t)
  const options = { wait: 'read', timeoutMs: 5_000 } as const
  const sending = sendFrom(alice, { to: ['@bob.42'], text: 'hi' }, options)
  await until(() => network.submissions.length === 1 && alice.read.outbox.isEmpty())
  clock.advance(5_000)
  t.match(await sending, { exitCode: 85, result: { status: 'accepted' } })
})

test('a note to oneself is accepted as soon as it is written, and goes nowhere', async (t) => {
  const { alice, network } = await friends(t)
  const { result, exitCode } = await sendFrom(alice, { to: ['me'], text: 'milk' })
  t.equal(exitCode, 0)
  t.match(result, { status: 'accepted', conversation: { kind: 'self', name: 'me' } })
  t.equal(network.submissions.length, 0)
})

test('a text that is empty, too long or no Unicode is refused before anybody is looked up', async (t) => {
  const { alice } = strangers(t)
  const sendText = (text: string) => sendFrom(alice, { to: ['@bob.42'], text })
  await t.rejects(sendText(''), { code: 'content/invalid', exitCode: 65 })
  await t.rejects(sendText('\ud800'), { code: 'content/invalid' })
  await t.rejects(sendText('€'.repeat(20 * 1024 + 1)), { code: 'content/too-large' })
  t.ok(alice.read.outbox.isEmpty())
})
