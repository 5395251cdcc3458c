import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { IdentityKeyPair } from '@signalapp/libsignal-client'
import { test, type Test } from 'tap'

import { SOTTO, SOTTO_RELAY, sotto, startRelay, tempDir } from '../harness/index.js'
import { moveProgram } from './support/move-program.js'

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

test('help loads neither libsignal nor the database', async (t) => {
  const dir = tempDir(t)
  const program = moveProgram(SOTTO, join(dir, 'sotto-program'), [])

  const help = await sotto(join(dir, 'alice'), ['--help'], { program })
  const version = await sotto(join(dir, 'alice'), ['version'], { program })

  t.match(help, { code: 0, stdout: /Usage: sotto/, stderr: '' })
  t.match(version, { code: 0, stdout: /\d+\.\d+\.\d+/, stderr: '' })
})
