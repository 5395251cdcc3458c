import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import { IdentityKeyPair } from '@signalapp/libsignal-client'
import { test, type Test } from 'tap'

import {
  SOTTO,
  SOTTO_RELAY,
  sotto,
  startRelay,
  succeed,
  tempDir,
  type ProgramProcess,
} from '../harness/index.js'
import { moveProgram } from './support/move-program.js'
import { follow } from './support/owner.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

test('the programs run from another folder, with their compiled parts beside them', async (t) => {
  const dir = tempDir(t)
  const relayProgram = moveProgram(SOTTO_RELAY, join(dir, 'relay-program'), ['prebuilds'])
  const program = moveProgram(SOTTO, join(dir, 'sotto-program'), ['prebuilds'])

  const relay = await startRelay(t, { dir: join(dir, 'relay'), program: relayProgram })
  const created = await sotto(
    join(dir, 'alice'),
    ['account', 'create', '--relay', relay.url, '--username', 'alice.42', '--json'],
    { program },
  )

  t.match(created, { code: 0 }, created.stderr)
  t.match(created.json<object>(), { v: 1, account: { username: 'alice.42', device: 1 } })
  t.match(await relay.stop(), { code: 0 })
})

/** The relay's window, so that all of it is on its way. */
const BACKLOG = 250

/** How many threads a process has; Linux only. */
function threadsOf({ pid }: ProgramProcess): number {
  return readdirSync(`/proc/${String(pid)}/task`).length
}

/** What a thread says first, and then to the one thing that it is asked. */
function answersOf(t: Test, program: string, workerData: unknown, asked: unknown) {
  const thread = new Worker(program, { workerData })
  t.teardown(() => thread.terminate())
  return new Promise<readonly unknown[]>((resolve, reject) => {
    const answers: unknown[] = []
    thread.on('error', reject)
    thread.on('message', (answer: unknown) => {
      answers.push(answer)
      if (answers.length === 1) thread.postMessage(asked)
      else resolve(answers)
    })
  })
}

test('the program has its second thread beside it, wherever it was moved', async (t) => {
  const program = moveProgram(SOTTO, join(tempDir(t), 'sotto-program'), ['prebuilds'])
  const keys = {
    ...{ account: '9d0652a3-dcc3-8d11-975f-74d61598733f', device: 1 },
    identityPair: IdentityKeyPair.generate().serialize(),
  }

  const thread = join(dirname(program), 'unseal-main.js')
  const answers = await answersOf(t, thread, keys, [new Uint8Array(1024)])

  t.same(answers, ['ready', [undefined]]) // Bytes that were sealed for nobody.
})

test('the built program begins its second thread for a backlog, and ends with it', async (t) => {
  if (availableParallelism() < 2) {
    t.pass('there is one processor, and so no thread')
    return
  }
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'hello'])) // Strangers may not write so much.
  await succeed(bob.run(['receive']))
  await succeed(alice.run(['receive']))
  const following = await follow(t, bob, 'message.received', { SOTTO_LOG: 'debug' })
  const before = threadsOf(following)
  // All of it is there before the first of it is read, so that the batches are full.
  following.signal('SIGSTOP')
  const texts = Array.from({ length: BACKLOG }, (_, index) => `line ${String(index)}`)
  await succeed(alice.run(['send', bob.handle, '--lines'], { input: texts.join('\n') }))
  following.signal('SIGCONT')
  const received: (string | undefined)[] = []
  while (received.length < texts.length)
    received.push(...textsOf([await following.json<EventLine>()]))
  while (!following.stderr.includes('"thread.ready"')) await wait(20)
  const beside = threadsOf(following)

  t.same(received, texts)
  t.ok(beside > before, `${String(before)} threads, then ${String(beside)}`)
  t.match(await following.stop(), { code: 143 })
})

test('help loads neither libsignal nor the database', async (t) => {
  const dir = tempDir(t)
  const program = moveProgram(SOTTO, join(dir, 'sotto-program'), [])

  const help = await sotto(join(dir, 'alice'), ['--help'], { program })
  const version = await sotto(join(dir, 'alice'), ['version'], { program })

  t.match(help, { code: 0, stdout: /Usage: sotto/, stderr: '' })
  t.match(version, { code: 0, stdout: /\d+\.\d+\.\d+/, stderr: '' })
})
