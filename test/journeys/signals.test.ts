import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

import { test } from 'tap'

import {
  historyOf,
  isolatedEnvironment,
  SOTTO,
  startSotto,
  succeed,
  type Environment,
  type Person,
  type ProgramProcess,
} from '../harness/index.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'
import { openTerminal } from './support/terminal.js'

function environmentOf({ home }: Person): Environment {
  return { ...isolatedEnvironment(home), SOTTO_HOME: home }
}

/** Runs a line of the shell in which `$sotto` is the program. */
function shell(person: Person, line: string) {
  const env = { ...environmentOf(person), sotto: `${process.execPath} ${SOTTO}` }
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', line], {
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('a history of which only the beginning is read ends quietly with 0', async (t) => {
  const { alice, bob } = await beginPair(t)
  // More than a pipe holds, so that the reader is gone before all is written.
  const lines = Array.from({ length: 8 }, (_, n) => `${String(n)} ${'x'.repeat(30_000)}`)
  for (const text of lines) await succeed(alice.run(['send', bob.handle], { input: text }))

  const { status, stdout, stderr } = shell(alice, `$sotto history ${bob.handle} | head -c 20`)

  t.match({ status, stderr }, { status: 0, stderr: '' })
  t.equal(stdout.length, 20)
})

test('receive --follow whose reader leaves ends with 0 at the next event, which is not lost', async (t) => {
  const { alice, bob } = await beginPair(t)
  const args = ['receive', '--follow', '--json', '--type', 'message.received']
  const child = spawn(process.execPath, [SOTTO, ...args], {
    env: environmentOf(bob),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = once(child, 'close')
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await succeed(alice.run(['send', bob.handle, 'one']))
  await once(child.stdout, 'data')

  child.stdout.destroy()
  await succeed(alice.run(['send', bob.handle, 'two']))
  await ended
  const left = await succeed(bob.run(['receive', '--json', '--type', 'message.received']))

  t.match({ code: child.exitCode, stderr }, { code: 0, stderr: '' })
  t.same(textsOf(left.jsonLines<EventLine>()), ['two'])
})

test('without stdout or stdin a command does its work', async (t) => {
  const { alice, bob } = await beginPair(t)
  t.match(shell(alice, `$sotto send ${bob.handle} unseen >&-`), { status: 0, stderr: '' })
  t.match(shell(alice, `$sotto send ${bob.handle} deaf <&-`), { status: 0, stderr: '' })
  t.match(shell(alice, `$sotto send ${bob.handle} <&-`), { status: 65, stderr: /empty/ })
  t.match(shell(alice, `$sotto send ${bob.handle} mute 2>&-`), { status: 0 })
  t.same(
    (await historyOf(alice, bob.handle)).map(({ message }) => message.text),
    ['unseen', 'deaf', 'mute'],
  )
})

for (const [signal, exit] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`send --wait that gets ${signal} ends ${String(exit)}, its message on disk`, async (t) => {
    const { alice, bob } = await beginPair(t)
    const args = ['send', bob.handle, 'waiting', '--wait', 'read', '--timeout', '5m', '-v']
    const sending = startSotto(t, alice.home, args)
    await told(sending, 'outbox.accepted')

    sending.signal(signal)

    t.match(await sending.ended, { code: exit, signal: null })
    t.match(await historyOf(alice, bob.handle), [{ message: { text: 'waiting' } }])
  })
}

test('a second Ctrl-C does not wait for anything', async (t) => {
  const { bob } = await beginPair(t)
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json', '-v'])
  await told(following, '"log"')

  following.signal('SIGINT')
  following.signal('SIGINT')

  t.match(await following.ended, { code: 130, signal: null })
})

test('Ctrl-C at a question answers nothing and ends 130', async (t) => {
  const { alice, bob } = await beginPair(t)
  const env = { ...environmentOf(alice), TERM: 'xterm', NO_COLOR: '1' }
  const args = ['contact', 'remove', bob.handle]
  const asking = openTerminal(t, { program: SOTTO, args, env })
  await asking.shows(/\?/)

  asking.type('\u0003')

  t.equal(await asking.ended, 130)
  t.match((await succeed(alice.run(['contact', 'list']))).stdout, /@bob\.42/)
})

/** Until a program has said this on stderr. */
async function told(running: ProgramProcess, words: string): Promise<void> {
  while (!running.stderr.includes(words)) {
    if (!running.running) throw new Error(`ended without a word of ${words}:\n${running.stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
