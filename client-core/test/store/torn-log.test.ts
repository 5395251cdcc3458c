import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import { dropDamagedLog, isLogDamaged, wentBack } from '../../src/store/left-log.js'
import { Store } from '../../src/store/store.js'
import { ManualClock } from '../net/manual-clock.js'
import { temporaryFolder } from '../support/world.js'
import { ALICE, beginStore, KEY, messageId, messageOf } from './scene.js'

const COMMITS = 5
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const PAGE_BYTES = 4096
const FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES

/** A store as a machine leaves it that loses power: its files, and how long the log was after each commit. */
interface Left {
  readonly path: string
  readonly log: Buffer
  readonly lengths: readonly number[]
}

/** Each commit holds two messages, so that half of one would show. */
function leave(t: Test): Left {
  const { path, store } = beginStore(t)
  store.condition.checkpoint()
  const lengths = Array.from({ length: COMMITS }, (_, index) => {
    commit(store, index)
    return statSync(`${path}-wal`).size
  })
  const left = join(temporaryFolder(t), 'store.db')
  copyFileSync(path, left)
  return { path: left, log: readFileSync(`${path}-wal`), lengths }
}

function commit(store: Store, index: number): void {
  store.transact((tx) => {
    tx.messages.add(messageOf(1_000 + index * 2, { body: 'x'.repeat(3_000) }))
    tx.messages.add(messageOf(1_001 + index * 2, { author: ALICE, body: 'y'.repeat(3_000) }))
  })
}

/** How many commits are in the store with this log, each of them whole; and it can be written to. */
function commitsIn(t: Test, left: Left, log: Buffer, index?: Buffer): number {
  const path = join(temporaryFolder(t), 'store.db')
  copyFileSync(left.path, path)
  writeFileSync(`${path}-wal`, log)
  if (index !== undefined) writeFileSync(`${path}-shm`, index)
  const store = Store.open({ path, key: KEY, clock: new ManualClock() })
  try {
    const firsts = Array.from({ length: COMMITS }, (_, index) => has(store, index * 2))
    const seconds = Array.from({ length: COMMITS }, (_, index) => has(store, index * 2 + 1))
    t.same(firsts, seconds, 'no commit is there by half')
    const count = firsts.filter(Boolean).length
    t.same(
      firsts,
      firsts.map((_, index) => index < count),
      'what is there is what came first',
    )
    t.same(store.condition.faults(), { file: [], search: false })
    commit(store, COMMITS)
    t.ok(has(store, COMMITS * 2))
    return count
  } finally {
    store.close()
    rmSync(path)
  }
}

function has(store: Store, index: number): boolean {
  const author = index % 2 === 0 ? messageOf(0).author : ALICE
  return store.read.messages.get(author, messageId(1_000 + index)) !== undefined
}

const committedWithin = ({ lengths }: Left, bytes: number): number =>
  lengths.filter((length) => length <= bytes).length

test('a log cut at any page holds the commits that were whole by then, and nothing of the next', (t) => {
  const left = leave(t)
  const pages = Math.floor((left.log.length - LOG_HEADER_BYTES) / FRAME_BYTES)
  const cuts = Array.from({ length: pages + 1 }, (_, page) => LOG_HEADER_BYTES + page * FRAME_BYTES)

  const counts = cuts.map((cut) => commitsIn(t, left, left.log.subarray(0, cut)))

  t.same(
    counts,
    cuts.map((cut) => committedWithin(left, cut)),
  )
  t.ok(pages > COMMITS)
  t.end()
})

test('a log cut in the middle of a page holds the commits before it', (t) => {
  const left = leave(t)
  const cuts = left.lengths.flatMap((length) => [length - 1, length - 2_000, length - PAGE_BYTES])

  const counts = cuts.map((cut) => commitsIn(t, left, left.log.subarray(0, cut)))

  t.same(
    counts,
    cuts.map((cut) => committedWithin(left, cut)),
  )
  t.end()
})

test('a log with a page that another was written into holds the commits before it', (t) => {
  const left = leave(t)
  const places = left.lengths.map((length) => length - FRAME_BYTES)

  const counts = places.map((place) => {
    const log = Buffer.from(left.log)
    log.fill(0x5a, place + 1_000, place + 1_512) // One sector.
    return commitsIn(t, left, log)
  })

  t.same(
    counts,
    places.map((place) => committedWithin(left, place)),
  )
  t.end()
})

test('a damage that many commits lie behind is told before anything is written, and given up only when asked', (t) => {
  const { path, store } = beginStore(t)
  store.condition.checkpoint()
  const lengths = Array.from({ length: 2 * COMMITS }, (_, index) => {
    commit(store, index)
    return statSync(`${path}-wal`).size
  })
  const left = join(temporaryFolder(t), 'store.db')
  copyFileSync(path, left)
  const log = readFileSync(`${path}-wal`)
  const place = (lengths[1] ?? 0) + 1_000
  writeFileSync(`${left}-wal`, log.fill(0x5a, place, place + 512))
  const opened = () => Store.open({ path: left, key: KEY, clock: new ManualClock() })

  t.throws(opened, { code: 'store/damaged', fix: /sotto doctor --fix/ })
  t.throws(opened, { code: 'store/damaged' }, 'again')
  t.ok(readFileSync(`${left}-wal`).equals(log), 'nothing was touched')
  t.ok(isLogDamaged(left))
  t.notOk(wentBack(left))

  dropDamagedLog(left)
  t.ok(wentBack(left), 'whoever opens it is told')
  t.notOk(isLogDamaged(left))
  const whole = opened()
  t.ok(has(whole, 3))
  t.notOk(has(whole, 4))
  commit(whole, 2)
  whole.close()
  t.end()
})

test('a log holds everything without its index, with an empty one and with one of noise', (t) => {
  const left = leave(t)

  t.equal(commitsIn(t, left, left.log), COMMITS)
  t.equal(commitsIn(t, left, left.log, Buffer.alloc(0)), COMMITS)
  t.equal(commitsIn(t, left, left.log, randomBytes(32 * 1024)), COMMITS)
  t.end()
})
