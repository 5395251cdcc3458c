import { test } from 'tap'

import { environmentName, type FlagSpec } from '../src/flags/flag.js'
import { Flags } from '../src/flags/flags.js'
import { parseDuration } from '../src/flags/values.js'
import { dataDirOf, personalFolder, workingFolder } from '../src/home.js'

const SPECS: readonly FlagSpec[] = [
  { name: 'wait', value: 'level', summary: '' },
  { name: 'timeout', value: 'duration', summary: '' },
  { name: 'no-queue', summary: '' },
]

function flagsOf(typed: Record<string, string[]>, env: Record<string, string> = {}): Flags {
  return Flags.resolve({
    specs: SPECS,
    command: ['send'],
    typed: new Map(Object.entries(typed)),
    env,
  })
}

test('a flag’s variable carries its command’s name', async (t) => {
  t.equal(environmentName(SPECS[2]!, ['send']), 'SOTTO_SEND_NO_QUEUE')
  t.equal(environmentName({ name: 'home', value: 'dir', summary: '' }), 'SOTTO_HOME')
})

test('the command line wins over the environment', async (t) => {
  const flags = flagsOf({ wait: ['read'] }, { SOTTO_SEND_WAIT: 'queued' })
  t.equal(flags.text('wait'), 'read')
})

test('the environment is read where nothing was typed', async (t) => {
  const flags = flagsOf({}, { SOTTO_SEND_TIMEOUT: '5s', SOTTO_SEND_NO_QUEUE: '1' })
  t.equal(flags.read('timeout', parseDuration), 5000)
  t.ok(flags.isOn('no-queue'))
})

test('an empty variable and a switch that is off are as good as none', async (t) => {
  const flags = flagsOf({}, { SOTTO_SEND_TIMEOUT: '', SOTTO_SEND_NO_QUEUE: 'false' })
  t.equal(flags.text('timeout'), undefined)
  t.notOk(flags.isOn('no-queue'))
})

test('a list that names nothing, as an unset variable makes it, is refused and not taken for all', async (t) => {
  for (const empty of ['', ' ', ',', ' , ']) {
    t.throws(() => flagsOf({ wait: [empty] }).list('wait'), {
      code: 'usage/invalid',
      message: /^--wait: /,
    })
  }
  t.same(flagsOf({ wait: ['a, b', 'a'] }).list('wait'), ['a', 'b'])
  t.same(flagsOf({}, { SOTTO_SEND_WAIT: '' }).list('wait'), [])
  t.throws(() => flagsOf({}, { SOTTO_SEND_WAIT: ',' }).list('wait'), { code: 'config/invalid' })
})

test('a wrong flag is a usage error that names the flag', async (t) => {
  t.throws(() => flagsOf({ timeout: ['soon'] }).read('timeout', parseDuration), {
    code: 'usage/invalid',
    message: /^--timeout: /,
  })
})

test('a wrong variable is a configuration error that names the variable', async (t) => {
  t.throws(() => flagsOf({}, { SOTTO_SEND_TIMEOUT: 'soon' }).read('timeout', parseDuration), {
    code: 'config/invalid',
    message: /^SOTTO_SEND_TIMEOUT: /,
  })
  t.throws(() => flagsOf({}, { SOTTO_SEND_NO_QUEUE: 'maybe' }), { code: 'config/invalid' })
})

test('accounts live where --home says, else in the XDG data folder', async (t) => {
  const places = { homeDir: '/home/alice', workingDir: '/tmp' }
  t.equal(dataDirOf({ ...places, given: 'here', env: {} }), '/tmp/here')
  const env = { XDG_DATA_HOME: '/data' }
  t.equal(dataDirOf({ ...places, given: undefined, env }), '/data/sotto')
  t.equal(
    dataDirOf({ ...places, given: undefined, env: { XDG_DATA_HOME: 'relative' } }),
    '/home/alice/.local/share/sotto',
  )
})

test('where nothing says where accounts live, that is said, and no folder is made up', async (t) => {
  const nowhere = { homeDir: undefined, workingDir: '/tmp' }

  t.throws(() => dataDirOf({ ...nowhere, given: undefined, env: {} }), { code: 'config/invalid' })
  t.equal(dataDirOf({ ...nowhere, given: 'here', env: {} }), '/tmp/here')
})

test('a HOME that is no whole path says nothing', async (t) => {
  const listed = () => '/home/alice'
  const unlisted = () => {
    throw new Error('no such user')
  }

  t.equal(personalFolder({ HOME: '/home/bob' }, unlisted), '/home/bob')
  for (const env of [{}, { HOME: '' }, { HOME: 'relative' }]) {
    t.equal(personalFolder(env, listed), '/home/alice')
    t.equal(personalFolder(env, unlisted), undefined)
  }
})

test('in a folder that is gone, relative paths are meant from where it was', async (t) => {
  const gone = () => {
    throw new Error('ENOENT: no such file or directory, uv_cwd')
  }

  t.equal(
    workingFolder({ PWD: '/believed' }, () => '/really'),
    '/really',
  )
  t.equal(workingFolder({ PWD: '/was/here' }, gone), '/was/here')
  for (const env of [{}, { PWD: 'relative' }]) t.equal(workingFolder(env, gone), '/')
})

test('a path that is empty is refused by the flag’s name, and an empty variable is none', async (t) => {
  t.throws(() => flagsOf({ wait: [''] }).path('wait'), {
    code: 'usage/invalid',
    message: '--wait: the path is empty',
  })
  t.equal(flagsOf({}, { SOTTO_SEND_WAIT: '' }).path('wait'), undefined)
  t.equal(flagsOf({ wait: ['-'] }).path('wait'), '-')
})
