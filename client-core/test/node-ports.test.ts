import { spawnSync } from 'node:child_process'
import { test } from 'tap'
import { nodePorts } from '../src/node-ports.js'
import { CRASHPOINTS } from '../src/ports.js'

const NODE_PORTS = new URL('../src/node-ports.js', import.meta.url).href

function run(body: string, env: Readonly<Record<string, string>>) {
  return spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { nodePorts } from ${JSON.stringify(NODE_PORTS)}
       const ports = nodePorts()
       ${body}`,
    ],
    { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } },
  )
}

test('a crashpoint kills the process at its n-th hit, and at no other mark', async (t) => {
  const marks = `for (const name of ['send.sealed', 'send.composed', 'send.sealed', 'send.sealed']) {
    console.log(name)
    ports.crashpoint(name)
  }`
  const child = run(marks, { SOTTO_CRASHPOINT: 'send.sealed:2' })
  t.equal(child.signal, 'SIGKILL')
  t.equal(child.stdout, 'send.sealed\nsend.composed\nsend.sealed\n')
})

test('without a setting no crashpoint does anything', async (t) => {
  const { crashpoint } = nodePorts({})
  for (const name of CRASHPOINTS) crashpoint(name)
  t.pass()
})

test('a crashpoint that does not exist is a fault in the configuration', async (t) => {
  t.throws(() => nodePorts({ SOTTO_CRASHPOINT: 'send.nowhere' }), {
    code: 'config/invalid',
    exitCode: 78,
  })
  t.throws(() => nodePorts({ SOTTO_CRASHPOINT: 'send.sealed:0' }), { code: 'config/invalid' })
})

test('the log says nothing unless it is asked for', async (t) => {
  const child = run(`ports.log.warn('outbox.failed', { attempts: 3 })`, {})
  t.equal(child.stderr, '')
  t.equal(child.stdout, '')
})

test('the log writes one JSON object a line, to stderr, from its level up', async (t) => {
  const body = `ports.log.debug('inbox.duplicate', { bytes: 1 })
    ports.log.info('outbox.sealed', { envelopes: 2 })
    ports.log.warn('outbox.failed', { attempts: 3 })`
  const lines = (setting: string): unknown[] =>
    run(body, { SOTTO_LOG: setting })
      .stderr.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
  t.match(lines('1'), [
    { level: 'info', event: 'outbox.sealed', envelopes: 2 },
    { level: 'warn', event: 'outbox.failed', attempts: 3 },
  ])
  t.equal(lines('debug').length, 3)
  t.equal(lines('warn').length, 1)
})

test('random fractions lie in [0, 1) and random bytes differ', async (t) => {
  const { random } = nodePorts({})
  const fractions = Array.from({ length: 1000 }, () => random.fraction())
  t.ok(fractions.every((fraction) => fraction >= 0 && fraction < 1))
  t.ok(Math.min(...fractions) < 0.1 && Math.max(...fractions) > 0.9)
  t.notSame(random.bytes(16), random.bytes(16))
  t.equal(random.bytes(16).length, 16)
})

test('a timer longer than the platform can wait does not fire at once', async (t) => {
  const { clock } = nodePorts({})
  let fired = false
  const cancel = clock.after(2 ** 40, () => {
    fired = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  cancel()
  t.notOk(fired)
})
