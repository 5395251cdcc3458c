import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { wire } from '@sotto/protocol'
import { historyOf, makePair, startRelay, succeed, tempDir } from '../harness/index.js'
import { smallDisk } from '../harness/small-disk.js'
import { flood } from '../harness/stranger.js'

const NO_MOUNT = 'needs the right to mount a small file system'
/** Large beside the 16 MiB that the relay writes ahead: a fifth of it is the reserve. */
const DISK_MIB = 256
const FREE_BYTES = 100 * 2 ** 20
const SPARE_BYTES = 8 * 2 ** 20
const ROOM = ['strangerBytes', 'mailboxBytes', 'strangerEnvelopes'].flatMap((each) => [
  '--limit',
  `${each}=${String(10_000_000 * (each.endsWith('Bytes') ? 100 : 1))}`,
])

/** Waits until the relay says of itself that it is as it should be by then. */
async function untilReadiness(url: string, is: RegExp): Promise<void> {
  while (!is.test(await (await fetch(`${url}/readyz`)).text())) await wait(100)
}

test('a relay whose disk strangers fill turns them away, carries on for contacts, and loses nothing', async (t) => {
  const dir = tempDir(t)
  const disk = smallDisk(t, join(dir, 'data'), DISK_MIB)
  if (disk === undefined) {
    t.pass(NO_MOUNT, { skip: NO_MOUNT })
    return
  }
  const relay = await startRelay(t, { dir, args: ROOM })
  const { alice, bob } = await makePair(relay, dir)

  // From then on neither is a stranger to the other.
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive', '--drain']))
  await succeed(bob.run(['send', alice.handle, 'hello yourself']))
  await succeed(alice.run(['receive', '--drain']))
  disk.fill(FREE_BYTES)
  const flooded = await flood(relay.url, bob.home)
  await succeed(alice.run(['send', bob.handle, 'with strangers turned away']))
  disk.fill(SPARE_BYTES)
  await untilReadiness(relay.url, /^busy, disk 3/)
  const queued = await alice.run(['send', bob.handle, 'kept here', '--json'])
  await succeed(bob.run(['receive', '--drain']))
  disk.free()
  await untilReadiness(relay.url, /^ready\n/)
  await succeed(alice.run(['outbox', 'retry', '--timeout', '20s']))
  await succeed(bob.run(['receive', '--drain']))

  t.match(flooded.refusal, { code: wire.ErrorCode.UNAVAILABLE, retryAfterMs: 5_000 })
  t.ok(flooded.taken > 100, `${String(flooded.taken)} were taken first`)
  t.equal(queued.code, 79, queued.stderr)
  t.same(
    (await historyOf(bob, alice.handle)).map((line) => line.message.text),
    ['hello', 'hello yourself', 'with strangers turned away', 'kept here'],
  )
  t.match(relay.output.stderr, /"pressure.changed"/)
  t.notMatch(relay.output.stderr, /"store.failed"/, 'the disk was never full')
})
