import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { test } from 'tap'

import {
  historyOf,
  isolatedEnvironment,
  SOTTO,
  startSotto,
  succeed,
  type Person,
} from '../harness/index.js'
import { follow, own } from './support/owner.js'
import { beginPair, type EventLine } from './support/pair.js'
import { openTerminal } from './support/terminal.js'

/** Runs it again until its history has what is wanted. */
async function untilHistory(
  person: Person,
  conversation: string,
  isWanted: (lines: Awaited<ReturnType<typeof historyOf>>) => boolean,
) {
  for (let tries = 0; tries < 200; tries++) {
    const lines = await historyOf(person, conversation)
    if (isWanted(lines)) return lines
  }
  throw new Error('the history never had it')
}

function textsIn(lines: Awaited<ReturnType<typeof historyOf>>): readonly string[] {
  return lines.map(({ message }) => message.text)
}

test('a send whose owner is killed while it waits goes on, and the message is there once', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, alice)
  const sending = startSotto(t, alice.home, [
    ...['send', bob.handle, 'once', '--wait', 'delivered', '--timeout', '50s', '--json'],
  ])
  await untilHistory(alice, bob.handle, ([line]) => line?.message.status === 'accepted')

  await owner.kill()
  const received = await succeed(bob.run(['receive', '--json', '--type', 'message.received']))
  const sent = await sending.json<object>()

  t.equal(received.jsonLines().length, 1)
  t.match(sent, { status: 'delivered' })
  t.match(await sending.ended, { code: 0 })
  t.equal((await historyOf(alice, bob.handle)).length, 1)
  t.equal((await historyOf(bob, alice.handle)).length, 1)
})

test('a follower whose owner is killed becomes the owner, silently, and misses nothing', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, bob)
  const only = ['--type', 'message.received']
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json', ...only])
  await succeed(alice.run(['send', bob.handle, 'before']))
  t.match(await following.json<EventLine>(), { message: { text: 'before' } })

  await owner.kill()
  await succeed(alice.run(['send', bob.handle, 'after']))
  t.match(await following.json<EventLine>(), { message: { text: 'after' } })
  const thin = await bob.run(['send', alice.handle, 'it serves', '--json'])

  t.equal(thin.code, 0, thin.stderr)
  t.equal(following.stderr, '')
  t.match(await following.stop(), { code: 143 })
})

test('a follower keeps its count of --max when its owner leaves', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, bob)
  const receiving = startSotto(t, bob.home, [
    ...['receive', '--json', '--type', 'message.received', '--max', '2', '--timeout', '50s'],
  ])
  await succeed(alice.run(['send', bob.handle, 'one']))
  await receiving.json()
  await owner.kill()
  for (const text of ['two', 'three']) await succeed(alice.run(['send', bob.handle, text]))

  t.match(await receiving.ended, { code: 0 })
  t.match(
    receiving.lines.map((line) => JSON.parse(line) as EventLine),
    [{ message: { text: 'one' } }, { message: { text: 'two' } }],
  )
  t.equal(receiving.lines.length, 2)
})

test('a chat beside an owner outlives it', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await own(t, alice)
  const env = isolatedEnvironment(alice.home, {
    ...{ SOTTO_HOME: alice.home, TERM: 'xterm', NO_COLOR: '1' },
  })
  const chat = openTerminal(t, { program: SOTTO, args: ['chat', bob.handle], env })
  await chat.shows(/not verified/)
  chat.type('first\r')
  await chat.shows(/you: first/)
  await chat.shows(/✓ accepted > /)

  await owner.kill()
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['contact', 'accept', alice.handle]))
  await succeed(bob.run(['send', alice.handle, 'still there?']))
  await chat.shows(/@bob\.42: still there\?/)
  chat.type('yes\r')
  await chat.shows(/you: yes/)
  await chat.shows(/✓ accepted > /)
  chat.type('/quit\r')

  t.equal(await chat.ended, 0)
})

test('twenty sends at once all end well, and every message is there once', async (t) => {
  const { alice, bob } = await beginPair(t)
  const texts = Array.from({ length: 20 }, (_, index) => `message ${String(index)}`)

  const sent = await Promise.all(texts.map((text) => alice.run(['send', bob.handle, text])))
  await succeed(bob.run(['receive']))

  t.same(
    sent.map(({ code, stderr }) => `${String(code)} ${stderr}`),
    texts.map(() => '0 '),
  )
  t.same([...textsIn(await historyOf(bob, alice.handle))].sort(), [...texts].sort())
})

test('an owner that is asked to end while it serves leaves nobody without an answer', async (t) => {
  const { alice, bob } = await beginPair(t)
  const owner = await follow(t, alice, 'gap')
  const texts = Array.from({ length: 8 }, (_, index) => `message ${String(index)}`)
  const sending = texts.map((text) => alice.run(['send', bob.handle, text]))
  await Promise.race(sending)
  await owner.stop()
  const sent = await Promise.all(sending)
  await succeed(bob.run(['receive']))

  t.same(
    sent.map(({ code, stderr }) => `${String(code)} ${stderr}`),
    texts.map(() => '0 '),
  )
  t.same([...textsIn(await historyOf(bob, alice.handle))].sort(), [...texts].sort())
})

const BOT = `
sotto() { "$NODE" "$SOTTO" "$@"; }
sotto receive --follow --json --type message.received | while read -r event; do
  to=$(printf '%s' "$event" | sed 's/.*"conversation":{"id":"\\([^"]*\\)".*/\\1/')
  text=$(printf '%s' "$event" | sed 's/.*"text":"\\([^"]*\\)".*/\\1/')
  sotto send "id:$to" "re: $text" || exit
done
`

test('a bot that is a loop of the shell replies once to each of fifty messages', async (t) => {
  const { alice, bob } = await beginPair(t)
  await own(t, alice)
  await succeed(bob.run(['send', alice.handle, 'hello']))
  const bot = spawn('sh', ['-c', BOT], {
    env: {
      ...isolatedEnvironment(bob.home),
      ...{ SOTTO_HOME: bob.home, NODE: process.execPath, SOTTO },
    },
    stdio: 'ignore',
    detached: true,
  })
  t.teardown(() => process.kill(-(bot.pid ?? 0), 'SIGKILL'))
  const texts = Array.from({ length: 50 }, (_, index) => `message ${String(index)}`)
  for (const text of texts) await succeed(alice.run(['send', bob.handle, text]))

  const lines = await untilHistory(alice, bob.handle, ({ length }) => length >= 101)
  process.kill(-(bot.pid ?? 0), 'SIGTERM')
  await once(bot, 'close')
  const replies = textsIn(lines).filter((text) => text.startsWith('re: '))
  t.same(
    replies,
    texts.map((text) => `re: ${text}`),
  )
  t.equal((await historyOf(alice, bob.handle)).length, 101)
})
