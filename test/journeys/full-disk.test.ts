import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import {
  historyOf,
  makePair,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'
import { smallDisk } from '../harness/small-disk.js'

const NO_MOUNT = 'needs the right to mount a small file system'

/** Two people and their relay, one of them on a small disk; undefined, the test skipped, where there can be none. */
async function begin(t: Test, who: 'alice' | 'bob') {
  const dir = tempDir(t)
  const disk = smallDisk(t, join(dir, who), 4)
  if (disk === undefined) {
    t.pass(NO_MOUNT, { skip: NO_MOUNT })
    return undefined
  }
  const relay = await startRelay(t, { dir })
  return { disk, relay, ...(await makePair(relay, dir)) }
}

/** Whoever opens the store next makes the index of its log anew. */
function removeLogIndex({ home }: Person): void {
  const accounts = join(home, 'accounts')
  for (const name of readdirSync(accounts)) rmSync(join(accounts, name, 'store.db-shm'))
}

test('on a full disk a send says so, keeps nothing and works again when there is room', async (t) => {
  const scene = await begin(t, 'alice')
  if (scene === undefined) return
  const { disk, alice, bob } = scene
  await succeed(alice.run(['send', bob.handle, 'before']))

  disk.fill()
  const full = await alice.run(['send', bob.handle, 'while full', '--json'])
  disk.free()
  await succeed(alice.run(['send', bob.handle, 'after']))
  await succeed(bob.run(['receive']))

  t.equal(full.code, 74)
  t.match(full.error(), { code: 'store/full', exit: 74 })
  t.same(
    (await historyOf(bob, alice.handle)).map((line) => line.message.text),
    ['before', 'after'],
  )
})

test('on a full disk everything that is stored can be read', async (t) => {
  const scene = await begin(t, 'alice')
  if (scene === undefined) return
  const { disk, relay, alice, bob } = scene
  await succeed(alice.run(['send', bob.handle, 'before']))
  await relay.stop()
  t.equal((await alice.run(['send', bob.handle, 'put off'])).code, 79)
  const reading = [
    ['history', bob.handle],
    ['outbox', 'list'],
    ['search', 'before'],
    ['conv', 'list'],
    ['conv', 'show', bob.handle],
    ['contact', 'list'],
    ['message', 'show', '@last'],
    ['message', 'receipts', '@last'],
    ['verify', 'show', bob.handle],
    ['invite', 'list'],
    ['export', '--out', '-'],
    ['store', 'stats'],
  ]

  disk.fill()
  for (const args of reading) {
    const { code, stderr } = await alice.run(args)
    t.equal(code, 0, `${args.join(' ')} ${stderr}`)
  }
  disk.free()
  removeLogIndex(alice)
  disk.fill()
  const unindexed = await alice.run(['history', bob.handle])
  const sent = await alice.run(['send', bob.handle, 'while full', '--json'])
  disk.free()

  t.equal(unindexed.code, 0, unindexed.stderr)
  t.match(unindexed.stdout, /before\n.*put off/)
  t.match(sent.error(), { code: 'store/full', exit: 74 })
  t.same(
    (await historyOf(alice, bob.handle)).map((line) => line.message.text),
    ['before', 'put off'],
  )
})

test('on a full disk an account has one owner too, and none once it is killed', async (t) => {
  const scene = await begin(t, 'alice')
  if (scene === undefined) return
  const { disk, relay, alice, bob } = scene
  await succeed(alice.run(['send', bob.handle, 'before']))
  await relay.stop()

  disk.fill()
  const owner = startSotto(t, alice.home, ['chat', bob.handle, '--plain'])
  await owner.line((line) => line.includes('before'))
  const refused = await alice.run(['history', bob.handle, '--json'])
  await owner.kill()
  const free = await alice.run(['history', bob.handle])
  disk.free()

  t.match(refused.error(), { code: 'account/busy', exit: 83 })
  t.equal(free.code, 0, free.stderr)
  t.match(free.stdout, /before/)
})

test('what comes in while the disk is full is not acknowledged and comes again', async (t) => {
  const scene = await begin(t, 'bob')
  if (scene === undefined) return
  const { disk, alice, bob } = scene
  for (const text of ['one', 'two', 'three']) await succeed(alice.run(['send', bob.handle, text]))

  disk.fill()
  const full = await bob.run(['receive', '--json'])
  disk.free()
  await succeed(bob.run(['receive']))

  t.equal(full.code, 74)
  t.same(
    (await historyOf(bob, alice.handle)).map((line) => line.message.text),
    ['one', 'two', 'three'],
  )
})

test('a relay whose disk is full accepts nothing it cannot keep, and goes on when there is room', async (t) => {
  const dir = tempDir(t)
  const disk = smallDisk(t, join(dir, 'data'), 8)
  if (disk === undefined) {
    t.pass(NO_MOUNT, { skip: NO_MOUNT })
    return
  }
  const relay = await startRelay(t, { dir })
  const { alice, bob } = await makePair(relay, dir)

  disk.fill()
  const queued = await alice.run(['send', bob.handle, 'kept here', '--json'])
  disk.free()
  await succeed(alice.run(['send', bob.handle, 'after', '--timeout', '20s']))
  await succeed(bob.run(['receive']))

  t.equal(queued.code, 79, queued.stderr)
  t.same(
    (await historyOf(bob, alice.handle)).map((line) => line.message.text),
    ['kept here', 'after'],
  )
})
