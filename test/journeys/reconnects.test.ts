import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { test } from 'tap'

import { forEach, originOf } from '../bench/relay/idle.js'
import { SOTTO } from '../bench/relay/sotto-subject.js'
import { BODY_BYTES, type Running } from '../bench/relay/subject.js'
import { tempDir } from '../harness/index.js'

const CLIENTS = 2_000
const TURNS_MAX = 20
const PAUSE_MS_MAX = 500

interface Heard {
  readonly seq: number
  readonly body: Buffer
}

/** Tries until it is let in, so many times at most; what it is told from then on. */
async function comeBack(relay: Running, index: number) {
  const heard: Heard[] = []
  for (let turns = 1; ; turns++) {
    try {
      const receiver = await relay.openReceiver(index, (each) => heard.push(each), originOf(index))
      return { heard, receiver }
    } catch (error) {
      if (turns === TURNS_MAX) throw error
      await wait(Math.random() * PAUSE_MS_MAX)
    }
  }
}

test('2,000 clients whose relay was killed all come back at once, and each finds its message once', async (t) => {
  const folder = tempDir(t)
  const relay = await SOTTO.start(t, folder, {})
  await relay.prepare(CLIENTS)
  const bodies: Buffer[] = []
  await forEach({ from: 0, to: CLIENTS }, async (index) => {
    const sender = await relay.openSender(index)
    const body = (bodies[index] = randomBytes(BODY_BYTES))
    await new Promise<void>((resolve) => sender.submit(body, resolve))
    sender.close()
  })
  await relay.kill()
  const again = await SOTTO.start(t, folder, { port: relay.port })

  const back = await Promise.all(bodies.map((_, index) => comeBack(again, index)))
  while (back.some(({ heard }) => heard.length === 0)) await wait(50)
  for (const { receiver } of back) receiver.close()

  const named = (body: Buffer | undefined) => body?.toString('hex', 0, 16)
  t.same(
    back.map(({ heard }) => heard.map(({ body }) => named(body))),
    bodies.map((body) => [named(body)]),
    'each its own, once',
  )
})
