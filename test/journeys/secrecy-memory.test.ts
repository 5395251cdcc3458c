import { join } from 'node:path'

import { test, type Test } from 'tap'

import { personAt, startRelay, succeed, tempDir } from '../harness/index.js'
import { findInMemory } from '../harness/memory.js'
import { HeapSnapshots } from './support/heap-snapshots.js'

const TEXT = 'xylophone-plaintext-marker'
const ALICE = 'alicememorymark'
const BOB = 'bobmemorymark'
const WORDS = [TEXT, ALICE, BOB]

/** What the relay may log: every event with its fields. */
const RELAY_EVENTS: Readonly<Record<string, readonly string[]>> = {
  'relay.ready': ['url', 'root'], // On stdout, for whoever started it.
  'relay.started': ['port', 'epoch', 'tookMs'],
  'relay.draining': ['sockets'],
  'relay.stopped': ['tookMs'],
  'store.swept': ['mailboxes', 'expired', 'tookMs'],
  'account.registered': [],
}
/** The same for a client. */
const CLIENT_EVENTS: Readonly<Record<string, readonly string[]>> = {
  'outbox.sealed': ['envelopes'],
  'outbox.accepted': ['envelopes'],
  'prekeys.published': ['ec', 'kyber'],
  'certificate.drawn': ['hoursLeft'],
  'permits.drawn': ['permits'],
  'connection.online': ['attempt'],
  'connection.lost': ['delayMs'],
}

async function beginTalk(t: Test) {
  const dir = tempDir(t)
  const snapshots = new HeapSnapshots(dir)
  const relay = await startRelay(t, { dir, env: snapshots.env })
  const alice = personAt(join(dir, 'a'), ALICE)
  const bob = personAt(join(dir, 'b'), BOB)
  const create = ['account', 'create', '--relay', relay.url, '--username']
  const log = { env: { SOTTO_LOG: 'debug' } }
  const run = [
    await succeed(alice.run([...create, `${ALICE}.42`], log)),
    await succeed(bob.run([...create, `${BOB}.42`], log)),
    await succeed(alice.run(['send', bob.handle, TEXT], log)),
    await succeed(bob.run(['receive'], log)),
    await succeed(bob.run(['contact', 'accept', alice.handle], log)),
    await succeed(bob.run(['send', alice.handle, TEXT], log)),
  ]
  return { relay, snapshots, clientLog: run.map(({ stderr }) => stderr).join('') }
}

test('nothing that was said, and nobody’s name, is in the memory of a running relay', async (t) => {
  const { relay, snapshots } = await beginTalk(t)

  const snapshot = await snapshots.take(relay.pid)
  const inMemory = findInMemory(relay.pid, WORDS)

  t.ok(snapshot.includes('mailbox'), 'the snapshot is one of the relay')
  t.same(
    WORDS.filter((word) => snapshot.includes(word)),
    [],
  )
  t.same(inMemory ?? [], [], {
    skip: inMemory === undefined && 'this machine lets nobody read memory',
  })
})

test('the search of memory finds what a process has in it', async (t) => {
  const planted = `planted-${String(process.pid)}`
  const found = findInMemory(process.pid, [planted, TEXT])
  t.ok(found === undefined || found.includes(planted))
})

test('relay and client log no event and no field that is not listed here', async (t) => {
  const { relay, clientLog } = await beginTalk(t)
  await relay.stop()

  const strayIn = (
    lines: readonly string[],
    events: Readonly<Record<string, readonly string[]>>,
  ): readonly string[] =>
    lines
      .filter((line) => line.startsWith('{'))
      .filter((line) => {
        const { event, ...fields } = JSON.parse(line) as Record<string, unknown>
        const allowed = events[String(event)]
        return (
          Object.keys(fields).some(
            (field) => !['at', 'ts', 'v', 'level', ...(allowed ?? [])].includes(field),
          ) || allowed === undefined
        )
      })
  const relayLog = [...relay.output.lines, ...relay.output.stderr.split('\n')]
  t.ok(clientLog.includes('outbox.sealed') && relayLog.length > 3, 'both have logged')
  t.same(strayIn(relayLog, RELAY_EVENTS), [])
  t.same(strayIn(clientLog.split('\n'), CLIENT_EVENTS), [])
})
