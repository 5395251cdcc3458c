import { test } from 'tap'

import { sotto, tempDir } from '../harness/index.js'
import { PrintedObjects } from '../harness/printed.js'

const VERSION = '{"v":1,"version":"0.1.0","node":"20.17.0","platform":"linux-x64"}'

test('what a command prints is held against the schema of its row', async (t) => {
  const args = ['--account', 'alice.42', 'version', '--json']
  t.doesNotThrow(() => new PrintedObjects(args).check(`${VERSION}\n`, ''))
  t.throws(() => new PrintedObjects(args).check('{"v":1,"version":"0.1.0"}\n', ''), /required/)
  t.throws(() => new PrintedObjects(args).check('sotto 0.1.0\n', ''), /printed no JSON/)
  t.throws(() => new PrintedObjects(args).check(`${VERSION}\n${VERSION}\n`, ''), /more than one/)
})

test('a command that declares no object may print none', async (t) => {
  t.throws(() => new PrintedObjects(['help', '--json']).check(VERSION, ''), /declares no object/)
})

test('with --json stderr holds errors, notes and log lines', async (t) => {
  const printed = () => new PrintedObjects(['receive', '--json'])
  t.doesNotThrow(() => printed().check('', '{"v":1,"note":{"message":"connected again"}}\n'))
  t.throws(() => printed().check('', '{"v":1,"error":{"code":"a/b"}}\n'), /required/)
  t.throws(() => printed().check('', '{"warning":"x"}\n'), /something else/)
})

test('without --json nothing is promised', async (t) => {
  t.doesNotThrow(() => new PrintedObjects(['version']).check('sotto 0.1.0\n', 'warning\n'))
})

test('whatever a journey runs is checked as it ends', async (t) => {
  t.match(await sotto(tempDir(t), ['version', '--json']), { code: 0 })
})
