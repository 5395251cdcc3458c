import { test } from 'tap'

import { historyOf, succeed, type Person } from '../harness/index.js'
import { canPreload, movedClock, NO_COMPILER, type MovedClock } from '../harness/preload.js'
import { follow } from './support/owner.js'
import { beginPair, type EventLine } from './support/pair.js'

const skip = canPreload() ? false : NO_COMPILER
const DAY_SECONDS = 24 * 60 * 60

/** Bob listens while his clock is set from one time to the next; Alice writes after each. */
async function tell(alice: Person, bob: Person, clock: MovedClock, aheads: readonly number[]) {
  for (const ahead of aheads) {
    clock.set(ahead)
    const text = `at ${String(ahead)} s`
    await succeed(alice.run(['send', bob.handle, text]))
    await succeed(bob.run(['send', alice.handle, text], { env: clock.env }))
  }
}

test(
  'a clock that jumps a day ahead, two back and an hour ahead loses, doubles and expires nothing',
  { skip },
  async (t) => {
    const { dir, alice, bob } = await beginPair(t)
    const clock = movedClock(dir)
    const following = await follow(t, bob, 'message.received,message.undecryptable,gap', clock.env)
    const aheads = [0, DAY_SECONDS, -DAY_SECONDS, 3_600, 0]

    await tell(alice, bob, clock, aheads)
    const heard: EventLine[] = []
    for (const _ of aheads) heard.push(await following.json<EventLine>())
    await following.stop()
    await succeed(alice.run(['receive']))

    const texts = aheads.map((ahead) => `at ${String(ahead)} s`)
    t.same(
      heard.map(({ message }) => message?.text),
      texts,
    )
    for (const [person, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const lines = await historyOf(person, other.handle)
      t.same(lines.length, 2 * texts.length)
      t.same(new Set(lines.map(({ message }) => message.text)), new Set(texts))
      t.same(
        lines.filter(({ message }) => message.status === 'failed'),
        [],
      )
    }
  },
)

test(
  'commands whose clock is a day wrong, ahead or behind, send and receive as any other',
  { skip },
  async (t) => {
    const { dir, alice, bob } = await beginPair(t)
    const clock = movedClock(dir)
    const aheads = [DAY_SECONDS, -DAY_SECONDS]

    await tell(alice, bob, clock, aheads)
    await succeed(bob.run(['receive'], { env: clock.env }))
    clock.set(0)
    await succeed(alice.run(['receive']))

    for (const [person, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const texts = (await historyOf(person, other.handle)).map(({ message }) => message.text)
      t.same(texts.filter((text) => text === `at ${String(DAY_SECONDS)} s`).length, 2)
      t.same(texts.filter((text) => text === `at ${String(-DAY_SECONDS)} s`).length, 2)
    }
  },
)
