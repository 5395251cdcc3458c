import { join } from 'node:path'
import { test } from 'tap'
import { historyOf, makePair, startRelay, succeed, tempDir } from '../harness/index.js'
import { smallDisk } from '../harness/small-disk.js'

const NO_MOUNT = 'needs the right to mount a small file system'

test('on a full disk a send says so, keeps nothing and works again when there is room', async (t) => {
  const dir = tempDir(t)
  const disk = smallDisk(t, join(dir, 'alice'), 4)
  if (disk === undefined) {
    t.pass(NO_MOUNT, { skip: NO_MOUNT })
    return
  }
  const relay = await startRelay(t, { dir })
  const { alice, bob } = await makePair(relay, dir)
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

test('what comes in while the disk is full is not acknowledged and comes again', async (t) => {
  const dir = tempDir(t)
  const disk = smallDisk(t, join(dir, 'bob'), 4)
  if (disk === undefined) {
    t.pass(NO_MOUNT, { skip: NO_MOUNT })
    return
  }
  const relay = await startRelay(t, { dir })
  const { alice, bob } = await makePair(relay, dir)
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
