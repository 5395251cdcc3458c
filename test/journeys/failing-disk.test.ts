import { join } from 'node:path'

import { test } from 'tap'

import {
  historyOf,
  isolatedEnvironment,
  makePair,
  ProgramProcess,
  SOTTO_RELAY,
  startRelay,
  succeed,
  tempDir,
  type Outcome,
  type Person,
} from '../harness/index.js'
import {
  canPreload,
  failingDisk,
  NO_COMPILER,
  type DiskFault,
  type FailingDisk,
} from '../harness/preload.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

const skip = canPreload() ? false : NO_COMPILER
const KEPT = /is kept and will be sent/

interface Tried {
  readonly text: string
  readonly outcome: Outcome
  /** Whether the command came as far as the call that fails. */
  readonly struck: boolean
}

type Moments = Pick<DiskFault, 'call' | 'how'> & { readonly at: readonly number[] }

/** A run for each of the calls `at`: from that one on the disk fails. */
async function atEachMoment(
  dir: string,
  { call, how, at }: Moments,
  run: (disk: FailingDisk, text: string) => Promise<Outcome>,
): Promise<readonly Tried[]> {
  const tried: Tried[] = []
  for (const each of at) {
    const disk = failingDisk(dir, { path: 'store.db', call, at: each, how })
    const text = `${how} at ${call} ${String(each)}`
    disk.begin()
    const outcome = await run(disk, text)
    disk.end()
    tried.push({ text, outcome, struck: disk.hasFailed() })
  }
  return tried
}

async function textsAt(person: Person, conversation: string): Promise<readonly string[]> {
  return (await historyOf(person, conversation)).map(({ message }) => message.text)
}

const sendArgs = (to: Person, text: string) => ['send', to.handle, text, '--id', text, '--json']

const isSaidKept = ({ outcome }: Tried): boolean => KEPT.test(outcome.error().message)

const not =
  <Value>(holds: (value: Value) => boolean) =>
  (value: Value): boolean =>
    !holds(value)

for (const moments of [
  { call: 'sync', how: 'EIO', at: [1, 2, 3, 4, 5] },
  { call: 'write', how: 'ENOSPC', at: [1, 9, 14, 20, 28, 36, 44, 52] },
] as const) {
  test(
    `a send whose disk says ${moments.how} from its n-th ${moments.call} on is 74 and says truly whether it is kept`,
    { skip },
    async (t) => {
      const { dir, alice, bob } = await beginPair(t)

      const tried = await atEachMoment(dir, moments, (disk, text) =>
        alice.run(sendArgs(bob, text), { env: disk.env }),
      )
      const kept = await textsAt(alice, bob.handle)
      for (const { text } of tried) await succeed(alice.run(sendArgs(bob, text)))
      await succeed(bob.run(['receive']))

      t.same(
        tried.map(({ struck, outcome }) => [struck, outcome.code]),
        tried.map(() => [true, 74]),
      )
      t.match(
        tried.map(({ outcome }) => outcome.error().code),
        tried.map(() => /^store\/(full|failed)$/),
      )
      const [saidKept, saidNot] = [tried.filter(isSaidKept), tried.filter(not(isSaidKept))]
      t.ok(saidKept.length > 0 && saidNot.length > 0, 'some failed before it was kept, some after')
      t.same([...kept].sort(), saidKept.map(({ text }) => text).sort())
      const received = await textsAt(bob, alice.handle)
      t.same([...received].sort(), tried.map(({ text }) => text).sort(), 'each of them once')
      t.same(received, await textsAt(alice, bob.handle))
    },
  )
}

test(
  'a sender that dies with half a write on its disk has its messages delivered once',
  { skip },
  async (t) => {
    const { dir, alice, bob } = await beginPair(t)

    const moments = { call: 'write', how: 'torn', at: [9, 15, 21, 27, 33, 39, 45] } as const
    const tried = await atEachMoment(dir, moments, (disk, text) =>
      alice.run(sendArgs(bob, text), { env: disk.env }),
    )
    for (const { text } of tried) await succeed(alice.run(sendArgs(bob, text)))
    await succeed(bob.run(['receive']))

    t.same(
      tried.map(({ outcome }) => outcome.signal),
      tried.map(({ struck }) => (struck ? 'SIGKILL' : null)),
    )
    const received = await textsAt(bob, alice.handle)
    t.same([...received].sort(), tried.map(({ text }) => text).sort())
    t.same(received, await textsAt(alice, bob.handle))
  },
)

for (const moments of [
  { call: 'sync', how: 'EIO', at: [1, 2, 3] },
  { call: 'write', how: 'EIO', at: [1, 14, 30] },
  { call: 'write', how: 'torn', at: [9, 20, 30] },
] as const) {
  test(
    `a receiver whose disk is ${moments.how} from its n-th ${moments.call} on acknowledges nothing that it lost`,
    { skip },
    async (t) => {
      const { dir, alice, bob } = await beginPair(t)

      const tried = await atEachMoment(dir, moments, async (disk, text) => {
        await succeed(alice.run(['send', bob.handle, text]))
        return bob.run(['receive', '--json'], { env: disk.env })
      })
      await succeed(bob.run(['receive']))

      const ended = moments.how === 'torn' ? [null, 'SIGKILL'] : [74, null]
      t.same(
        tried.map(({ outcome }) => [outcome.code, outcome.signal]),
        tried.map(({ struck }) => (struck ? ended : [0, null])),
      )
      t.same(
        await textsAt(bob, alice.handle),
        tried.map(({ text }) => text),
      )
    },
  )
}

for (const { call, how } of [
  { call: 'sync', how: 'EIO' },
  { call: 'write', how: 'ENOSPC' },
] as const) {
  test(
    `a relay whose disk says ${how} at a ${call} accepts nothing it cannot keep, and goes on by itself`,
    { skip },
    async (t) => {
      const dir = tempDir(t)
      const disk = failingDisk(dir, { path: 'relay.db', call, how, at: 1 })
      const relay = await startRelay(t, { dir, env: disk.env })
      const { alice, bob } = await makePair(relay, dir)
      await succeed(alice.run(['send', bob.handle, 'before']))

      disk.begin()
      const first = await alice.run(['send', bob.handle, 'first', '--json'])
      const received = await bob.run(['receive', '--json'])
      const second = await alice.run(['send', bob.handle, 'second', '--json'])
      disk.end()
      const shown = await succeed(alice.run(['outbox', 'list', '--json']))
      await succeed(alice.run(['send', bob.handle, 'third', '--timeout', '20s']))
      const again = await succeed(bob.run(['receive', '--json']))

      t.same([first.code, second.code], [79, 79])
      t.equal(shown.jsonLines().length, 2, 'what was not accepted is shown as queued')
      t.same(textsOf(received.jsonLines<EventLine>()), ['before'])
      t.same(textsOf(again.jsonLines<EventLine>()), ['first', 'second', 'third'])
    },
  )
}

test(
  'a relay that dies with half a write on its disk has whatever it accepted, once',
  { skip },
  async (t) => {
    const dir = tempDir(t)
    const first = await startRelay(t, { dir })
    const { alice, bob } = await makePair(first, dir)
    await first.stop()
    const moments = [1, 4, 8, 30]
    const texts = moments.map((at) => `torn at write ${String(at)}`)
    const codes: (number | null)[] = []

    for (const [index, at] of moments.entries()) {
      const disk = failingDisk(dir, { path: 'relay.db', call: 'write', how: 'torn', at })
      const relay = await startRelay(t, { dir, port: first.port, env: disk.env })
      disk.begin()
      codes.push((await alice.run(['send', bob.handle, texts[index] ?? ''])).code)
      await relay.kill()
      disk.end()
    }
    await startRelay(t, { dir, port: first.port })
    await succeed(alice.run(['receive']))
    await succeed(bob.run(['receive']))

    t.ok(codes.includes(79), `some died before they accepted: ${codes.join(' ')}`)
    t.same(await textsAt(bob, alice.handle), texts)
  },
)

test('a relay that finds its disk failing when it starts says so: 74', { skip }, async (t) => {
  const dir = tempDir(t)
  await (await startRelay(t, { dir })).kill()
  const disk = failingDisk(dir, { path: 'relay.db', call: 'write', how: 'EIO', at: 1 })
  disk.begin()

  const starting = new ProgramProcess(t, {
    program: SOTTO_RELAY,
    args: ['--listen', '127.0.0.1:0', '--data', join(dir, 'data'), '--json'],
    env: isolatedEnvironment(join(dir, 'home'), disk.env),
  })

  t.match(await starting.ended, { code: 74 })
  t.match(starting.stderr, /"code":"store\/failed"/)
})
