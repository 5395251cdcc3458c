import { closeSync, openSync } from 'node:fs'

import { test } from 'tap'

import { historyOf, type Person } from '../harness/index.js'
import { beginPair } from './support/pair.js'

/** What a command does whose stdin is a folder, as in `< DIR`. */
async function runOnFolder(person: Person, args: readonly string[]) {
  const inputFd = openSync(person.home, 'r')
  try {
    return await person.run(args, { inputFd })
  } finally {
    closeSync(inputFd)
  }
}

test('a folder as stdin is an error of every command that reads it, and nothing is sent: 66', async (t) => {
  const { alice, bob } = await beginPair(t)
  for (const args of [
    ['send', bob.handle],
    ['send', bob.handle, '-'],
    ['send', bob.handle, '--lines'],
    ['send', '--ndjson'],
    ['verify', 'confirm', bob.handle, '--qr', '-'],
    ['receive', '--follow', '--as', 'bot', '--ack', 'manual'],
    ['chat', bob.handle, '--plain'],
  ]) {
    const outcome = await runOnFolder(alice, args)
    t.equal(outcome.code, 66, `${args.join(' ')}\n${outcome.stderr}`)
    t.match(outcome.stderr, /stdin is a folder {2}\[file\/unknown\]/)
  }
  t.same(await historyOf(alice, bob.handle), [])
})

test('a folder where a passphrase is read is an error, whichever way it is named', async (t) => {
  const { alice } = await beginPair(t)
  const behindFd = await runOnFolder(alice, ['store', 'passphrase', '--new-passphrase-fd', '0'])
  t.equal(behindFd.code, 64)
  t.match(behindFd.stderr, /no passphrase can be read there {2}\[usage\/invalid\]/)
  const named = await alice.run([
    ...['store', 'passphrase', '--new-passphrase-file', alice.home, '--json'],
  ])
  t.match(named.error(), { code: 'file/unknown', exit: 66 })
})

test('a stdin that may not be read is an error, not an input of nothing: 66', async (t) => {
  const { alice, bob, dir } = await beginPair(t)
  const inputFd = openSync(`${dir}/written`, 'w')
  const outcome = await alice.run(['send', bob.handle, '--lines', '--json'], { inputFd })
  closeSync(inputFd)
  t.match(outcome.error(), { code: 'file/unknown', message: 'stdin cannot be read' })
  t.equal(outcome.code, 66)
})
