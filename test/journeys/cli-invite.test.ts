import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  filesBelow,
  findInText,
  findMarkers,
  isolatedEnvironment,
  makePerson,
  SOTTO,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { openTerminal } from './support/terminal.js'

interface InviteLine {
  readonly invite: {
    readonly id: string
    readonly link: string
    readonly state: string
    readonly usesLeft: number | null
    readonly expiresAt: string | null
  }
}

async function begin(t: Test) {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const bob = await makePerson(relay, dir, 'bob')
  return { dir, relay, alice, bob }
}

async function createInvite(person: Person, ...flags: string[]): Promise<InviteLine['invite']> {
  const created = await succeed(person.run(['invite', 'create', '--json', ...flags]))
  return created.json<InviteLine>().invite
}

test('who writes by an invite is a contact at once, on both sides', async (t) => {
  const { alice, bob } = await begin(t)
  const invite = await createInvite(alice)

  const added = await bob.run(['contact', 'add', invite.link, '--as', 'alice', '--json'])
  const before = await succeed(alice.run(['receive', '--json']))
  await succeed(bob.run(['send', '@alice', 'you invited me']))
  const received = await succeed(alice.run(['receive', '--json']))
  const answered = await succeed(alice.run(['send', bob.handle, 'welcome', '--json']))
  await succeed(bob.run(['receive']))
  const listed = await succeed(alice.run(['invite', 'list', '--json']))

  t.equal(added.code, 0, added.stderr)
  t.match(added.json(), { contact: { alias: '@alice', trust: 'known' } })
  t.equal(before.stdout, '', 'an invite that was used writes to nobody')
  t.match(received.jsonLines(), [
    { type: 'contact.changed', contact: { trust: 'known' } },
    { type: 'message.received', message: { text: 'you invited me' }, sender: { trust: 'known' } },
  ])
  t.match(answered.json(), { status: 'accepted' })
  t.match(listed.jsonLines(), [
    { invite: { id: invite.id, state: 'used', usesLeft: 0, link: null } },
  ])
})

test('invite accept is contact add, and a link is a recipient like any other', async (t) => {
  const { dir, relay, alice, bob } = await begin(t)
  const carol = await makePerson(relay, dir, 'carol')
  const invite = await createInvite(alice, '--uses', 'any', '--expires', 'never')

  const accepted = await succeed(bob.run(['invite', 'accept', invite.link, '--json']))
  const sent = await carol.run(['send', invite.link, 'straight by the link', '--json'])
  const received = await succeed(alice.run(['receive', '--type', 'message.received', '--json']))

  t.match(accepted.json(), { contact: { trust: 'known' } })
  t.equal(sent.code, 0, sent.stderr)
  t.match(received.jsonLines(), [{ message: { text: 'straight by the link' } }])
  t.match(invite, { state: 'live', usesLeft: null, expiresAt: null })
})

test('an account without a username is found by its invite', async (t) => {
  const { alice, bob } = await begin(t)
  await succeed(alice.run(['account', 'edit', '--no-username']))
  const invite = await createInvite(alice)

  await succeed(bob.run(['send', invite.link, 'found you']))
  const received = await succeed(alice.run(['receive', '--type', 'message.received', '--json']))

  t.match(received.jsonLines(), [{ message: { text: 'found you' } }])
})

test('a revoked invite makes whoever uses it ask, like any stranger', async (t) => {
  const { alice, bob } = await begin(t)
  const invite = await createInvite(alice)

  const revoked = await alice.run(['invite', 'revoke', invite.id, '--json'])
  await succeed(bob.run(['send', invite.link, 'too late']))
  const received = await succeed(alice.run(['receive', '--json']))

  t.equal(revoked.code, 0, revoked.stderr)
  t.match(revoked.json<InviteLine>(), { invite: { state: 'revoked', link: null } })
  t.match(received.jsonLines(), [{ type: 'contact.request', message: { text: 'too late' } }])
})

test('without invites the list is empty, and there is none to revoke', async (t) => {
  const dir = tempDir(t)
  const alice = await makePerson(await startRelay(t, { dir }), dir, 'alice')

  const listed = await alice.run(['invite', 'list', '--json'])
  const revoked = await alice.run(['invite', 'revoke', 'i_0123456789', '--json'])

  t.same([listed.code, listed.stdout], [0, ''])
  t.match(revoked.error(), { code: 'invite/unknown', exit: 67 })
})

test('an invite that cannot be used says why, and keeps nobody', async (t) => {
  const { dir, relay, alice, bob } = await begin(t)
  const { link } = await createInvite(alice)
  const other = await startRelay(t, { dir: join(dir, 'other') })
  const dora = await makePerson(other, dir, 'dora')
  const use = (person: Person, written: string) =>
    person.run(['invite', 'accept', written, '--json'])

  const broken = await use(bob, link.slice(0, -1))
  const word = await use(bob, alice.handle)
  const elsewhere = await use(dora, link)
  const own = await use(alice, link)
  await relay.stop()
  const unreachable = await use(bob, link)
  const contacts = await succeed(bob.run(['contact', 'list', '--json']))

  t.match(broken.error(), { code: 'usage/invalid', exit: 64 })
  t.match(word.error(), { code: 'usage/invalid', exit: 64 })
  t.match(elsewhere.error(), { code: 'invite/elsewhere', exit: 67 })
  t.match(own.error(), { code: 'recipient/self', exit: 67 })
  t.match(unreachable.error(), { code: 'relay/unreachable', exit: 69 })
  t.equal(contacts.stdout, '')
  for (const { stderr } of [broken, elsewhere, own]) t.notOk(stderr.includes(link.slice(-30)))
})

test('flags that make no sense are refused', async (t) => {
  const dir = tempDir(t)
  const alice = await makePerson(await startRelay(t, { dir }), dir, 'alice')
  const create = async (...flags: string[]) =>
    (await alice.run(['invite', 'create', '--json', ...flags])).code

  t.same(
    [await create('--uses', '0'), await create('--expires', '0s'), await create('--expires', 'x')],
    [64, 64, 64],
  )
})

test('people get the link in a line of its own, and on a terminal a code they can scan', async (t) => {
  const dir = tempDir(t)
  const alice = await makePerson(await startRelay(t, { dir }), dir, 'alice')
  const open = (columns: string) =>
    openTerminal(t, {
      program: SOTTO,
      args: ['invite', 'create'],
      env: isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home, COLUMNS: columns }),
    })

  const piped = await succeed(alice.run(['invite', 'create']))
  const drawn = await succeed(alice.run(['invite', 'create', '--qr']))
  const terminal = open('80')
  await terminal.shows(/i_[0-9a-f]{10}/)
  await terminal.shows(/█{20}/)
  await terminal.shows(/sotto:\/\/127\.0\.0\.1:\d+\/invite#/)

  t.equal(await terminal.ended, 0)
  t.match(piped.stdout, /^sotto:\/\/\S+\n$/)
  t.match(drawn.stdout, /^█+\n[^]*\nsotto:\/\/\S+\n$/)
})

test('the secret of an invite is nowhere at the relay, nor here without the key', async (t) => {
  const { relay, alice, bob } = await begin(t)
  const logged = await succeed(
    alice.run(['invite', 'create', '--json', '--uses', '2'], { env: { SOTTO_LOG: 'debug' } }),
  )
  const { link } = logged.json<InviteLine>().invite
  await succeed(bob.run(['send', link, 'hello']))
  await succeed(alice.run(['receive']))
  const secret = Buffer.from(link.split('#')[1] ?? '', 'base64url').subarray(-16)
  const markers = [secret.toString('latin1'), link.slice(-20)]

  const files = filesBelow(relay.dataDir)
  t.ok(files.length > 0)
  t.same(findMarkers(files, markers), [])
  t.same(findMarkers(filesBelow(alice.home, ['key']), markers), [])
  t.same(
    files.filter((file) => readFileSync(file).includes(secret)),
    [],
  )
  t.same(findInText('client log', logged.stderr, markers), [])
  t.same(findInText('relay log', relay.output.stderr + relay.output.lines.join('\n'), markers), [])
})

test('beside an owner invites work the same', async (t) => {
  const { alice, bob } = await begin(t)
  const following = startSotto(t, alice.home, ['receive', '--follow', '--json'])
  const invite = await createInvite(alice)

  await succeed(bob.run(['send', invite.link, 'while you follow']))
  const received = await following.json<{ readonly type: string }>(
    ({ type }) => type === 'message.received',
  )
  await following.stop()

  t.match(received, { message: { text: 'while you follow' } })
})
