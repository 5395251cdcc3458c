import { connect } from 'node:net'

import { test, type Test } from 'tap'

import {
  historyOf,
  makePair,
  startRelay,
  startSotto,
  tempDir,
  type Person,
  type ProgramProcess,
} from '../harness/index.js'
import {
  smooth,
  startRoughProxy,
  type Passage,
  type Piece,
  type Road,
  type RoughProxy,
} from '../harness/rough-proxy.js'
import { seeded } from '../harness/random.js'
import { follow } from './support/owner.js'
import { type EventLine } from './support/pair.js'

const MESSAGES = 25
const WAIT_MS_MAX = 120_000

interface Scene {
  readonly relay: { readonly port: number }
  readonly proxy: RoughProxy
  readonly ends: readonly [End, End]
}

/** Somebody who listens all the time, with the texts that they write to the other. */
interface End {
  readonly person: Person
  readonly other: Person
  readonly following: ProgramProcess
  readonly texts: readonly string[]
}

/** Alice and Bob, each of whom reaches the relay through one proxy only, and listens. */
async function begin(t: Test): Promise<Scene> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const proxy = await startRoughProxy(t, relay.port)
  const { alice, bob } = await makePair(proxy, dir)
  const end = async (person: Person, other: Person): Promise<End> => ({
    ...{ person, other },
    following: await follow(t, person, 'message.received,message.undecryptable,gap'),
    texts: Array.from(
      { length: MESSAGES },
      (_, index) => `${person.handle} ${String(index).padStart(2, '0')}`,
    ),
  })
  return { relay, proxy, ends: await Promise.all([end(alice, bob), end(bob, alice)]) }
}

/** Each writes to the other, line by line, until both have heard everything; what they heard. */
async function talk(t: Test, { ends }: Scene) {
  for (const { person, other, texts } of ends) {
    const sending = startSotto(t, person.home, ['send', other.handle, '--lines', '--timeout', '2m'])
    sending.write(`${texts.join('\n')}\n`)
    sending.endInput()
  }
  const [atAlice, atBob] = ends
  const [heardByAlice, heardByBob] = await Promise.all([
    hear(atAlice, atBob.texts.length),
    hear(atBob, atAlice.texts.length),
  ])
  return { heardByAlice, heardByBob }
}

async function hear({ following }: End, count: number): Promise<readonly EventLine[]> {
  const heard: EventLine[] = []
  while (heard.length < count) {
    const wanted = ({ type }: EventLine): boolean => type !== 'backlog.done'
    heard.push(await following.json<EventLine>(wanted, WAIT_MS_MAX))
  }
  return heard
}

/** Exactly once and in order, as it was told and as it is kept. */
async function check(t: Test, scene: Scene, heard: Awaited<ReturnType<typeof talk>>) {
  const [alice, bob] = scene.ends
  const told = (lines: readonly EventLine[]) => lines.map(({ message }) => message?.text)
  t.same(told(heard.heardByAlice), bob.texts)
  t.same(told(heard.heardByBob), alice.texts)
  for (const { person, other } of scene.ends) {
    const kept = (await historyOf(person, other.handle)).map(({ message }) => message.text)
    t.same(
      kept.filter((text) => text.startsWith(alice.person.handle)),
      alice.texts,
    )
    t.same(
      kept.filter((text) => text.startsWith(bob.person.handle)),
      bob.texts,
    )
  }
}

/**
 * Whatever comes is sent on after a while of its own, but never before what came earlier: a timer
 * that is early by a millisecond sends what is oldest, not what set it.
 */
function slow(random: () => number, delayMsMax: number): Road {
  const lanes = new Map<string, { dueMs: number; readonly waiting: (() => void)[] }>()
  return ({ direction, bytes }, passage) => {
    const name = `${direction} ${String(passage.number)}`
    const lane = lanes.get(name) ?? { dueMs: 0, waiting: [] }
    lanes.set(name, lane)
    lane.dueMs = Math.max(lane.dueMs, Date.now() + random() * delayMsMax)
    lane.waiting.push(() => {
      passage.send(direction, bytes)
    })
    setTimeout(() => lane.waiting.shift()?.(), lane.dueMs - Date.now())
  }
}

/** Every n-th frame is cut in its middle, and its connection with it, until `times` were. */
function cutting(every: number, times: number): Road {
  let frames = 0
  return (piece, passage) => {
    const isCut = !piece.isHead && ++frames % every === 0 && frames <= every * times
    const { bytes } = piece
    passage.send(piece.direction, isCut ? bytes.subarray(0, bytes.length / 2) : bytes)
    if (isCut) setTimeout(() => passage.reset(), 5) // What was sent has arrived by then.
  }
}

/** Bodies are in buckets of a kilobyte and more; no request or greeting is as long. */
const isSubmission = ({ direction, isHead, bytes }: Piece, { door }: Passage): boolean =>
  door === 'anonymous' && direction === 'up' && !isHead && bytes.length > 1024

/** Of every n-th submission the relay has it, and its answer never comes. */
function answerless(every: number): Road {
  const robbed = new Set<Passage>()
  let submissions = 0
  return (piece, passage) => {
    if (isSubmission(piece, passage) && ++submissions % every === 0) robbed.add(passage)
    if (piece.direction === 'down' && robbed.has(passage)) passage.reset()
    else passage.send(piece.direction, piece.bytes)
  }
}

/** Every submission is made once more on a connection of its own, by somebody on the way. */
function doubling(port: number, doubled: () => void): Road {
  return (piece, passage) => {
    smooth(piece, passage)
    if (!isSubmission(piece, passage)) return
    const again = connect(port, '127.0.0.1').on('error', () => undefined)
    const [head] = passage.sent
    if (head !== undefined) again.write(head.bytes)
    let answers = 0
    again.on('data', () => {
      answers += 1
      if (answers > 1) return
      again.write(piece.bytes, doubled) // The upgrade is through.
      setTimeout(() => again.destroy(), 1_000)
    })
  }
}

/** Pieces of all connections are held, and let go in another order; within each it is kept. */
function shuffling(t: Test, random: () => number): Road {
  const held = new Map<string, (() => void)[]>()
  const timer = setInterval(() => {
    const lanes = [...held.values()].sort(() => random() - 0.5)
    for (const lane of lanes) for (const go of lane.splice(0)) go()
  }, 40)
  t.teardown(() => clearInterval(timer))
  return ({ direction, bytes }, passage) => {
    const lane = `${direction} ${String(passage.number)}`
    held.set(lane, [...(held.get(lane) ?? []), () => passage.send(direction, bytes)])
  }
}

const ROADS: Readonly<Record<string, (t: Test) => Road>> = {
  'takes up to half a second for each frame, now more and now less': () => slow(seeded(1), 500),
  'cuts five connections in the middle of a frame': () => cutting(17, 5),
  'loses the answer to every third submission': () => answerless(3),
  'lets the sockets pass each other': (t) => shuffling(t, seeded(2)),
}

for (const [name, make] of Object.entries(ROADS)) {
  test(`25 messages each way arrive once and in order over a network that ${name}`, async (t) => {
    const scene = await begin(t)

    scene.proxy.take(make(t))
    const heard = await talk(t, scene)
    scene.proxy.take(smooth)

    await check(t, scene, heard)
  })
}

test('25 messages each way arrive once and in order though each submission is made twice', async (t) => {
  const scene = await begin(t)
  let doubled = 0

  scene.proxy.take(doubling(scene.relay.port, () => doubled++))
  const heard = await talk(t, scene)
  scene.proxy.take(smooth)

  await check(t, scene, heard)
  t.ok(doubled >= MESSAGES, `${String(doubled)} submissions were made twice`)
})
