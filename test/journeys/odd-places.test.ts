import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { isolatedEnvironment, SOTTO, sotto, succeed, tempDir } from '../harness/index.js'
import { beginPair } from './support/pair.js'

/** Runs sotto by a shell that removes its own folder first. */
function runInGoneFolder(folder: string, home: string, args: readonly string[]) {
  mkdirSync(folder)
  const script = 'rmdir "$PWD" && exec "$@"'
  return spawnSync('sh', ['-c', script, 'sh', process.execPath, SOTTO, ...args], {
    cwd: folder,
    env: isolatedEnvironment(home, { SOTTO_HOME: home, PWD: folder }),
    encoding: 'utf8',
  })
}

test('a command works in a folder that somebody has removed', async (t) => {
  const { dir, alice, bob } = await beginPair(t)
  const folder = join(dir, 'gone')

  const sent = runInGoneFolder(folder, alice.home, ['send', bob.handle, 'from nowhere'])
  const exported = runInGoneFolder(folder, alice.home, ['export', '--out', 'here.ndjson'])
  const received = await succeed(bob.run(['receive']))

  t.equal(sent.status, 0, sent.stderr)
  t.match(received.stdout, /from nowhere/)
  t.equal(exported.status, 66, exported.stderr)
  t.match(exported.stderr, join(folder, 'here.ndjson'))
})

test('without a HOME that is a whole path no account is looked for where the command is run', async (t) => {
  const dir = tempDir(t)
  const cwd = join(dir, 'here')
  mkdirSync(cwd)
  const unset = { SOTTO_HOME: '', XDG_DATA_HOME: '', XDG_CONFIG_HOME: '' }
  const path = async (HOME: string) =>
    (await succeed(sotto(dir, ['config', 'path'], { cwd, env: { ...unset, HOME } }))).stdout.trim()

  t.equal(await path('/home/somebody'), '/home/somebody/.config/sotto/config.toml')
  t.match(await path(''), /^\/.*\/\.config\/sotto\/config\.toml$/)
  t.equal(await path('relative'), await path(''))
  t.same(readdirSync(cwd), [])
})

test('an empty path is a mistake in the command, and never this folder', async (t) => {
  const { dir, alice, bob } = await beginPair(t)
  const cwd = join(dir, 'here')
  mkdirSync(cwd)
  const commands = [
    ['--home', '', 'account', 'list'],
    ['--config', '', 'conv', 'list'],
    ['--socket', '', 'conv', 'list'],
    ['--passphrase-file', '', 'conv', 'list'],
    ['store', 'passphrase', '--new-passphrase-file', ''],
    ['export', '--out', ''],
    ['account', 'delete', '--yes', '--export', ''],
    ['verify', 'confirm', bob.handle, '--qr', ''],
  ]

  for (const command of commands) {
    const { code, ...refused } = await sotto(alice.home, [...command, '--json'], { cwd })
    t.equal(code, 64, command.join(' '))
    t.match(JSON.parse(refused.stderr), { error: { message: /^--[a-z-]+: the path is empty$/ } })
  }
  t.same(readdirSync(cwd), [])
  t.ok(existsSync(alice.home))
})
