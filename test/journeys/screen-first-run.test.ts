import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  isolatedEnvironment,
  personAt,
  Screen,
  SOTTO,
  startRelay,
  succeed,
  tempDir,
  type Environment,
  type ScreenOptions,
} from '../harness/index.js'
import { isRunning } from './support/is-running.js'
import { beginPair } from './support/pair.js'

/** Somebody who is here for the first time: a home without anything in it. */
interface Newcomer {
  readonly home: string
  open(options?: Partial<ScreenOptions>): Screen
}

function newcomer(t: Test, dir = tempDir(t)): Newcomer {
  const home = join(dir, 'new')
  return {
    home,
    open: ({ env, ...options } = {}) =>
      new Screen(t, {
        ...{ program: SOTTO, columns: 100, rows: 30, ...options },
        env: environmentOf(dir, home, env),
      }),
  }
}

function environmentOf(dir: string, home: string, extra: Environment = {}): Environment {
  return isolatedEnvironment(dir, { SOTTO_HOME: home, TERM: 'xterm-256color', ...extra })
}

/** The private relay of a home is nobody's child, and ends with the test. */
function endRelayOf(t: Test, home: string): void {
  t.teardown(() => {
    const owner = join(home, 'relay', 'owner')
    if (existsSync(owner)) process.kill(Number(readFileSync(owner, 'utf8')), 'SIGKILL')
  })
}

/** Writes what is asked for, and goes on as soon as the relay has said that the name is free. */
async function nameIt(screen: Screen, username: string): Promise<void> {
  await screen.shows(/Your username\?/)
  screen.type(`\u0015${username}`)
  await screen.shows(new RegExp(`✓ ${username.replace('.', '\\.')}: free`))
  screen.type('\r')
  await screen.shows(/In a file that only you can read/)
}

test('without an account a relay, a username and a place for the key lead to the first conversation', async (t) => {
  const { alice, dir, relay } = await beginPair(t)
  const screen = newcomer(t, dir).open()

  await screen.shows(/Welcome to sotto +1 of 4[^]*A relay keeps your sealed messages/)
  screen.type('http://127.0.0.1:1\r')
  await screen.shows(/cannot reach http:\/\/127\.0\.0\.1:1: connection refused\. Check that/)
  screen.type(`\u0015${relay.url}\r`)
  await screen.shows(/2 of 4[^]*Others find you by it/)
  screen.type('\u0015no number\r')
  await screen.shows(/not a username: no number/)
  screen.type('\u0015alice.42')
  await screen.shows(/alice\.42: taken/)
  await screen.shows(/free: alice\.\d+/)
  screen.type('\r')
  await nameIt(screen, 'dora.42')
  screen.type('\u001b')
  await screen.shows(/> dora\.42/)
  screen.type('\r')
  await screen.shows(/3 of 4[^]*under one key/)
  screen.type('\r')

  await screen.shows(/sotto +dora\.42[^]*Your first conversation[^]*You are @dora\.42/)
  screen.type('1')
  await screen.shows(/Write to somebody/)
  screen.type('\u001b')
  await screen.shows(/Your first conversation/)
  screen.type('1')
  await screen.shows(/Write a username/)
  screen.type('alice.42\r')
  await screen.shows(/@alice\.42[^]*>$/m)
  screen.type('hello Alice\r')
  await screen.shows(/You[^]*hello Alice/)
  t.match((await succeed(alice.run(['receive']))).stdout, /hello Alice/)
  screen.type('\u0004')
  t.equal(await screen.ended, 0)
  await screen.shows(/You are @dora\.42\.[^]*#root=[^]*rests in a file that only you can read/)
})

test('an invite link says which relay it is, and leads to whoever wrote it', async (t) => {
  const { alice, dir } = await beginPair(t)
  const invite = await succeed(alice.run(['invite', 'create', '--json']))
  const [made] = invite.jsonLines<{ readonly invite: { readonly link: string } }>()
  const screen = newcomer(t, dir).open()

  await screen.shows(/Paste the invite link/)
  screen.type(`\u001b[200~${made?.invite.link ?? ''}\n\u001b[201~\r`)
  await nameIt(screen, 'dora.42')
  screen.type('\r')
  await screen.shows(/acct:\S+ {2}known[^]*>$/m)
  screen.type('hello from a link\r')
  await screen.shows(/You[^]*hello from a link/)
  t.match((await succeed(alice.run(['receive']))).stdout, /hello from a link/)
})

test('Ctrl+C leaves at every step, and nothing is on the disk', async (t) => {
  const { dir, relay } = await beginPair(t)
  const { home, open } = newcomer(t, dir)
  for (const steps of [0, 1, 2]) {
    const screen = open()
    await screen.shows(/1 of 4/)
    if (steps > 0) screen.type(`${relay.url}\r`)
    if (steps > 0) await screen.shows(/2 of 4/)
    if (steps > 1) await nameIt(screen, 'dora.42')
    screen.type('\u0003')
    t.equal(await screen.ended, 130)
    await screen.until(({ isFull }) => !isFull, 'the terminal as it was')
    t.notOk(existsSync(home))
  }
})

test('a private relay serves this machine alone, outlives the screen, and starts again with it', async (t) => {
  const dir = tempDir(t)
  const { home, open } = newcomer(t, dir)
  endRelayOf(t, home)
  const screen = open()
  await screen.shows(/1 of 4/)
  screen.type('\u001b[B')
  await screen.shows(/› A private one[^]*nobody elsewhere can reach it[^]*until you stop it/)
  screen.type('\r')
  await nameIt(screen, 'dora.42')
  screen.type('\r')
  await screen.shows(/Your first conversation/)
  screen.type('\u0004')
  t.equal(await screen.ended, 0)
  await screen.shows(/runs on until you stop it: kill \$\(cat '[^']*'\)[^]*sotto starts it again/)

  const listen = readFileSync(join(home, 'relay', 'listen'), 'utf8').trim()
  t.match(listen, /^127\.0\.0\.1:\d+$/)
  const other = personAt(join(dir, 'eve'), '')
  const url = `http://${listen}`
  await succeed(other.run(['account', 'create', '--relay', url, '--username', 'eve.42']))

  const owner = (): number => Number(readFileSync(join(home, 'relay', 'owner'), 'utf8'))
  const first = owner()
  process.kill(first, 'SIGTERM')
  while (isRunning(first)) await new Promise((resolve) => setTimeout(resolve, 20))
  const again = open()
  await again.shows(/sotto +dora\.42/)
  await again.until(({ text }) => !/offline|connecting/.test(text), 'the relay')
  t.not(owner(), first)
  again.type('\u000e@eve.42\r')
  await again.shows(/@eve\.42[^]*>$/m)
})

test('a first run that dies while its private relay runs finds that relay again', async (t) => {
  const { home, open } = newcomer(t)
  endRelayOf(t, home)
  const screen = open()
  await screen.shows(/1 of 4/)
  screen.type('\u001b[B\r')
  await screen.shows(/2 of 4/)
  process.kill(screen.pid, 'SIGKILL')
  await screen.ended
  t.notOk(existsSync(join(home, 'accounts')))
  const owner = readFileSync(join(home, 'relay', 'owner'), 'utf8')

  const again = open()
  await again.shows(/› A private one/)
  again.type('\r')
  await nameIt(again, 'dora.42')
  t.equal(readFileSync(join(home, 'relay', 'owner'), 'utf8'), owner)
  again.type('\r')
  await again.shows(/Your first conversation/)
})

for (const mark of ['account.stored', 'account.registered'])
  test(`a first run that dies at ${mark} is offered again, and goes on with the same account`, async (t) => {
    const { dir, relay } = await beginPair(t)
    const { home, open } = newcomer(t, dir)
    const screen = open({ env: { SOTTO_CRASHPOINT: mark } })
    await screen.shows(/1 of 4/)
    screen.type(`${relay.url}\r`)
    await nameIt(screen, 'dora.42')
    screen.type('\r')
    await screen.ended
    t.equal(readdirSync(join(home, 'accounts')).length, 1)

    const again = open()
    await again.shows(new RegExp(`> ${relay.url}`))
    again.type('\r')
    await again.shows(/> dora\.42[^]*You have begun this account before/)
    again.type('\r')
    await again.shows(/In a file that only you/)
    again.type('\r')
    await again.shows(/sotto +dora\.42[^]*Your first conversation/)
    t.equal(readdirSync(join(home, 'accounts')).length, 1)
  })

test('a passphrase is typed twice, is not asked for a third time, and locks from then on', async (t) => {
  const { dir, relay } = await beginPair(t)
  const { open } = newcomer(t, dir)
  const screen = open()
  await screen.shows(/1 of 4/)
  screen.type(`${relay.url}\r`)
  await nameIt(screen, 'dora.42')
  screen.type('\u001b[B\r')
  await screen.shows(/passphrase:$/m)
  screen.type('correct horse\r')
  await screen.shows(/once more:$/m)
  screen.type('wrong horse\r')
  await screen.shows(/not the same/)
  screen.type('correct horse\r')
  await screen.shows(/once more:$/m)
  screen.type('correct horse\r')
  await screen.shows(/Your first conversation/)
  t.notMatch(screen.bytes, /horse/)
  screen.type('\u0004')
  t.equal(await screen.ended, 0)

  const again = open()
  await again.shows(/passphrase:/)
  again.type('correct horse\r')
  await again.shows(/sotto +dora\.42/)
})

test('where only lines can be shown, the same is asked by lines', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const screen = newcomer(t, dir).open({ args: ['--plain'], rows: 60 })
  await screen.shows(/1 of 4 {2}Which relay\?[^]*2 {2}A private one[^]*address or invite link:$/m)
  screen.type('http://127.0.0.1:1\r')
  await screen.shows(/cannot reach http:\/\/127\.0\.0\.1:1/)
  screen.type(`${relay.url}\r`)
  await screen.shows(/2 of 4[^]*username:$/m)
  screen.type('back\r')
  await screen.until(({ text }) => text.split('1 of 4').length === 3, 'the first question again')
  screen.type('\r')
  await screen.until(({ text }) => text.split('2 of 4').length === 3, 'the second again')
  screen.type('dora.42\r')
  await screen.shows(/3 of 4[^]*1 {2}In a file that only you can read[^]*1 or 2:$/m)
  screen.type('1\r')
  await screen.shows(/You are @dora\.42\./)
  t.notMatch(screen.bytes, '\u001b[?1049h', 'no other screen')
  await screen.shows(/no conversations; \/new @bob\.42 begins one/)
})
