import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { COMMANDS } from '@sotto/cli'
import { test, type Test } from 'tap'

import {
  isolatedEnvironment,
  personAt,
  SOTTO,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Environment,
  type Person,
} from '../harness/index.js'

const EXAMPLE_MS_MAX = 75_000

/**
 * Examples that end otherwise in any scene: there is no terminal to ask or talk on, a relay of the documentation's
 * is nobody's, an id is nobody's message, nothing is set and no account is locked.
 */
const OTHERWISE: Readonly<Record<string, number>> = {
  'sotto chat @bob.42': 64,
  'sotto account delete alice.42 --export alice.ndjson': 64,
  'sotto invite revoke i_3f9a1c0b77': 67,
  'sotto account create --relay https://relay.example --username alice.42': 69,
  'sotto message receipts m_01J9ABCD --json': 67,
  'sotto message edit m_01J9ABCD "at eight, not seven"': 67,
  'date | sotto message edit m_01J9ABCD -': 67,
  'sotto message delete m_01J9ABCD --everyone --yes': 67,
  'sotto store passphrase': 86,
  'sotto store passphrase --remove': 1,
  'sotto config get timeout': 1,
  'sotto outbox show m_01J9ABCD --json': 67,
  'sotto outbox retry m_01J9ABCD': 67,
  'sotto outbox cancel m_01J9ABCD': 67,
}

/** What examples call that is not sotto: enough of each for the example to run. */
const OTHER_PROGRAMS: Readonly<Record<string, string>> = {
  make: 'echo built',
  tail: 'case $1 in -f) echo "ERROR disk full" ;; *) exec /usr/bin/tail "$@" ;; esac',
  jq: 'cat',
  // ssh bob …: what bob's machine would do.
  ssh: 'shift; SOTTO_HOME="$BOBS_HOME" exec "$@"',
}

interface Invited {
  readonly invite: { readonly link: string }
}

interface Scene {
  readonly dir: string
  /** Alice's home as every example finds it. */
  readonly home: string
  readonly bob: Person
}

async function create(dir: string, relay: string, name: string, number: string): Promise<Person> {
  const person = { ...personAt(join(dir, name), name), handle: `@${name}.${number}` }
  const username = person.handle.slice(1)
  await succeed(person.run(['account', 'create', '--relay', relay, '--username', username]))
  return person
}

/** Alice, who knows Bob, has requests of Carol and Eve, a second account and a few messages. */
async function prepareScene(t: Test): Promise<Scene> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await create(dir, relay.url, 'alice', '42')
  const bob = await create(dir, relay.url, 'bob', '42')
  const carol = await create(dir, relay.url, 'carol', '77')
  const eve = await create(dir, relay.url, 'eve', '66')
  await create(dir, relay.url, 'ops', '77')
  for (const args of [
    ['account', 'create', '--relay', relay.url, '--username', 'work.42'],
    ['account', 'use', 'alice.42'],
    ['contact', 'add', '@bob.42', '--as', 'bob'],
  ]) {
    await succeed(alice.run(args))
  }
  await succeed(bob.run(['contact', 'add', '@alice.42']))
  await succeed(alice.run(['send', '@bob', 'deploy failed https://ci.example/4312']))
  await succeed(bob.run(['send', '@alice.42', 'roll back then']))
  await succeed(carol.run(['send', '@alice.42', 'lunch?']))
  await succeed(eve.run(['send', '@alice.42', 'win a prize']))
  // Everything is on her disk, and her default consumer has printed none of it.
  await succeed(alice.run(['receive', '--as', 'scene']))
  const { stdout } = await succeed(bob.run(['verify', 'show', '@alice.42', '--json']))
  const { verify } = JSON.parse(stdout) as { readonly verify: { readonly safetyNumber: string } }
  writeFileSync(join(dir, 'from-bob.txt'), `${verify.safetyNumber}\n`)
  const invited = await succeed(carol.run(['invite', 'create', '--json']))
  writeFileSync(join(dir, 'invite.txt'), invited.json<Invited>().invite.link)
  for (const person of [bob, carol]) startSotto(t, person.home, ['receive', '--follow', '--json'])
  installPrograms(join(dir, 'bin'))
  return { dir, home: alice.home, bob }
}

function installPrograms(bin: string): void {
  mkdirSync(bin)
  const programs = { ...OTHER_PROGRAMS, sotto: `exec '${process.execPath}' '${SOTTO}' "$@"` }
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
}

interface Ended {
  readonly code: number | null
  readonly stderr: string
}

/** Runs a line in a shell, in a copy of Alice's home: no example sees what another did. */
function runExample(scene: Scene, example: string, index: number): Promise<Ended> {
  const home = join(scene.dir, `copy-${String(index)}`)
  cpSync(scene.home, home, { recursive: true, filter: (path) => !path.endsWith('.sock') })
  const folder = join(home, 'work')
  mkdirSync(folder)
  for (const name of ['from-bob.txt', 'invite.txt']) {
    cpSync(join(scene.dir, name), join(folder, name))
  }
  for (const name of ['old', 'new']) {
    writeFileSync(join(folder, name), `the ${name} passphrase\n`, { mode: 0o600 })
  }
  const child = spawn('bash', ['-o', 'pipefail', '-c', example], {
    cwd: folder,
    env: environmentOf(scene, home),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // A group of its own: whatever hangs in it can be ended.
  })
  const late = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), EXAMPLE_MS_MAX)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(late)
      resolve({ code, stderr })
    })
  })
}

function environmentOf({ dir, bob }: Scene, home: string): Environment {
  const { PATH = '', ...env } = isolatedEnvironment(home, { SOTTO_HOME: home })
  return {
    ...env,
    PATH: `${join(dir, 'bin')}${delimiter}${PATH}`,
    EDITOR: 'true',
    BOBS_HOME: bob.home,
  }
}

test('every example of the command table runs as it stands', async (t) => {
  const scene = await prepareScene(t)
  const examples = COMMANDS.flatMap(({ hidden, examples }) => (hidden === true ? [] : examples))
  for (const [index, example] of examples.entries()) {
    const { code, stderr } = await runExample(scene, example, index)
    t.equal(code, OTHERWISE[example] ?? 0, `${example}\n${stderr}`)
  }
})

test('an example that ends otherwise ends as its row says', async (t) => {
  const unsaid = Object.entries(OTHERWISE).filter(([example, exit]) => {
    const spec = COMMANDS.find(({ examples }) => examples.includes(example))
    return exit !== 64 && spec?.exits.includes(exit) !== true
  })
  t.same(unsaid, [])
})
