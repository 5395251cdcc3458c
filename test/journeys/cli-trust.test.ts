import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  isolatedEnvironment,
  makePerson,
  schemaFaults,
  SOTTO,
  startRelay,
  succeed,
  tempDir,
  type Outcome,
  type Person,
} from '../harness/index.js'
import { beginPair } from './support/pair.js'
import { openTerminal } from './support/terminal.js'

interface Shown {
  readonly verify: { readonly safetyNumber: string; readonly qr: string }
}
interface Detail {
  readonly contact: { readonly id: string; readonly conversation: { readonly id: string } }
}

async function numberOf(person: Person, to: string): Promise<string> {
  const shown = await succeed(person.run(['verify', 'show', to, '--json']))
  return shown.json<Shown>().verify.safetyNumber
}

async function detailOf(person: Person, to: string): Promise<Detail['contact']> {
  return (await succeed(person.run(['contact', 'show', to, '--json']))).json<Detail>().contact
}

function onTerminal(t: Test, { home }: Pick<Person, 'home'>, args: readonly string[]) {
  const env = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm', NO_COLOR: '1' })
  return openTerminal(t, { program: SOTTO, args, env })
}

/** Alice and Bob have written to each other. */
async function beginFriends(t: Test) {
  const pair = await beginPair(t)
  await succeed(pair.alice.run(['send', pair.bob.handle, 'hello']))
  await succeed(pair.bob.run(['receive']))
  await succeed(pair.bob.run(['send', pair.alice.handle, 'hi']))
  await succeed(pair.alice.run(['receive']))
  return pair
}

test('a contact is shown with what is stored, to programs and to people', async (t) => {
  const { alice, bob } = await beginFriends(t)

  const shown = await succeed(alice.run(['contact', 'show', bob.handle, '--json']))
  const forPeople = await succeed(alice.run(['contact', 'show', bob.handle]))
  const unknown = await alice.run(['contact', 'show', '@nobody.99', '--json'])

  t.match(shown.json<object>(), {
    contact: {
      ...{ handle: '@bob.42', trust: 'known', blocked: false, status: null },
      messages: { sent: 1, received: 1, held: 0, dropped: 0 },
    },
  })
  t.same(schemaFaults('contact', shown.stdout), [])
  t.match(forPeople.stdout, /^@bob\.42 {2}known\n[^]* {2}conversation {2}c_[^]*1 sent, 1 received/)
  t.match(unknown.error(), { code: 'recipient/unknown', exit: 67 })
})

test('a local name is given, is nobody else’s, and is taken away', async (t) => {
  const { dir, relay, alice, bob } = await beginPair(t)
  const carol = await makePerson(relay, dir, 'carol')
  await succeed(alice.run(['contact', 'add', carol.handle]))
  const rename = (...args: string[]): Promise<Outcome> =>
    alice.run(['contact', 'rename', ...args, '--json'])

  const named = await succeed(rename(bob.handle, 'bobby'))
  const taken = await rename(carol.handle, 'bobby')
  const dotted = await rename(carol.handle, 'carol.x')
  const neither = await rename(carol.handle)
  const unknown = await rename('@nobody.99', 'nobody')
  const unnamed = await succeed(rename('@bobby', '--none'))

  t.match(named.json<object>(), { contact: { alias: '@bobby' } })
  t.same(schemaFaults('contact', named.stdout + unnamed.stdout), [])
  t.match(taken.error(), { code: 'content/invalid', exit: 65 })
  t.match(dotted.error(), { code: 'usage/invalid', exit: 64 })
  t.match(neither.error(), { code: 'usage/invalid', exit: 64 })
  t.match(unknown.error(), { code: 'recipient/unknown', exit: 67 })
  t.match(unnamed.json<object>(), { contact: { alias: null } })
})

test('a contact who is removed is forgotten, what was said stays, and what they write is a request', async (t) => {
  const { alice, bob } = await beginFriends(t)
  const { id, conversation } = await detailOf(alice, bob.handle)

  const unasked = await alice.run(['contact', 'remove', bob.handle, '--json'])
  const removed = await succeed(alice.run(['contact', 'remove', bob.handle, '--yes', '--json']))
  const again = await alice.run(['contact', 'remove', bob.handle, '--yes', '--json'])
  const listed = await succeed(alice.run(['contact', 'list']))
  const byAccount = await succeed(alice.run(['history', `acct:${id}`]))
  const byConversation = await succeed(alice.run(['history', `id:${conversation.id}`]))
  await succeed(bob.run(['send', alice.handle, 'still there?']))
  const received = await succeed(alice.run(['receive', '--json']))

  t.match(unasked.error(), { code: 'usage/invalid', exit: 64 })
  t.same(schemaFaults('contact', removed.stdout), [])
  t.match(again.error(), { code: 'recipient/unknown', exit: 67 })
  t.equal(listed.stdout, '')
  t.match(byAccount.stdout, /hello\n[^]*hi\n/)
  t.equal(byConversation.stdout, byAccount.stdout)
  t.match(received.jsonLines<object>().at(-1), {
    type: 'contact.request',
    message: { text: 'still there?' },
  })
})

test('on a terminal removing asks first', async (t) => {
  const { alice, bob } = await beginPair(t)
  const args = ['contact', 'remove', bob.handle]
  const terminal = onTerminal(t, alice, args)
  await terminal.shows(/Forget @bob\.42\? \[y\/N\]/)
  terminal.type('y\r')

  t.equal(await terminal.ended, 0)
  t.equal((await alice.run(['contact', 'list'])).stdout, '')
})

test('who is blocked is not heard, and hears nothing of it', async (t) => {
  const { alice, bob } = await beginFriends(t)

  const blocked = await succeed(alice.run(['contact', 'block', bob.handle, '--json']))
  const sent = await bob.run(['send', alice.handle, 'can you hear me?', '--json'])
  const received = await succeed(alice.run(['receive', '--json']))
  const refused = await alice.run(['send', bob.handle, 'no', '--json'])
  const listed = await succeed(alice.run(['contact', 'list', '--json']))
  const answered = await succeed(bob.run(['receive', '--json', '--type', 'message.status']))

  t.match(blocked.json<object>(), { contact: { blocked: true } })
  t.same(schemaFaults('contact', blocked.stdout + listed.stdout), [])
  t.match(sent, { code: 0 })
  t.notMatch(received.stdout, /can you hear me|undecryptable/)
  t.match(refused.error(), { code: 'contact/blocked', exit: 77 })
  t.match(listed.json<object>(), { contact: { blocked: true } })
  const { id } = sent.json<{ id: string }>()
  const statuses = answered.jsonLines<{ message: { id: string; status: string } }>()
  t.same(
    statuses.filter(({ message }) => message.id === id).map(({ message }) => message.status),
    ['accepted'],
  )
})

test('who is unblocked is heard again', async (t) => {
  const { alice, bob } = await beginFriends(t)
  await succeed(alice.run(['contact', 'block', bob.handle]))

  const unblocked = await succeed(alice.run(['contact', 'unblock', bob.handle, '--json']))
  await succeed(bob.run(['send', alice.handle, 'back again']))
  const received = await succeed(alice.run(['receive', '--json', '--type', 'message.received']))

  t.match(unblocked.json<object>(), { contact: { blocked: false } })
  t.match(received.jsonLines<object>().at(-1), { message: { text: 'back again' } })
  t.match((await alice.run(['contact', 'unblock', '@nobody.99', '--json'])).error(), { exit: 67 })
  t.match((await alice.run(['contact', 'block', '@nobody.99', '--json'])).error(), { exit: 67 })
})

test('what waits for somebody who is blocked is not sent, and says so', async (t) => {
  const { relay, alice, bob } = await beginFriends(t)
  await relay.stop()
  await alice.run(['send', bob.handle, 'never mind', '--wait', 'queued'])

  const blocked = await succeed(alice.run(['contact', 'block', bob.handle]))
  const events = await alice.run(['receive', '--json', '--type', 'message.status'])

  t.match(blocked.stderr, /when the relay can be reached/)
  t.match(events.jsonLines<object>().at(-1), {
    message: { status: 'failed' },
    error: { code: 'contact/blocked', exit: 77 },
  })
})

test('a request is blocked by the name it claims', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const eve = await makePerson(relay, dir, 'eve')
  await succeed(eve.run(['send', alice.handle, 'buy now']))
  await succeed(alice.run(['receive']))

  await succeed(alice.run(['contact', 'block', eve.handle]))
  await succeed(eve.run(['send', alice.handle, 'buy now!!']))
  const received = await succeed(alice.run(['receive', '--json', '--requests']))

  t.notMatch(received.stdout, /buy now!!/)
  t.match((await alice.run(['contact', 'accept', eve.handle, '--json'])).error(), { exit: 77 })
})

test('numbers that were compared make a contact verified, until it is taken back', async (t) => {
  const { alice, bob } = await beginFriends(t)
  const number = await numberOf(bob, alice.handle)
  const spaced = number.replaceAll(/(\d{5})/g, '$1 ')

  const confirmed = await succeed(
    alice.run(['verify', 'confirm', bob.handle, '--number', spaced, '--json']),
  )
  await succeed(bob.run(['send', alice.handle, 'verified, then']))
  const received = await succeed(alice.run(['receive', '--json']))
  const reset = await succeed(alice.run(['verify', 'reset', bob.handle, '--json']))
  const log = await succeed(alice.run(['verify', 'log', bob.handle, '--json']))
  const forPeople = await succeed(alice.run(['verify', 'log']))

  t.match(confirmed.json<object>(), { contact: { trust: 'verified' } })
  t.match(
    received.jsonLines<{ type: string }>().find(({ type }) => type === 'contact.changed'),
    { contact: { trust: 'verified' } },
  )
  t.match(received.jsonLines<object>().at(-1), { sender: { trust: 'verified' } })
  t.match(reset.json<object>(), { contact: { trust: 'known' } })
  t.match(log.jsonLines<object>(), [
    { identity: { event: 'met', name: '@bob.42' } },
    { identity: { event: 'verified' } },
    { identity: { event: 'reset' } },
  ])
  t.same(schemaFaults('contact', confirmed.stdout + reset.stdout), [])
  t.same(schemaFaults('identity', log.stdout), [])
  t.match(forPeople.stdout, /@bob\.42 {2}no longer verified/)
})

test('a number that is another, or none, confirms nothing', async (t) => {
  const { alice, bob } = await beginPair(t)
  const confirm = (...args: string[]): Promise<Outcome> =>
    alice.run(['verify', 'confirm', bob.handle, ...args, '--json'])

  t.match((await confirm('--number', '1'.repeat(60))).error(), {
    ...{ code: 'identity/mismatch', exit: 1 },
  })
  t.match((await confirm('--number', '12345')).error(), { code: 'usage/invalid', exit: 64 })
  t.match((await confirm()).error(), { code: 'usage/invalid', exit: 64 })
  t.match((await confirm('--qr', 'nowhere.json')).error(), { code: 'file/unknown', exit: 66 })
  t.match((await confirm('--qr', '.')).error(), { code: 'file/unknown', exit: 66 })
  // The other end of `ssh bob sotto verify qr … | sotto verify confirm …` was not reached.
  t.match((await confirm('--qr', '-')).error(), { code: 'content/invalid', exit: 65 })
  t.match((await alice.run(['verify', 'log', '@nobody.99', '--json'])).error(), { exit: 67 })
  t.match(await detailOf(alice, bob.handle), { trust: 'known' })
})

test('what one prints for a camera the other takes from a file', async (t) => {
  const { dir, alice, bob } = await beginPair(t)
  const printed = await succeed(bob.run(['verify', 'qr', alice.handle, '--json']))
  const own = await succeed(alice.run(['verify', 'qr', bob.handle, '--json']))
  const file = join(dir, 'qr.json')
  writeFileSync(file, printed.stdout)

  const wrong = await alice.run(['verify', 'confirm', bob.handle, '--qr', '-', '--json'], {
    input: own.stdout,
  })
  const confirmed = await alice.run(['verify', 'confirm', bob.handle, '--qr', file, '--json'])

  t.same(schemaFaults('verify', printed.stdout), [])
  t.match(wrong.error(), { code: 'identity/mismatch', exit: 1 })
  t.match(confirmed.json<object>(), { contact: { trust: 'verified' } })
})

test('the QR code fits into 80 columns, with its quiet zone and the digits below', async (t) => {
  const { alice, bob } = await beginPair(t)
  const { stdout } = await succeed(alice.run(['verify', 'qr', bob.handle]))
  const lines = stdout.trimEnd().split('\n')
  const code = lines.filter((line) => /[█▀▄]/.test(line))

  t.equal(code[0], '█'.repeat(code[0]?.length ?? 0))
  t.ok(code.length > 20)
  t.ok(lines.every((line) => line.length <= 80))
  t.equal(lines.slice(-3).join('').replaceAll(/\s/g, ''), await numberOf(alice, bob.handle))
})

test('on a terminal the number is shown and asked for', async (t) => {
  const { alice, bob } = await beginPair(t)
  const args = ['verify', 'confirm', bob.handle]
  const no = onTerminal(t, alice, args)
  await no.shows(/same number\? \[y\/N\]/)
  no.type('n\r')
  t.equal(await no.ended, 1)

  const yes = onTerminal(t, alice, args)
  await yes.shows(/(\d{5} ?){4}[^]*same number\? \[y\/N\]/)
  yes.type('y\r')
  t.equal(await yes.ended, 0)
  t.match(await detailOf(alice, bob.handle), { trust: 'verified' })
})

test('without a change trusting does nothing, and there is nobody to trust who is not known', async (t) => {
  const { alice, bob } = await beginPair(t)
  const trusted = await succeed(alice.run(['contact', 'trust', bob.handle, '--json']))
  t.match(trusted.json<object>(), { contact: { handle: '@bob.42', trust: 'known' } })
  t.same(schemaFaults('contact', trusted.stdout), [])
  t.match((await alice.run(['contact', 'trust', '@nobody.99', '--json'])).error(), { exit: 67 })
})

test('a username names its own relay as well, and another one is not known yet', async (t) => {
  const { relay, alice, bob } = await beginPair(t)
  const { host } = new URL(relay.url)
  t.match(await alice.run(['send', `${bob.handle}@${host}`, 'hello']), { code: 0 })
  t.match((await alice.run(['send', `${bob.handle}@relay.example`, 'x', '--json'])).error(), {
    ...{ code: 'usage/invalid', exit: 64 },
  })
})
