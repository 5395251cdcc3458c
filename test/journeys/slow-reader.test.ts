import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import { test } from 'tap'

import { isolatedEnvironment, SOTTO, startSotto, succeed, type Person } from '../harness/index.js'
import { beginPair, type EventLine } from './support/pair.js'

/** 80 MB of them, in as few commits as will do. */
const EVENTS = 4_000
const TEXT_BYTES = 20_000

function start(person: Person, args: readonly string[], stdout: 'pipe' | number) {
  const child = spawn(process.execPath, [SOTTO, ...args], {
    env: { ...isolatedEnvironment(person.home), SOTTO_HOME: person.home },
    stdio: ['ignore', stdout, 'pipe'],
  })
  const told = { stderr: '' }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (told.stderr += text))
  return { child, told }
}

/** Resident memory of a process, in MB. */
function residentMb(pid: number): number {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

test('a reader that stops reading holds receive up, and costs no memory', async (t) => {
  const { alice } = await beginPair(t)
  const text = 'x'.repeat(TEXT_BYTES)
  const input = `${text}\n`.repeat(EVENTS)
  await succeed(alice.run(['send', 'me', '--lines'], { input, timeoutMs: 600_000 }))

  const { child } = start(alice, ['receive', '--json', '--as', 'slow', '--drain'], 'pipe')
  t.teardown(() => child.kill('SIGKILL'))
  const stdout = child.stdout
  if (stdout === null || child.pid === undefined) throw new Error('it was started with a pipe')
  await once(stdout, 'readable') // It has begun; nobody reads on.
  const before = residentMb(child.pid)
  await delay(3000) // Long enough to print all of it, were it not held up.
  const after = residentMb(child.pid)
  let lines = 0
  stdout.on('data', (chunk: Buffer) => (lines += chunk.filter((byte) => byte === 0x0a).length))
  await once(child, 'close')

  t.equal(child.exitCode, 0)
  t.equal(lines, EVENTS, 'it goes on where it was held up')
  t.ok(after < before + 40, `${before.toFixed()} MB, then ${after.toFixed()} MB`)
})

test('what could not be written to a full disk is 74, and comes again', async (t) => {
  const { alice } = await beginPair(t)
  await succeed(alice.run(['send', 'me', 'note']))

  const receive = start(alice, ['receive', '--json'], openSync('/dev/full', 'w'))
  await once(receive.child, 'close')
  const exported = start(alice, ['export', '--json'], openSync('/dev/full', 'w'))
  await once(exported.child, 'close')

  t.equal(receive.child.exitCode, 74)
  t.match(receive.told.stderr, /"store\/full"/)
  t.equal(exported.child.exitCode, 74)
  const again = await succeed(alice.run(['receive', '--json']))
  t.match(again.jsonLines<EventLine>()[0], { type: 'message.sent' })
})

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`lines that were told before ${signal} are on disk: ${String(code)}`, async (t) => {
    const { relay, alice, bob } = await beginPair(t)
    await relay.stop()
    const sending = startSotto(t, alice.home, ['send', bob.handle, '--lines', '--json'])
    sending.write('one\ntwo\n')
    await sending.json()
    await sending.json()

    sending.signal(signal)

    t.match(await sending.ended, { code, signal: null })
    t.equal((await alice.run(['outbox', 'list', '--json'])).jsonLines().length, 2)
  })
}
