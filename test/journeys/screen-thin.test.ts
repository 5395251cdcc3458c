import { test } from 'tap'

import { historyOf, isolatedEnvironment, Screen, SOTTO, succeed } from '../harness/index.js'
import { follow } from './support/owner.js'
import { beginPair } from './support/pair.js'

test('where another process owns the account the screen is its client, and outlives it', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await follow(t, alice, 'message.received')
  await succeed(bob.run(['send', alice.handle, 'to the owner']))
  await owner.json<{ type: string }>(({ type }) => type === 'message.received')

  const env = isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })
  await screen.shows(/@bob\.42[^]*to the owner/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('through the owner\r')
  await screen.shows(/through the owner/)

  await owner.kill()
  screen.type('without it\r')
  await screen.shows(/without it/)
  await succeed(bob.run(['receive', '--timeout', '10s', '--max', '2']))
  await succeed(bob.run(['send', alice.handle, 'still there?']))
  await screen.shows(/still there\?/)

  const texts = (await historyOf(bob, alice.handle)).map(({ message }) => message.text)
  t.same(texts, ['to the owner', 'through the owner', 'without it', 'still there?'])
})

test('what another shell does to a conversation is on the open screen at once', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'first']))
  await succeed(alice.run(['receive']))
  const events = await follow(t, alice, 'conversation.changed')
  const env = isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })
  await screen.shows(/@bob\.42[^]*first/)

  await succeed(alice.run(['conv', 'mute', bob.handle]))
  await screen.shows(/@bob\.42 +mute \[1\]/)
  await succeed(alice.run(['conv', 'pin', bob.handle]))
  await screen.shows(/@bob\.42 +pin mute \[1\]/)
  await succeed(alice.run(['conv', 'mark-read', bob.handle]))
  await succeed(alice.run(['conv', 'pin', bob.handle]))
  await succeed(alice.run(['conv', 'unmute', bob.handle]))
  await screen.shows(/@bob\.42 +pin \d\d:\d\d/)
  await succeed(alice.run(['conv', 'archive', bob.handle]))
  await screen.until(({ text }) => !text.includes('@bob.42'), 'nobody')
  for (let change = 0; change < 5; change++)
    await events.json<{ readonly type: string }>(({ type }) => type === 'conversation.changed')
  await events.stop()
  const told = events.lines.filter((line) => line.includes('"conversation.changed"'))
  t.equal(told.length, 5, 'what changed nothing is not told')
  t.notMatch(told.join(), /"seq"/, 'nothing of it is stored')
})

test('what another process sets for the account is on the open screen at once', async (t) => {
  const { alice, bob } = await beginPair(t)
  const events = await follow(t, alice, 'account.changed')
  const env = isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('/settings\r')
  await screen.shows(/Read receipts +on$/m)

  await succeed(alice.run(['account', 'edit', '--read-receipts', 'off']))
  await screen.shows(/Read receipts +off$/m)
  const lines = '/settings notify none\n/settings quiet-hours 21-6\n/settings quiet-hours 21-6\n'
  await succeed(alice.run(['chat', bob.handle, '--plain'], { input: lines }))
  await screen.shows(/Notifications tell +nothing\n[^]*Do not disturb +21:00 to 6:00$/m)
  await succeed(alice.run(['account', 'edit', '--read-receipts', 'off']))

  for (const changed of ['profile', 'settings', 'settings'])
    t.match(await events.json<{ type: string }>(({ type }) => type === 'account.changed'), {
      changed,
    })
  await events.stop()
  const told = events.lines.filter((line) => line.includes('"account.changed"'))
  t.equal(told.length, 3, 'what changed nothing is not told')
})
