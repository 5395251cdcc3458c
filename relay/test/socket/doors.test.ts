import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { decode, wire, type Bytes } from '@sotto/protocol'
import { CONNECTIONS_EACH_TURN, KEEPALIVE_MS } from '../../src/limits/bounds.js'
import type { ClientSocket } from '../../src/socket/client-socket.js'
import { memoryRelay } from '../harness/memory-relay.js'

const CLIENTS = 3 * CONNECTIONS_EACH_TURN

/** A client that takes everything and says nothing; it goes when it is told to. */
class QuietClient implements ClientSocket {
  readonly bufferedBytes = 0
  pings = 0
  isSentAway = false
  readonly #closed: (() => void)[] = []

  send(frame: Bytes): void {
    this.isSentAway ||= decode(wire.RelayFrameSchema, frame).kind.case === 'drain'
  }

  onClose(listener: () => void): void {
    this.#closed.push(listener)
  }

  ping(): void {
    this.pings++
  }

  close(): void {
    for (const closed of this.#closed.splice(0)) closed()
  }

  terminate(): void {
    this.close()
  }

  onMessage(): void {
    // It says nothing.
  }

  onPong(): void {
    // Nor does it answer.
  }

  onDrain(): void {
    // It takes everything at once.
  }

  pause(): void {
    // It says nothing.
  }

  resume(): void {
    // As above.
  }
}

/** A relay full of them, and what its clock was asked to do in how many milliseconds. */
async function crowdedRelay(t: Test) {
  const timers: { readonly delayMs: number; readonly wake: () => void }[] = []
  const relay = await memoryRelay(t, {
    nowMs: () => 0,
    after: (delayMs, wake) => {
      timers.push({ delayMs, wake })
      return () => undefined
    },
  })
  const clients = Array.from({ length: CLIENTS }, () => new QuietClient())
  const visitor = { door: 'anonymous', origin: { kind: 'operator' }, hosts: [] } as const
  for (const client of clients) relay.doors.open(client, visitor)
  return { relay, clients, timers }
}

/** After each turn of the event loop, how many there were that `is` holds for. */
async function countEachTurn(
  clients: readonly QuietClient[],
  is: (client: QuietClient) => boolean,
): Promise<readonly number[]> {
  const counts: number[] = []
  while (counts.at(-1) !== CLIENTS) {
    await setImmediate()
    counts.push(clients.filter(is).length)
  }
  return counts.filter((count) => count > 0)
}

const IN_TURN = [CONNECTIONS_EACH_TURN, 2 * CONNECTIONS_EACH_TURN, CLIENTS]

t.test('whether thousands are still there is asked so many a turn', async (t) => {
  const { clients, timers } = await crowdedRelay(t)

  timers.find(({ delayMs }) => delayMs === KEEPALIVE_MS)?.wake()

  t.same(await countEachTurn(clients, ({ pings }) => pings === 1), IN_TURN)
})

t.test('who is sent away with thousands is sent so many a turn, and none is left', async (t) => {
  const { relay, clients } = await crowdedRelay(t)

  const drained = relay.doors.drain()

  t.same(await countEachTurn(clients, ({ isSentAway }) => isSentAway), IN_TURN)
  await drained
  t.equal(relay.doors.size, 0)
})
