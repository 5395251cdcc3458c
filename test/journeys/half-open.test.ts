import { setTimeout as wait } from 'node:timers/promises'

import { test, type Test } from 'tap'

import {
  historyOf,
  makePair,
  makePerson,
  startRelay,
  startSotto,
  succeed,
  tempDir,
} from '../harness/index.js'
import {
  smooth,
  startRoughProxy,
  type Direction,
  type Road,
  type RoughProxy,
} from '../harness/rough-proxy.js'
import { follow } from './support/owner.js'
import { type EventLine } from './support/pair.js'

/** As long as a sleep has to be to be noticed, and some seconds. */
const SLEEP_MS = 18_000

/** What is connected now is heard in the other direction only; what connects later is well. */
function deafen(proxy: RoughProxy, direction: Direction): void {
  const from = proxy.passages
  const road: Road = (piece, passage) => {
    if (passage.number > from || piece.direction !== direction) smooth(piece, passage)
  }
  proxy.take(road)
}

/** Somebody behind a proxy of their own who listens, and is known to `carol`. */
async function listener(t: Test, scene: Awaited<ReturnType<typeof begin>>, name: string) {
  const proxy = await startRoughProxy(t, scene.relay.port)
  const person = await makePerson(proxy, scene.dir, name)
  await succeed(person.run(['contact', 'add', scene.carol.handle]))
  await succeed(scene.carol.run(['contact', 'add', person.handle]))
  const following = await follow(t, person, 'message.received,message.undecryptable,gap')
  const hear = (text: string) => following.json<EventLine>(({ message }) => message?.text === text)
  await succeed(scene.carol.run(['send', person.handle, 'good night']))
  await hear('good night')
  return { proxy, person, following, hear }
}

async function begin(t: Test) {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  return { dir, relay, carol: await makePerson(relay, dir, 'carol') }
}

test('after a sleep a connection that is deaf in one direction is noticed, and everything came once', async (t) => {
  const scene = await begin(t)
  const { carol } = scene
  const unheard = await listener(t, scene, 'alice') // The relay hears nothing from her.
  const hearsNothing = await listener(t, scene, 'bob')
  const both = [unheard, hearsNothing]

  for (const { following } of both) process.kill(following.pid, 'SIGSTOP')
  deafen(unheard.proxy, 'up')
  deafen(hearsNothing.proxy, 'down')
  for (const { person } of both) await succeed(carol.run(['send', person.handle, 'good morning']))
  await wait(SLEEP_MS)
  for (const { following } of both) process.kill(following.pid, 'SIGCONT')
  for (const { hear } of both) await hear('good morning')
  for (const { person } of both) await succeed(carol.run(['send', person.handle, 'hello again']))
  for (const { hear } of both) await hear('hello again')

  for (const { following } of both) {
    const events = following.lines.map((line) => JSON.parse(line) as EventLine)
    t.same(
      events.filter(({ type }) => type !== 'backlog.done').map(({ message }) => message?.text),
      ['good night', 'good morning', 'hello again'],
    )
  }
})

for (const direction of ['up', 'down'] as const) {
  test(`what is sent over a connection that is deaf ${direction}wards arrives once`, async (t) => {
    const dir = tempDir(t)
    const relay = await startRelay(t, { dir })
    const proxy = await startRoughProxy(t, relay.port)
    const { alice, bob } = await makePair(proxy, dir)
    const lines = ['send', bob.handle, '--lines', '--timeout', '3s', '--json']
    const sending = startSotto(t, alice.home, lines)
    sending.write('first\n')
    await sending.json<{ status: string }>(({ status }) => status === 'accepted')

    deafen(proxy, direction)
    sending.write('second\n')
    sending.endInput()
    const { code } = await sending.ended
    await succeed(alice.run(['send', bob.handle, 'third']))
    await succeed(bob.run(['receive']))

    t.ok(code === 0 || code === 79, 'accepted by another connection, or kept')
    t.same(
      (await historyOf(bob, alice.handle)).map(({ message }) => message.text),
      ['first', 'second', 'third'],
    )
  })
}
