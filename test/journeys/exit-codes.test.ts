import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import Database from '@signalapp/sqlcipher'
import { EXITS } from '@sotto/cli'
import { test, type Test } from 'tap'

import {
  isolatedEnvironment,
  makePerson,
  SOTTO,
  sotto,
  startRelay,
  startSotto,
  succeed,
  tempDir,
} from '../harness/index.js'
import { startBrokenRelay, type Fault } from './support/broken-relay.js'
import { startForwardingProxy } from './support/forwarding-proxy.js'
import { moveProgram } from './support/move-program.js'
import { beginPair } from './support/pair.js'

/** How a command ended, and the code its error had. */
interface Ended {
  readonly exit: number | null
  readonly code?: string
}

type Producer = (t: Test) => Promise<Ended>

/** Runs a command with --json and answers how it ended. */
async function ended(home: string, ...args: string[]): Promise<Ended> {
  return endOf(await sotto(home, [...args, '--json'], { timeoutMs: 90_000 }))
}

function endOf(outcome: Awaited<ReturnType<typeof sotto>>): Ended {
  const { code: exit, stderr } = outcome
  return stderr.includes('"error"') ? { exit, code: outcome.error().code } : { exit }
}

/** Alice's account, and something else in the place of its relay. */
async function withBrokenRelay(t: Test, fault: Fault): Promise<string> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const { home, run } = await makePerson(relay, dir, 'alice')
  await succeed(run(['receive'])) // It has permits by then, and asks what they are for.
  await relay.stop()
  await startBrokenRelay(t, { fault, port: relay.port })
  return home
}

/** Following, then ended by a signal. */
async function signalled(t: Test, signal: NodeJS.Signals): Promise<Ended> {
  const { alice, bob } = await beginPair(t)
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json'])
  await succeed(alice.run(['send', bob.handle, 'it runs']))
  await following.json()
  following.signal(signal)
  return { exit: (await following.ended).code }
}

/** In the database of a relay with two accounts, each now has the other's keys. */
function swapManifests(path: string): void {
  const database = new Database(path)
  // The account of zeros answers for those that do not exist.
  const accounts = database
    .prepare(
      `SELECT account, manifest AS keys, manifest_signature AS signature, manifest_hash AS hash
       FROM account WHERE account <> zeroblob(16)`,
    )
    .all<Record<'account' | 'keys' | 'signature' | 'hash', Uint8Array<ArrayBuffer>>>()
  const change = database.prepare(
    'UPDATE account SET manifest = ?, manifest_signature = ?, manifest_hash = ? WHERE account = ?',
  )
  for (const [index, { account }] of accounts.entries()) {
    const { keys, signature, hash } = accounts.at(index - 1)!
    change.run([keys, signature, hash, account])
  }
  database.close()
}

/** Every code of the table, with what brings it about: real programs and real faults. */
const PRODUCERS: Readonly<Record<number, Producer>> = {
  0: async (t) => ended(tempDir(t), 'version'),

  1: async (t) => {
    const { bob } = await beginPair(t)
    return ended(bob.home, 'receive', '--type', 'gap', '--fail-if-empty')
  },

  64: async (t) => ended(tempDir(t), 'frobnicate'),

  65: async (t) => {
    const { alice, bob } = await beginPair(t)
    return ended(alice.home, 'send', bob.handle, '')
  },

  66: async (t) => ended(tempDir(t), 'account', 'list', '--config', '/nowhere/sotto.toml'),

  67: async (t) => {
    const { alice } = await beginPair(t)
    return ended(alice.home, 'send', '@nobody.99', 'hi')
  },

  69: async (t) => {
    const { alice, bob, relay } = await beginPair(t)
    await relay.stop()
    return ended(alice.home, 'send', bob.handle, 'hi', '--no-queue')
  },

  // A bug cannot be asked for; a program that lost one of its own files has met one.
  70: async (t) => {
    const dir = tempDir(t)
    const program = moveProgram(SOTTO, join(dir, 'program'), [])
    const dist = dirname(program)
    for (const part of readdirSync(dist)) {
      if (part.startsWith('part-schemas-')) rmSync(join(dist, part))
    }
    return endOf(await sotto(dir, ['schema', '--json'], { program }))
  },

  // A device that is always full.
  74: async (t) => {
    const home = tempDir(t)
    const full = openSync('/dev/full', 'w')
    const env = isolatedEnvironment(home)
    const { status, stderr } = spawnSync(process.execPath, [SOTTO, 'version', '--json'], {
      env,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    const { error } = JSON.parse(stderr) as { error: { code: string } }
    return { exit: status, code: error.code }
  },

  75: async (t) => ended(await withBrokenRelay(t, 'silence'), 'contact', 'add', '@bob.42'),

  76: async (t) => ended(await withBrokenRelay(t, 'garbage'), 'contact', 'add', '@bob.42'),

  77: async (t) => {
    const { dir, relay } = await beginPair(t)
    const create = ['account', 'create', '--relay', relay.url, '--username', 'alice.42']
    return ended(join(dir, 'eve'), ...create)
  },

  78: async (t) => {
    const outcome = await sotto(tempDir(t), ['version', '--json'], {
      env: { SOTTO_TIMEOUT: 'soon' },
    })
    return endOf(outcome)
  },

  79: async (t) => {
    const { alice, bob, relay } = await beginPair(t)
    await relay.stop()
    return ended(alice.home, 'send', bob.handle, 'hi', '--timeout', '1s')
  },

  // A relay that lies: asked for Bob's keys, it gives those of Alice.
  80: async (t) => {
    const dir = tempDir(t)
    const relay = await startRelay(t, { dir })
    const alice = await makePerson(relay, dir, 'alice')
    const bob = await makePerson(relay, dir, 'bob')
    await relay.stop()
    swapManifests(join(relay.dataDir, 'relay.db'))
    await startRelay(t, { dir, port: relay.port })
    return ended(alice.home, 'send', bob.handle, 'hi')
  },

  81: async (t) => {
    const { alice, bob } = await beginPair(t)
    return ended(alice.home, 'send', bob.handle, '@nobody.99', 'hi')
  },

  82: async (t) => {
    const dir = tempDir(t)
    const limits = [
      '--registration',
      'open',
      '--limit',
      'addressSignups=1',
      '--trusted-proxy',
      '127.0.0.1',
    ]
    const proxy = await startForwardingProxy(t, await startRelay(t, { dir, args: limits }))
    await sotto(join(dir, 'alice'), ['account', 'create', '--relay', proxy.url])
    return ended(join(dir, 'eve'), 'account', 'create', '--relay', proxy.url)
  },

  83: async (t) => {
    const { alice, bob } = await beginPair(t)
    const following = startSotto(t, bob.home, ['receive', '--follow', '--json'])
    await succeed(alice.run(['send', bob.handle, 'it runs']))
    await following.json()
    return ended(bob.home, 'send', alice.handle, 'hi', '--no-daemon')
  },

  84: async (t) => ended(tempDir(t), 'contact', 'list'),

  85: async (t) => {
    const { alice, bob } = await beginPair(t)
    return ended(alice.home, 'send', bob.handle, 'hi', '--wait', 'read', '--timeout', '1s')
  },

  86: async (t) => {
    const dir = tempDir(t)
    const relay = await startRelay(t, { dir })
    const secret = join(dir, 'secret')
    writeFileSync(secret, 'correct horse battery staple\n', { mode: 0o600 })
    const home = join(dir, 'alice')
    const create = ['account', 'create', '--relay', relay.url, '--username', 'alice.42']
    await succeed(sotto(home, [...create, '--passphrase-file', secret]))
    return ended(home, 'contact', 'list')
  },

  129: (t) => signalled(t, 'SIGHUP'),
  130: (t) => signalled(t, 'SIGINT'),
  143: (t) => signalled(t, 'SIGTERM'),
}

/** Every other code comes with an error that names its own. */
const SILENT: readonly number[] = [0, 129, 130, 143]

for (const [code, produce] of Object.entries(PRODUCERS)) {
  const exit = Number(code)
  test(`exit code ${code}: ${EXITS[exit] ?? 'not in the table'}`, async (t) => {
    const end = await produce(t)
    t.equal(end.exit, exit, `its error: ${end.code ?? 'none'}`)
    t.equal(end.code === undefined, SILENT.includes(exit))
  })
}

test('every exit code of the table is brought about here', async (t) => {
  t.same(Object.keys(PRODUCERS), Object.keys(EXITS))
})
