import { NotFoundError, UnavailableError, type MessageId } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { blockContact } from '../../src/conversation/block.js'
import { nodePorts } from '../../src/node-ports.js'
import { introduce } from '../../src/outbox/compose.js'
import { send, type SendRequest } from '../../src/outbox/send.js'
import { Turns } from '../../src/outbox/turns.js'
import { befriend, friends, strangers, until, Desk } from '../support/desk.js'
import { refuseWith } from '../support/network.js'

const unreachable = refuseWith(new UnavailableError('relay/unreachable', 'cannot reach the relay'))

const TURNS = new WeakMap<Desk, Turns>()

function turnsOf(desk: Desk): Turns {
  const turns = TURNS.get(desk) ?? new Turns()
  TURNS.set(desk, turns)
  return turns
}

/** `send` as the client calls it. */
function sendFrom(
  desk: Desk,
  request: SendRequest,
  options: Omit<SendRequest, 'to' | 'text'> = {},
  parts: {
    readonly reach?: () => Promise<void>
    readonly approach?: () => Promise<void>
    readonly isAccepted?: (message: MessageId) => boolean
  } = {},
) {
  const { worker, changed, network } = desk
  const { reach = () => Promise.resolve(), isAccepted = () => false } = parts
  const { approach = network.door.approach } = parts
  const door = { ...network.door, reach, approach }
  const connection = { start: () => undefined, storedCertificate: () => desk.person.certificate }
  const check = () => undefined
  const { core } = desk.person
  const ports = { worker, changed, check, turns: turnsOf(desk), isAccepted }
  const open = { core, ...ports, anonymous: door, connection }
  return send(open, { ...request, ...options })
}

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

/** Alice, connected for Bob, and what happens while she seals for him. */
async function connected(t: Test) {
  let whileSealing: () => void = () => undefined
  const { bytes, fraction } = nodePorts({}).random
  const random = {
    fraction,
    bytes: (length: number) => {
      if (length === 32) whileSealing() // The secret of an envelope.
      return bytes(length)
    },
  }
  const office = await friends(t, { ports: { random } })
  office.network.open.add(office.bob.person.id)
  const once = (work: () => void): void => {
    whileSealing = () => {
      whileSealing = () => undefined
      work()
    }
  }
  return { ...office, whileSealing: once }
}

/** What the next process finds for the message at the head of the outbox. */
function foundBy(desk: Desk, peer: Desk) {
  const row = desk.read.outbox.oldestOf(peer.person.id)
  const envelopes = row === undefined ? 0 : desk.read.outbox.envelopes(row.row).length
  return { state: row?.state, envelopes, texts: desk.texts(peer) }
}

test('a text that can leave at once is written down and sealed in one commit', async (t) => {
  const { alice, bob, network, whileSealing } = await connected(t)
  const survivors: Desk[] = []
  const survive = (): void => void survivors.push(new Desk(alice.person.afterCrash(t), network))
  whileSealing(survive)
  alice.person.crashpoint = (mark) => {
    if (mark === 'send.sealed') survive()
  }
  await sendFrom(alice, { to: ['@bob.42'], text: 'once' })
  const [before, after] = survivors

  t.equal(survivors.length, 2, 'sealed once')
  t.match(before && foundBy(before, bob), { state: undefined, texts: ['hello', 'hi'] })
  t.match(after && foundBy(after, bob), { state: 'sealed', envelopes: 1 })
  await after?.send()
  await bob.catchUp()
  t.equal(bob.texts(alice)[2], 'once', 'the same bytes are submitted twice and arrive once')
  t.equal(network.submissions.length, 2)
})

test('a text that cannot leave at once is on disk before it is sealed', async (t) => {
  const { alice, bob, network, whileSealing } = await connected(t)
  network.open.clear()
  const found: unknown[] = []
  whileSealing(() => found.push(foundBy(alice, bob)))
  await sendFrom(alice, { to: ['@bob.42'], text: 'waits' })
  t.match(found, [{ state: 'queued', envelopes: 0, texts: ['hello', 'hi', 'waits'] }])
})

test('what is queued while a text is sealed goes before it, and both are opened', async (t) => {
  const { alice, bob, whileSealing } = await connected(t)
  whileSealing(() => void alice.compose(bob, 'first'))
  await sendFrom(alice, { to: ['@bob.42'], text: 'second' })
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'first', 'second'])
  t.notOk(bob.eventTypes().includes('message.undecryptable'))
})

test('the same key sent twice at the same time is one message, also where it is sealed at once', async (t) => {
  const { alice, bob, network } = await connected(t)
  const request = { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' }
  await Promise.all([sendFrom(alice, request), sendFrom(alice, request)])
  await sendFrom(alice, { to: ['@bob.42'], text: 'next' })
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'deployed', 'next'])
  t.equal(network.submissions.length, 2)
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

test('the same key and content answer with the message sent before', async (t) => {
  const { alice, bob, network } = await friends(t)
  const request = { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' }
  const first = await sendFrom(alice, request)
  const second = await sendFrom(alice, request)
  t.equal(second.result.id, first.result.id)
  t.equal(network.submissions.length, 1)
  await bob.catchUp()
  t.equal(bob.texts(alice).length, 3)
})

test('the same key with another content is refused, and nothing is sent', async (t) => {
  const { alice, network } = await friends(t)
  await sendFrom(alice, { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' })
  const other = sendFrom(alice, { to: ['@bob.42'], text: 'rolled back', id: 'deploy-1' })
  await t.rejects(other, { code: 'send-id/reused', exitCode: 65 })
  t.equal(network.submissions.length, 1)
})

test('two calls at once with one key send one message', async (t) => {
  const { alice, network, bob } = strangers(t)
  network.join(bob.person)
  const request = { to: ['@bob.42'], text: 'deployed', id: 'deploy-1' }
  const [one, other] = await Promise.all([sendFrom(alice, request), sendFrom(alice, request)])
  t.equal(one.result.id, other.result.id)
  await bob.catchUp()
  await bob.accept(alice)
  t.same(bob.texts(alice), ['deployed'])
})

test('one person under two names is written to once, and once only when it is tried again', async (t) => {
  const { alice, bob } = await friends(t)
  const to = ['@bob.42', `acct:${bob.person.id}`]
  await sendFrom(alice, { to, text: 'once', id: 'deploy-1' })
  await sendFrom(alice, { to, text: 'once', id: 'deploy-1' })
  await bob.catchUp()
  t.same(bob.texts(alice), ['hello', 'hi', 'once'])
})

test('tried again with one key, only those are written to who were not', async (t) => {
  const office = await friends(t)
  const { alice, bob, network } = office
  const request = { to: ['@bob.42', '@carol.42'], text: 'all hands', id: 'k' }
  const first = await sendFrom(alice, request)
  t.equal(first.exitCode, 81)
  t.match(first.result.results, [
    { recipient: '@bob.42', status: 'accepted' },
    { recipient: '@carol.42', status: 'failed', error: { code: 'recipient/unknown' } },
  ])
  const carol = office.hire('carol')
  const second = await sendFrom(alice, request)
  t.equal(second.exitCode, 0)
  t.equal(network.mailbox(carol.person.id).length, 1)
  await bob.catchUp()
  t.same(bob.texts(alice).slice(2), ['all hands'])
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
