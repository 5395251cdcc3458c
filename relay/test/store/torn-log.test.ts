import { randomBytes } from 'node:crypto'
import { copyFileSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Bytes } from '@sotto/protocol'
import { openKeys } from '../../src/keys.js'
import { GroupCommit } from '../../src/store/group-commit.js'
import { COMMITS_UNSYNCED_MAX } from '../../src/store/sqlite/syncing.js'
import { openDatabase } from '../../src/store/sqlite/database.js'
import { losesCommits } from '../../src/store/sqlite/left-log.js'
import { openSqliteStore, SqliteStore } from '../../src/store/sqlite/sqlite-store.js'
import { testFolder, testRelay } from '../harness/test-relay.js'
import { list, QUOTA, register, seqs, submissionOf } from './store-scene.js'

const COMMITS = 8
/** Envelopes whose acknowledgement is a commit longer than some of one each. */
const MANY = 1_000
/** A damage in one of these leaves enough behind to tell it from a crash. */
const TOLD = COMMITS - COMMITS_UNSYNCED_MAX - 1
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const PAGE_BYTES = 4096
const FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES

/** A relay's data as a machine leaves it that loses power, and how long the log was after each commit. */
interface Left {
  readonly folder: string
  readonly log: Buffer
  readonly lengths: readonly number[]
  /** Each commit holds an envelope for either, so that half of one would show. */
  readonly mailboxes: readonly [Bytes, Bytes]
}

function open(folder: string) {
  const store = openSqliteStore(folder)
  return { store, commits: new GroupCommit(store, () => undefined) }
}

async function leave(t: Test): Promise<Left> {
  const folder = testFolder(t)
  const relayRoot = openKeys(folder).rootKey
  const first = open(folder)
  const alice = await register(first.commits, { relayRoot })
  const bob = await register(first.commits, { relayRoot })
  await first.store.close() // Everything so far is in the database, and the log is gone.
  const mailboxes = [alice.mailbox, bob.mailbox] as const
  const { store, commits } = open(folder)
  t.teardown(() => store.close())
  const lengths: number[] = []
  for (let index = 0; index < COMMITS; index++) {
    await commit(commits, mailboxes)
    lengths.push(statSync(join(folder, 'relay.db-wal')).size)
  }
  const left = testFolder(t)
  copyFileSync(join(folder, 'relay.db'), join(left, 'relay.db'))
  cpSync(join(folder, 'keys'), join(left, 'keys'), { recursive: true })
  return { folder: left, log: readFileSync(join(folder, 'relay.db-wal')), lengths, mailboxes }
}

const ROOM = { ...QUOTA, envelopes: 2 * COMMITS, bytes: 2 ** 20 }

/** One commit, since both come in one turn. */
async function commit(commits: GroupCommit, mailboxes: Left['mailboxes']): Promise<void> {
  await Promise.all(
    mailboxes.map((mailbox) =>
      commits.change('submit', { ...submissionOf(mailbox, 1), quota: ROOM }),
    ),
  )
}

/** What was left, on a disk of its own, with this log. */
function put(t: Test, left: Left, log: Buffer, index?: Buffer): string {
  const folder = testFolder(t)
  copyFileSync(join(left.folder, 'relay.db'), join(folder, 'relay.db'))
  writeFileSync(join(folder, 'relay.db-wal'), log)
  if (index !== undefined) writeFileSync(join(folder, 'relay.db-shm'), index)
  return folder
}

/** How many commits are there with this log, each of them whole; and the next one is numbered on. */
async function commitsIn(t: Test, left: Left, log: Buffer, index?: Buffer): Promise<number> {
  const { store, commits } = open(put(t, left, log, index))
  const [alice, bob] = left.mailboxes
  const before = seqs(await list(store, alice))
  t.same(before, seqs(await list(store, bob)), 'no commit is there by half')
  t.same(
    before,
    before.map((_, index) => index + 1),
    'what is there is what came first',
  )
  t.match(await store.findMailbox(alice), { head: before.length, acknowledged: 0 })
  await commits.change('acknowledge', { mailbox: alice, seq: before.length })
  await commit(commits, left.mailboxes)
  t.same(seqs(await list(store, alice)), [before.length + 1])
  await store.close()
  return before.length
}

const committedWithin = ({ lengths }: Left, bytes: number): number =>
  lengths.filter((length) => length <= bytes).length

async function checkCuts(t: Test, left: Left, cuts: readonly number[]): Promise<void> {
  for (const cut of cuts) {
    const count = await commitsIn(t, left, left.log.subarray(0, cut))
    t.equal(count, committedWithin(left, cut), `cut at ${cut}`)
  }
}

/** One sector that another was written into, somewhere in the frame that begins at `place`. */
function garbled({ log }: Left, place: number): Buffer {
  const garbledLog = Buffer.from(log)
  garbledLog.fill(0x5a, place + 1_000, place + 1_512)
  return garbledLog
}

t.test('a log cut at any page opens at the commits that were whole by then', async (t) => {
  const left = await leave(t)
  const pages = Math.floor((left.log.length - LOG_HEADER_BYTES) / FRAME_BYTES)
  const cuts = Array.from({ length: pages + 1 }, (_, page) => LOG_HEADER_BYTES + page * FRAME_BYTES)

  await checkCuts(t, left, cuts)

  t.ok(pages > COMMITS)
})

t.test(
  'a log cut in the middle of a page, or in its header, opens at the commits before it',
  async (t) => {
    const left = await leave(t)
    const inPages = left.lengths.flatMap((length) => [
      length - 1,
      length - 2_000,
      length - PAGE_BYTES,
    ])

    await checkCuts(t, left, [0, 10, ...inPages])
  },
)

t.test('a last commit of which some pages never came opens at the commit before it', async (t) => {
  const left = await leave(t)
  const [begin = 0, end = 0] = left.lengths.slice(-2)
  const places = Array.from(
    { length: (end - begin) / FRAME_BYTES },
    (_, frame) => begin + frame * FRAME_BYTES,
  )
  for (const place of places) {
    const log = Buffer.from(left.log).fill(0, place, place + FRAME_BYTES)
    t.equal(await commitsIn(t, left, log), COMMITS - 1)
  }
  t.ok(places.length > 1)
})

t.test('what a torn commit left behind is no obstacle to the next one that is torn', async (t) => {
  const left = await leave(t)
  const [begin = 0] = left.lengths.slice(-2)
  const folder = put(t, left, Buffer.from(left.log).fill(0, begin, begin + FRAME_BYTES))
  const { store, commits } = open(folder)
  t.teardown(() => store.close())
  await commits.change('acknowledge', { mailbox: left.mailboxes[0], seq: 1 })
  const log = readFileSync(join(folder, 'relay.db-wal'))
  t.equal(log.length, left.log.length, 'a shorter commit stands before the end of the torn one')

  const again = open(put(t, left, garbled({ ...left, log }, begin)))

  t.equal((await list(again.store, left.mailboxes[0])).length, COMMITS - 1)
  await again.store.close()
})

t.test(
  'a damage in the last few commits looks like a crash: it opens at the one before',
  async (t) => {
    const left = await leave(t)
    for (let told = TOLD; told < COMMITS; told++) {
      const place = (left.lengths[told] ?? 0) - FRAME_BYTES
      t.equal(await commitsIn(t, left, garbled(left, place)), told)
    }
  },
)

t.test('acknowledgements that no sync stood behind, torn at any page, are no damage', async (t) => {
  const left = await leave(t)
  const [mailbox] = left.mailboxes
  const folder = put(t, left, left.log)
  const { store, commits } = open(folder)
  t.teardown(() => store.close())
  const path = join(folder, 'relay.db-wal')
  await commits.change('acknowledge', { mailbox, seq: 1 }) // To the disk.
  const synced = statSync(path).size
  for (let seq = 2; seq <= 1 + COMMITS_UNSYNCED_MAX; seq++)
    await commits.change('acknowledge', { mailbox, seq })
  await commit(commits, left.mailboxes)
  const log = readFileSync(path)

  for (let place = synced; place < log.length; place += FRAME_BYTES) {
    const torn = Buffer.from(log).fill(0, place, place + FRAME_BYTES)
    const again = open(put(t, left, torn))
    t.match(await again.store.findMailbox(mailbox), { head: COMMITS })
    await again.store.close()
  }
})

/** The power goes when these acknowledgements are written and synced, but for a frame of the first. */
async function cutPower(t: Test, folder: string, mailboxes: readonly Bytes[]): Promise<string> {
  const { store, commits } = open(folder)
  const path = join(folder, 'relay.db-wal')
  const [last = new Uint8Array(16)] = mailboxes.slice(-1)
  await commits.change('submit', { ...submissionOf(last, 1), quota: ROOM })
  const before = readFileSync(path)
  for (const mailbox of mailboxes) {
    const seq = (await store.findMailbox(mailbox))?.head ?? 0
    await commits.change('acknowledge', { mailbox, seq })
  }
  await commits.change('submit', { ...submissionOf(last, 1), quota: ROOM })
  const log = readFileSync(path)
  const isSame = (place: number): boolean =>
    before.subarray(place, place + FRAME_BYTES).equals(log.subarray(place, place + FRAME_BYTES))
  let place = LOG_HEADER_BYTES
  while (isSame(place)) place += FRAME_BYTES
  const left = testFolder(t)
  copyFileSync(join(folder, 'relay.db'), join(left, 'relay.db'))
  writeFileSync(join(left, 'relay.db-wal'), log.fill(0, place, place + FRAME_BYTES))
  await store.close()
  return left
}

t.test('what several power cuts tore lies behind each other, and is no damage', async (t) => {
  const folder = testFolder(t)
  const { store, commits } = open(folder)
  const mailboxes: Bytes[] = []
  for (let count = 0; count < 2 * COMMITS_UNSYNCED_MAX; count++)
    mailboxes.push((await register(commits)).mailbox)
  const [large = new Uint8Array(16)] = mailboxes
  for (const mailbox of mailboxes) {
    const count = mailbox === large ? MANY : 1
    const quota = { ...QUOTA, envelopes: count, bytes: 2 ** 30 }
    await commits.change('submit', { ...submissionOf(mailbox, count), quota })
  }
  await store.close()

  const once = await cutPower(t, folder, mailboxes.slice(0, COMMITS_UNSYNCED_MAX))
  const size = statSync(join(once, 'relay.db-wal')).size
  const twice = await cutPower(t, once, mailboxes.slice(COMMITS_UNSYNCED_MAX))

  const path = join(twice, 'relay.db-wal')
  t.equal(statSync(path).size, size, 'what the second tore stands before the end of the first')
  t.notOk(losesCommits(path))
  const again = open(twice)
  t.match(await again.store.findMailbox(large), { head: MANY, acknowledged: 0 })
  await again.store.close()
})

t.test(
  'a log that is damaged before commits that were promised is refused, and left as it is',
  async (t) => {
    const left = await leave(t)
    const inCommits = left.lengths
      .slice(0, TOLD)
      .map((length) => garbled(left, length - FRAME_BYTES))
    const inHeader = Buffer.from(left.log).fill(0x5a, 0, LOG_HEADER_BYTES)

    for (const log of [...inCommits, inHeader]) {
      const folder = put(t, left, log)
      t.throws(() => openSqliteStore(folder), { code: 'store/damaged', exitCode: 74 })
      t.ok(readFileSync(join(folder, 'relay.db-wal')).equals(log))
    }
  },
)

t.test(
  'a damaged log whose owner knows of it opens at the commit before, in a new epoch',
  async (t) => {
    const left = await leave(t)
    const [, second = 0] = left.lengths
    const folder = put(t, left, garbled(left, second - FRAME_BYTES))
    cpSync(join(left.folder, 'keys'), join(folder, 'keys'), { recursive: true })
    await t.rejects(testRelay(t, { folder }), { code: 'store/damaged', message: /its log/ })

    const relay = await testRelay(t, { folder, restored: true })
    await relay.close()

    const { store } = open(folder)
    t.same(seqs(await list(store, left.mailboxes[0])), [1])
    t.ok((await store.epoch()) > 1)
    await store.close()
  },
)

t.test('what stands in a log from before it was begun anew is no damage', async (t) => {
  const folder = testFolder(t)
  const opened = openDatabase(folder)
  const store = new SqliteStore(opened)
  t.teardown(() => store.close())
  const commits = new GroupCommit(store, () => undefined)
  const { mailbox } = await register(commits)
  for (let count = 0; count < COMMITS; count++) await commit(commits, [mailbox, mailbox])
  opened.database.pragma('wal_checkpoint(FULL)')
  await commit(commits, [mailbox, mailbox])
  const path = join(folder, 'relay.db-wal')
  const log = readFileSync(path)
  const saltsAt = (at: number) => log.toString('hex', at, at + 8)

  t.not(saltsAt(log.length - FRAME_BYTES + 8), saltsAt(16), 'its end is from before')
  t.notOk(losesCommits(path))
})

t.test(
  'a log holds everything without its index, with an empty one and with one of noise',
  async (t) => {
    const left = await leave(t)

    t.equal(await commitsIn(t, left, left.log), COMMITS)
    t.equal(await commitsIn(t, left, left.log, Buffer.alloc(0)), COMMITS)
    t.equal(await commitsIn(t, left, left.log, randomBytes(32 * 1024)), COMMITS)
  },
)
