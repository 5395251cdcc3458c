import { test } from 'tap'

import { TOPICS } from '../src/help/topics.js'
import { run } from '../src/run.js'
import { worldOf, type TestWorldOptions } from './support/world.js'

async function outcomeOf(argv: readonly string[], options?: TestWorldOptions) {
  const world = worldOf(argv, options)
  const exitCode = await run(world)
  return { exitCode, out: world.out(), err: world.err() }
}

test('without a command and without a terminal sotto prints short help', async (t) => {
  const { exitCode, out, err } = await outcomeOf([], { stdin: '' })
  t.equal(exitCode, 0)
  t.match(out, /sotto send/)
  t.equal(err, '')
})

test('version prints one line, or an object', async (t) => {
  t.match(await outcomeOf(['version']), { exitCode: 0, out: /^sotto \d+\.\d+\.\d+\n$/ })
  t.same(await outcomeOf(['--version']), await outcomeOf(['version']))
  const { out } = await outcomeOf(['version', '--json'])
  t.match(JSON.parse(out), { v: 1, version: /^\d/ })
})

for (const topic of Object.keys(TOPICS)) {
  test(`sotto help ${topic} explains it`, async (t) => {
    const { exitCode, out } = await outcomeOf(['help', topic])
    t.equal(exitCode, 0)
    t.ok(out.length > 200)
    t.same(
      out.split('\n').filter((line) => line.length > 92),
      [],
    )
  })
}

test('sotto help with a command is the help of that command', async (t) => {
  const { out } = await outcomeOf(['help', 'contact', 'add'])
  t.match(out, /Usage: sotto contact add/)
  t.equal(out, (await outcomeOf(['contact', 'add', '--help'])).out)
})

test('help on what does not exist names the topics', async (t) => {
  t.match(await outcomeOf(['help', 'exit-code']), { exitCode: 64, err: /sotto help exit-codes\?/ })
})

test('an error says what happened, its code, and below it what to do', async (t) => {
  const { exitCode, out, err } = await outcomeOf(['send', 'bob', 'hi'])
  t.equal(exitCode, 67)
  t.equal(out, '')
  t.match(
    err,
    /^error: bob is not a recipient {2}\[recipient\/unknown\]\n {2}Did you mean @bob\?\n/,
  )
})

test('with --json an error is one object on stderr, whatever is wrong', async (t) => {
  const { exitCode, out, err } = await outcomeOf(['--json', 'frobnicate'])
  t.equal(exitCode, 64)
  t.equal(out, '')
  t.match(JSON.parse(err), {
    v: 1,
    error: { code: 'usage/invalid', exit: 64, retryable: false, retryAfterMs: null },
  })
})

test('SOTTO_JSON makes errors JSON too', async (t) => {
  const { err } = await outcomeOf(['frobnicate'], { env: { SOTTO_JSON: '1' } })
  t.equal((JSON.parse(err) as { v: number }).v, 1)
})

test('a wrong variable is a configuration error', async (t) => {
  t.match(await outcomeOf(['version'], { env: { SOTTO_TIMEOUT: 'soon' } }), {
    exitCode: 78,
    err: /SOTTO_TIMEOUT/,
  })
})

test('a configuration file that is not there is an error, and no reason to have no help', async (t) => {
  t.match(await outcomeOf(['contact', 'list', '--config', 'x.toml']), { exitCode: 66 })
  t.match(await outcomeOf(['version', '--config', 'x.toml']), { exitCode: 0 })
})

test('send on a terminal without a text prints its help and ends', async (t) => {
  const { exitCode, err } = await outcomeOf(['send', '@bob'])
  t.equal(exitCode, 64)
  t.match(err, /Usage: sotto send[^]*error: no text/)
})

test('an empty stdin is no message', async (t) => {
  t.match(await outcomeOf(['send', '@bob'], { stdin: '\n' }), { exitCode: 65, err: /empty/ })
  t.match(await outcomeOf(['send', '@bob', '']), { exitCode: 65 })
})

test('a text that does not fit is refused whole', async (t) => {
  const stdin = 'x'.repeat(61 * 1024)
  t.match(await outcomeOf(['send', '@bob'], { stdin }), {
    exitCode: 65,
    err: /content\/too-large/,
  })
})

test('account create without a relay says how', async (t) => {
  t.match(await outcomeOf(['account', 'create']), { exitCode: 64, err: /--relay/ })
})

test('--follow and --timeout together are a usage error', async (t) => {
  t.match(await outcomeOf(['receive', '--follow', '--timeout', '5s']), { exitCode: 64 })
})

test('an event type that does not exist is a usage error', async (t) => {
  t.match(await outcomeOf(['receive', '--type', 'message.recieved']), {
    exitCode: 64,
    err: /Did you mean message\.received\?/,
  })
})

test('colour is only for terminals that want it', async (t) => {
  const red = '\u001b[31m'
  t.match((await outcomeOf(['frob'], { terminal: true })).err, red)
  t.notMatch((await outcomeOf(['frob'], { terminal: true, env: { NO_COLOR: '1' } })).err, red)
  t.notMatch((await outcomeOf(['frob'], { terminal: true, env: { TERM: 'dumb' } })).err, red)
  t.notMatch((await outcomeOf(['frob', '--no-color'], { terminal: true })).err, red)
  t.notMatch((await outcomeOf(['frob'])).err, red)
})
