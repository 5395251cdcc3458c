import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { makePerson, sotto, startRelay, succeed, tempDir } from '../harness/index.js'
import { schemaFaults } from './support/schemas.js'

interface Line {
  readonly config: { readonly key: string; readonly value: string; readonly origin: string }
}

test('a setting is made, read, listed with its origin, and used', async (t) => {
  const home = tempDir(t)
  const run = (...args: string[]) => sotto(home, ['config', ...args])

  const unset = await run('get', 'timeout', '--json')
  const set = await succeed(run('set', 'timeout', '7s', '--json'))
  const got = await succeed(run('get', 'timeout'))
  const listed = await succeed(run('list', '--json'))
  const forPeople = await succeed(run('list', '--origin'))
  const path = await succeed(run('path'))
  const pathObject = await succeed(run('path', '--json'))

  t.equal(unset.code, 1)
  t.equal(unset.stdout, '')
  t.match(set.json<object>(), { config: { key: 'timeout', value: '7s', origin: 'user' } })
  t.equal(got.stdout, '7s\n')
  t.same(
    listed.jsonLines<Line>().map(({ config }) => [config.key, config.value, config.origin]),
    [
      ['account', null, null],
      ['timeout', '7s', 'user'],
      ['proxy', null, null],
      ['color', 'auto', 'default'],
      ['contacts.accept', 'ask', 'default'],
    ],
  )
  t.match(forPeople.stdout, /^timeout = 7s {2}user: .*config\.toml$/m)
  t.equal(path.stdout.trim(), join(home, 'config.toml'))
  t.equal(statSync(path.stdout.trim()).mode & 0o777, 0o600)
  t.same(schemaFaults('config', set.stdout + listed.stdout), [])
  t.same(schemaFaults('config-file', pathObject.stdout), [])
})

test('flags win over variables, those over the project, the person, and the defaults', async (t) => {
  const dir = tempDir(t)
  const home = join(dir, 'home')
  const project = join(dir, 'project')
  mkdirSync(join(project, 'deep', 'inside'), { recursive: true })
  mkdirSync(join(project, '.git'))
  writeFileSync(join(dir, '.sotto.toml'), 'account = "above-the-project"\n')
  await succeed(sotto(home, ['config', 'set', 'timeout', '1s']))
  await succeed(sotto(home, ['config', 'set', 'color', 'never']))
  const cwd = join(project, 'deep', 'inside')
  const timeout = async (args: readonly string[], env = {}) =>
    (await succeed(sotto(home, [...args, 'config', 'get', 'timeout'], { env, cwd }))).stdout.trim()

  t.equal(await timeout([]), '1s')
  writeFileSync(join(project, '.sotto.toml'), 'timeout = "2s"\n')
  t.equal(await timeout([]), '2s')
  t.equal(await timeout([], { SOTTO_TIMEOUT: '3s' }), '3s')
  t.equal(await timeout(['--timeout', '4s'], { SOTTO_TIMEOUT: '3s' }), '4s')
  const other = join(dir, 'other.toml')
  writeFileSync(other, 'timeout = "9s"\ncolor = "auto"\n')
  t.equal(await timeout(['--config', other]), '2s', '--config replaces the person’s file only')
  const color = await sotto(home, ['config', 'get', 'color', '--config', other], { cwd })
  t.equal(color.stdout, 'auto\n')
  const account = await sotto(home, ['config', 'get', 'account'], { cwd })
  t.equal(account.code, 1, 'nothing above the project counts')
})

test('a wrong configuration stops a command with every fault, and help goes on', async (t) => {
  const home = tempDir(t)
  const file = join(home, 'config.toml')
  writeFileSync(file, 'timout = "5s"\n\ncolor = "red"\n')

  const listed = await sotto(home, ['contact', 'list', '--json'])
  const set = await sotto(home, ['config', 'set', 'timeout', '5s', '--json'])

  t.match(listed.error(), { code: 'config/invalid', exit: 78 })
  t.match(listed.error().message, /config\.toml:1: .*timeout.*config\.toml:3: color/)
  t.match(set.error(), { code: 'config/invalid', exit: 78 })
  t.equal(readFileSync(file, 'utf8'), 'timout = "5s"\n\ncolor = "red"\n')
  t.equal((await sotto(home, ['config', 'path'])).code, 0)
  t.equal((await sotto(home, ['help'])).code, 0)
  t.equal((await sotto(home, ['version'])).code, 0)
})

test('settings that cannot be are refused', async (t) => {
  const home = tempDir(t)
  const run = (...args: string[]) => sotto(home, ['config', ...args, '--json'])

  t.match((await run('get', 'timout')).error(), { code: 'usage/invalid', exit: 64 })
  t.match((await run('get', 'timout')).error(), { fix: /timeout/ })
  t.match((await run('set', 'timeout', 'soon')).error(), { exit: 64 })
  t.match((await run('set', 'contacts.accept', 'nobody')).error(), { exit: 64 })
  t.match((await run('get', 'timeout', '--config', '/nowhere')).error(), { exit: 66 })
  t.notOk(existsSync(join(home, 'config.toml')))
  mkdirSync(join(home, 'config.toml'))
  t.match((await run('set', 'timeout', '5s')).error(), { exit: 74 })
})

test('comments and order of the file survive a change', async (t) => {
  const home = tempDir(t)
  const file = join(home, 'config.toml')
  writeFileSync(file, '# mine\ntimeout = "5s" # long\n\n[contacts]\naccept = "ask"\n')
  await succeed(sotto(home, ['config', 'set', 'timeout', '6s']))
  await succeed(sotto(home, ['config', 'set', 'contacts.accept', 'everyone']))
  t.equal(
    readFileSync(file, 'utf8'),
    '# mine\ntimeout = "6s" # long\n\n[contacts]\naccept = "everyone"\n',
  )
})

test('a bot that is configured to accept everyone accepts a stranger by itself', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const bot = await makePerson(relay, dir, 'bot')
  await succeed(bot.run(['config', 'set', 'contacts.accept', 'everyone']))
  await succeed(alice.run(['send', bot.handle, 'hello, bot']))

  const received = await succeed(bot.run(['receive', '--json', '--type', 'message.received']))

  t.match(received.jsonLines<object>(), [{ message: { text: 'hello, bot' } }])
})

test('the account to use can be configured', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const home = join(dir, 'both')
  for (const username of ['alice.42', 'carol.77']) {
    await succeed(
      sotto(home, ['account', 'create', '--relay', relay.url, '--username', username, '--json']),
    )
  }
  await succeed(sotto(home, ['config', 'set', 'account', 'carol.77']))
  const shown = await succeed(sotto(home, ['account', 'show', '--json']))
  const flagged = await succeed(sotto(home, ['-A', 'alice.42', 'account', 'show', '--json']))
  t.match(shown.json<object>(), { account: { username: 'carol.77' } })
  t.match(flagged.json<object>(), { account: { username: 'alice.42' } })

  await succeed(sotto(home, ['account', 'edit', '--username', 'carol.78']))
  const former = await sotto(home, ['send', 'me', 'hi', '--json'])
  const origin = await succeed(sotto(home, ['config', 'list', '--origin']))
  t.match(former.error(), { exit: 84, fix: /sotto config list --origin/ })
  t.match(origin.stdout, /^account = carol\.77 {2}user: .*config\.toml$/m)
})
