import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { isolatedEnvironment, personAt, Screen, SOTTO, tempDir } from '../harness/index.js'
import { startJoinedRelay } from './support/invite-relay.js'

const WANTS_WORK = { signupAttempts: 4 }
/** So much that nobody is done with it before the test is. */
const WANTS_MUCH = { signupAttempts: 512, signupAttemptsMax: 512 }

/** The folders of accounts under a home, those that were not finished included. */
function accountsIn(home: string): readonly string[] {
  const folder = join(home, 'accounts')
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : []
}

test('a relay that wants work gets it, and nothing has to be typed for that', async (t) => {
  const relay = await startJoinedRelay(t, { registration: 'pow', limits: WANTS_WORK })
  const home = join(tempDir(t), 'a')

  const made = await personAt(home, 'a').run([
    ...['account', 'create', '--relay', relay.url, '--username', 'dora.42', '--json'],
  ])

  t.match(made, { code: 0, stdout: /dora\.42/ })
  t.notMatch(made.stderr, /try \d/, 'progress is for terminals')
})

test('work that was given up leaves nothing: by --timeout', async (t) => {
  const relay = await startJoinedRelay(t, { registration: 'pow', limits: WANTS_MUCH })
  const home = join(tempDir(t), 'a')

  const given = await personAt(home, 'a').run([
    ...['account', 'create', '--relay', relay.url, '--timeout', '2s', '--json'],
  ])

  t.match(given, { code: 75, stderr: /"temporary\/timeout".*longer --timeout/ })
  t.same(accountsIn(home), [])
})

test('who waits at a terminal sees how far the work has come, and Ctrl-C leaves nothing of it', async (t) => {
  const relay = await startJoinedRelay(t, { registration: 'pow', limits: WANTS_MUCH })
  const dir = tempDir(t)
  const home = join(dir, 'new')
  const env = isolatedEnvironment(dir, { SOTTO_HOME: home, TERM: 'xterm-256color' })
  const args = ['account', 'create', '--relay', relay.url]
  const screen = new Screen(t, { program: SOTTO, args, columns: 100, rows: 30, env })

  await screen.shows(/the relay wants some work for an account: try \d+, it takes about 512/)
  screen.type('\u0003')
  t.equal(await screen.ended, 130)
  t.same(accountsIn(home), [])
})

test('an account whose making died when the work was done is there when it is made again', async (t) => {
  const relay = await startJoinedRelay(t, { registration: 'pow', limits: WANTS_WORK })
  const person = personAt(join(tempDir(t), 'a'), 'a')
  const create = ['account', 'create', '--relay', relay.url, '--username', 'dora.42', '--json']

  const died = await person.run(create, { env: { SOTTO_CRASHPOINT: 'account.registered' } })
  const again = await person.run(create)

  t.equal(died.signal, 'SIGKILL')
  t.match(again, { code: 0, stdout: /dora\.42/ }, 'its name is not somebody else’s')
})

test('the first run says that the relay wants work, and does it', async (t) => {
  const relay = await startJoinedRelay(t, { registration: 'pow', limits: { signupAttempts: 64 } })
  const dir = tempDir(t)
  const env = isolatedEnvironment(dir, { SOTTO_HOME: join(dir, 'new'), TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, columns: 100, rows: 30, env })

  await screen.shows(/Which relay\?/)
  screen.type(`${relay.url}\r`)
  await screen.shows(/Your username\?/)
  screen.type('\u0015dora.42')
  await screen.shows(/✓ dora\.42: free/)
  screen.type('\r')
  await screen.shows(/In a file that only you can read/)
  screen.type('\r')
  await screen.shows(/some seconds of this computer’s work/)
  await screen.shows(/You are @dora\.42/)
})
