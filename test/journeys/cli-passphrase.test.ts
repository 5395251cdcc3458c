import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  filesBelow,
  findInText,
  findMarkers,
  isolatedEnvironment,
  personAt,
  SOTTO,
  sotto,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { schemaFaults } from './support/schemas.js'
import { openTerminal } from './support/terminal.js'

const SECRET = 'correct-horse-marker-battery'
const NEXT = 'another-staple-marker-entirely'

interface Scene {
  readonly alice: Person
  readonly relay: Awaited<ReturnType<typeof startRelay>>
  /** A file that only its owner can read, with a passphrase in it. */
  readonly file: (text: string) => string
  readonly create: (...args: string[]) => ReturnType<typeof sotto>
}

async function begin(t: Test): Promise<Scene> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = personAt(join(dir, 'alice'), 'alice')
  const secrets = join(dir, 'secrets')
  mkdirSync(secrets)
  let files = 0
  const file = (text: string): string => {
    const path = join(secrets, String(files++))
    writeFileSync(path, `${text}\n`, { mode: 0o600 })
    return path
  }
  const create = (...args: string[]) =>
    alice.run(['account', 'create', '--relay', relay.url, '--username', 'alice.42', ...args])
  return { alice, relay, file, create }
}

test('an account that is made with a passphrase opens with it only', async (t) => {
  const { alice, file, create } = await begin(t)
  const given = ['--passphrase-file', file(SECRET)]
  await succeed(create(...given))

  const shown = await succeed(alice.run(['account', 'show', '--json', ...given]))
  const byVariable = await alice.run(['send', 'me', 'a note', '--json'], {
    env: { SOTTO_PASSPHRASE_FILE: file(SECRET) },
  })
  const missing = await alice.run(['history', 'me', '--json'])
  const wrong = await alice.run(['history', 'me', '--json', '--passphrase-file', file(NEXT)])
  const wrongForPeople = await alice.run(['history', 'me', '--passphrase-file', file(NEXT)])
  const gone = await alice.run(['history', 'me', '--json', '--passphrase-file', '/nowhere'])
  const dash = await alice.run(['history', 'me', '--json', '--passphrase-file', '-'])

  t.match(shown.json<object>(), { account: { keyIn: 'passphrase' } })
  t.same(schemaFaults('account', shown.stdout), [])
  t.equal(byVariable.code, 0, byVariable.stderr)
  t.match(missing.error(), { code: 'store/passphrase-needed', exit: 86 })
  t.match(wrong.error(), { code: 'store/passphrase-wrong', exit: 86 })
  t.equal(wrong.stderr.trim().split('\n').length, 1, 'and nothing else is said')
  t.equal(wrongForPeople.stderr, 'error: wrong passphrase  [store/passphrase-wrong]\n')
  t.match(gone.error(), { code: 'file/unknown', exit: 66 })
  t.match(dash.error(), { code: 'usage/invalid', exit: 64 })
})

test('a passphrase is set, changed and taken away, and the messages stay', async (t) => {
  const { alice, file, create } = await begin(t)
  await succeed(create())
  await succeed(alice.run(['send', 'me', 'before the passphrase']))
  const change = (...args: string[]) => alice.run(['store', 'passphrase', '--json', ...args])
  const history = (secret: string) =>
    alice.run(['history', 'me', '--json', '--passphrase-file', file(secret)])

  const set = await change('--new-passphrase-file', file(SECRET))
  t.match(set.json<object>(), { v: 1, storeKey: { keyIn: 'passphrase' } })
  t.match((await history(SECRET)).jsonLines<object>(), [
    { message: { text: 'before the passphrase' } },
  ])
  const [old, next] = [file(SECRET), file(NEXT)]
  const changed = await change('--passphrase-file', old, '--new-passphrase-file', next)
  t.equal((await history(SECRET)).code, 86)
  t.equal((await history(NEXT)).code, 0)
  const removed = await change('--remove', '--passphrase-file', file(NEXT))
  t.match(removed.json<object>(), { v: 1, storeKey: { keyIn: 'file' } })
  t.equal((await alice.run(['history', 'me'])).code, 0)
  const again = await change('--remove')
  t.equal(again.code, 1)
  t.match(again.json<object>(), { v: 1, storeKey: { keyIn: 'file' } })

  const printed = [set, changed, removed, again].map(({ stdout }) => stdout).join('')
  t.same(schemaFaults('store-key', printed), [])
  t.match((await succeed(alice.run(['account', 'show']))).stdout, /in a file beside the store/)
})

test('a passphrase that cannot be changed says why, and holds', async (t) => {
  const { alice, file, create } = await begin(t)
  await succeed(create('--passphrase-file', file(SECRET)))
  const change = (...args: string[]) => alice.run(['store', 'passphrase', '--json', ...args])
  const given = ['--passphrase-file', file(SECRET)]
  const next = ['--new-passphrase-file', file(NEXT)]

  t.match((await change(...next)).error(), { code: 'store/passphrase-needed' })
  t.match((await change(...given)).error(), { code: 'store/passphrase-needed' })
  t.match((await change('--passphrase-file', file(NEXT), ...next)).error(), {
    code: 'store/passphrase-wrong',
  })
  t.match((await change(...given, '--new-passphrase-file', file(''))).error(), { exit: 86 })
  t.match((await change(...given, '--new-passphrase-file', '/nowhere')).error(), { exit: 66 })
  t.match((await change(...given, ...next, '--remove')).error(), { exit: 64 })
  const none = await sotto(join(alice.home, 'none'), ['store', 'passphrase', '--json', ...next])
  t.match(none.error(), { code: 'account/none', exit: 84 })
  const owner = startSotto(t, alice.home, ['receive', '--follow', '--json', ...given])
  await succeed(untilOwned(alice))
  t.match((await change(...given, ...next)).error(), { code: 'account/busy', exit: 83 })
  await owner.stop()
  t.equal((await alice.run(['history', 'me', ...given])).code, 0)
})

/** Waits until some process owns the account. */
async function untilOwned({ home, run }: Person) {
  for (;;) {
    if (filesBelow(home).some((path) => path.endsWith('owner.json')))
      return run(['account', 'list'])
    await run(['version'])
  }
}

for (const mark of ['key.staged', 'key.placed']) {
  test(`dying at ${mark} while a passphrase is set, changed or taken away locks nobody out`, async (t) => {
    const { alice, file, create } = await begin(t)
    await succeed(create())
    await succeed(alice.run(['send', 'me', 'still here']))
    const crash = { env: { SOTTO_CRASHPOINT: mark } }
    const open = async (secrets: readonly string[]): Promise<readonly boolean[]> => {
      const tries = secrets.map((secret) =>
        alice.run(['history', 'me', ...(secret === '' ? [] : ['--passphrase-file', file(secret)])]),
      )
      return (await Promise.all(tries)).map(({ code }) => code === 0)
    }
    const change = (...args: string[]) => alice.run(['store', 'passphrase', ...args], crash)
    const old = mark === 'key.staged'

    const setting = await change('--new-passphrase-file', file(SECRET))
    t.equal(setting.signal, 'SIGKILL')
    t.same(await open(['']), [old])
    await alice.run([
      ...['store', 'passphrase', '--passphrase-file', file(SECRET)],
      ...['--new-passphrase-file', file(SECRET)],
    ])
    t.same(await open([SECRET]), [true])

    const [given, next] = [file(SECRET), file(NEXT)]
    const changing = await change('--passphrase-file', given, '--new-passphrase-file', next)
    t.equal(changing.signal, 'SIGKILL')
    t.same(await open([old ? SECRET : NEXT]), [true])
    t.same(await open([old ? NEXT : SECRET]), [false])

    const removing = await change('--remove', '--passphrase-file', old ? given : next)
    t.equal(removing.signal, 'SIGKILL')
    t.same(await open(old ? [SECRET] : ['']), [true])
  })
}

test('accounts without a passphrase are listed beside a locked one', async (t) => {
  const { alice, relay, file, create } = await begin(t)
  await succeed(create('--passphrase-file', file(SECRET)))
  await succeed(
    alice.run(['account', 'create', '--relay', relay.url, '--username', 'open.77', '--json']),
  )

  const listed = await succeed(alice.run(['account', 'list', '--json']))
  const all = await succeed(
    alice.run(['account', 'list', '--json', '--passphrase-file', file(SECRET)]),
  )
  const open = await alice.run(['-A', 'open.77', 'send', 'me', 'x'])
  const locked = await alice.run(['-A', 'alice.42', 'account', 'show', '--json'])

  t.match(listed.jsonLines<object>(), [{ account: { username: 'open.77' } }])
  t.match(listed.stderr, /1 more account is locked under a passphrase/)
  t.match(all.jsonLines().length, 2)
  t.equal(open.code, 0, open.stderr)
  t.match(locked.error(), { code: 'store/passphrase-needed', exit: 86 })
})

function onTerminal(t: Test, { home }: Pick<Person, 'home'>, ...args: string[]) {
  const env = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm', NO_COLOR: '1' })
  return openTerminal(t, { program: SOTTO, args, env })
}

test('on a terminal a passphrase is asked for without echo, twice when it is set, and three times when wrong', async (t) => {
  const { alice, create } = await begin(t)
  await succeed(create())

  const setting = onTerminal(t, alice, 'store', 'passphrase')
  await setting.shows(/^new passphrase: $/)
  setting.type(`${SECRET}\r`)
  await setting.shows(/^\s+once more: $/)
  setting.type('something else\r')
  await setting.shows(/^\s+note: the two are not the same\s+new passphrase: $/)
  setting.type(`${SECRET}\r`)
  await setting.shows(/^\s+once more: $/)
  setting.type(`${SECRET}\r`)
  await setting.shows(/^\s+the key of the store is locked under a passphrase/)
  t.equal(await setting.ended, 0)

  const opening = onTerminal(t, alice, 'account', 'show')
  await opening.shows(/^passphrase: $/)
  opening.type('wrong\r')
  await opening.shows(/^\s+wrong; passphrase: $/)
  opening.type(`${SECRET}\r`)
  await opening.shows(/^\s+alice\.42/)
  t.equal(await opening.ended, 0)

  const guessing = onTerminal(t, alice, 'account', 'show')
  await guessing.shows(/^passphrase: $/)
  guessing.type('1\r')
  await guessing.shows(/^\s+wrong; passphrase: $/)
  guessing.type('2\r')
  await guessing.shows(/^\s+wrong; passphrase: $/)
  guessing.type('3\r')
  await guessing.shows(/^\s+error: wrong passphrase {2}\[store\/passphrase-wrong\]/)
  t.equal(await guessing.ended, 86)

  const leaving = onTerminal(t, alice, 'account', 'show')
  await leaving.shows(/^passphrase: $/)
  leaving.type('\x03')
  t.equal(await leaving.ended, 130)

  const silent = onTerminal(t, alice, 'account', 'show', '--no-input')
  await silent.shows(/\[store\/passphrase-needed\]/)
  t.equal(await silent.ended, 86)
})

/** A line of the shell on a terminal of its own, in which `sotto` is ours. */
function shellOnTerminal(t: Test, { home }: Pick<Person, 'home'>, line: string) {
  const env = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm', NO_COLOR: '1' })
  const shell = `sotto() { ${JSON.stringify(process.execPath)} ${JSON.stringify(SOTTO)} "$@"; }; ${line}`
  const start = `process.exit(require('node:child_process').spawnSync('sh', ['-c', ${JSON.stringify(shell)}], { stdio: 'inherit' }).status)`
  return openTerminal(t, { program: '-e', args: [start], env })
}

test('where a message comes on stdin the passphrase is asked for on the terminal, without echo', async (t) => {
  const { alice, file, create } = await begin(t)
  await succeed(create('--passphrase-file', file(SECRET)))
  const message = file('from a pipe')

  const sending = shellOnTerminal(t, alice, `cat ${message} | sotto send me -`)
  await sending.shows(/^passphrase: $/)
  sending.type('wrong\r')
  await sending.shows(/^\s+wrong; passphrase: $/)
  sending.type(`${SECRET}\r`)
  await sending.shows(/^\s+✓ accepted/)
  t.equal(await sending.ended, 0)
  const written = await alice.run(['history', 'me', '--passphrase-file', file(SECRET)])
  t.match(written.stdout, /from a pipe/)

  const unseen = shellOnTerminal(t, alice, `echo x | sotto send me - 2>&1 | cat`)
  await unseen.shows(/\[store\/passphrase-needed\]/)
  const silent = shellOnTerminal(t, alice, `echo x | sotto send me - --no-input`)
  await silent.shows(/\[store\/passphrase-needed\]/)
  t.equal(await silent.ended, 86)
})

test('a passphrase comes through a descriptor, also beside a message on stdin', async (t) => {
  const { alice, file, create } = await begin(t)
  await succeed(create('--passphrase-file', file(SECRET)))
  const env = isolatedEnvironment(alice.home, { SOTTO_HOME: alice.home })
  const run = (path: string, ...args: string[]) => {
    const fd = openSync(path, 'r')
    t.teardown(() => closeSync(fd))
    return spawnSync(process.execPath, [SOTTO, ...args, '--passphrase-fd', '3'], {
      ...{ env, input: 'beside a descriptor', encoding: 'utf8' as const },
      stdio: ['pipe', 'pipe', 'pipe', fd],
    })
  }

  const sent = run(file(SECRET), 'send', 'me', '-')
  const read = run(file(SECRET), 'history', 'me')
  const wrong = run(file(NEXT), 'history', 'me', '--json')
  const closed = await alice.run(['history', 'me', '--json', '--passphrase-fd', '9'])

  t.equal(sent.status, 0, sent.stderr)
  t.match(read.stdout, /beside a descriptor/)
  t.equal(wrong.status, 86)
  t.match(wrong.stderr, /store\/passphrase-wrong/)
  t.match(closed.error(), { code: 'usage/invalid', exit: 64 })
})

test('no passphrase and no key is in arguments, environment, logs, errors or a report of the process', async (t) => {
  const { alice, relay, file, create } = await begin(t)
  const reports = join(tempDir(t), 'reports')
  mkdirSync(reports)
  await succeed(create())
  const [keyFile = ''] = filesBelow(alice.home).filter((path) => path.endsWith('/key'))
  const key = readFileSync(keyFile)
  const given = ['--passphrase-file', file(SECRET)]
  await succeed(alice.run(['store', 'passphrase', '--new-passphrase-file', file(SECRET)]))
  const env = {
    SOTTO_LOG: 'debug',
    NODE_OPTIONS: `--report-on-signal --report-directory=${reports}`,
  }

  const owner = startSotto(t, alice.home, ['receive', '--follow', ...given], {
    env,
  })
  await succeed(untilOwned(alice))
  const proc = (name: string) => readFileSync(`/proc/${String(owner.pid)}/${name}`, 'latin1')
  const seen = [proc('environ'), proc('cmdline')]
  owner.signal('SIGUSR2')
  while (readdirSync(reports).length === 0) await alice.run(['version'])
  const wrong = await alice.run(['history', 'me', '--passphrase-file', file(NEXT)], {
    env: { SOTTO_LOG: 'debug' },
  })
  await relay.stop()
  await owner.stop()

  const markers = [SECRET, NEXT, key.toString('hex'), key.toString('base64')]
  const texts = [...seen, owner.stderr, owner.lines.join('\n'), wrong.stderr, wrong.stdout]
  t.same(findInText('process', texts.join('\n'), markers), [])
  t.same(findMarkers(filesBelow(reports), markers), [])
  t.same(findMarkers(filesBelow(alice.home), markers), [])
  t.ok(filesBelow(alice.home).every((path) => !readFileSync(path).includes(key)))
})
