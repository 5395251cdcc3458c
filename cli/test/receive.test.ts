import { PassThrough } from 'node:stream'

import type { EventObject, EventType } from '@sotto/client-core'
import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import { readLines, type Line } from '../src/lines.js'
import { Output, ReaderGone } from '../src/print/output.js'
import { shownTypes } from '../src/receive/choice.js'
import type { ReceiveOptions, ReceivingClient } from '../src/receive/options.js'
import { receive } from '../src/receive/receive.js'
import { answering } from '@sotto/client-core/simulation'
import { Collector } from './support/world.js'
import { eventsOf } from './support/objects.js'

/** A journal in memory, with the relay as the test wants it. */
class Journal implements ReceivingClient {
  readonly events: EventObject[] = []
  seen = 0
  /** How often it was asked to reach the relay. */
  asked = 0
  connecting: Promise<void> = Promise.resolve()
  readonly #listeners = new Set<(event: EventObject) => void>()

  constructor(...types: EventType[]) {
    this.events.push(...eventsOf(types))
  }

  commit(...types: EventType[]): void {
    const events = eventsOf(types, this.events.length)
    this.events.push(...events)
    for (const listener of this.#listeners) for (const event of events) listener(event)
  }

  readonly call = answering({
    'relay.connect': async () => {
      this.asked += 1
      await this.connecting
      return {}
    },
    'relay.catchUp': () => ({}),
    'events.list': ({ after, limit = 256 }) => {
      const events = this.events.slice(after, after + limit)
      return { events, through: after + events.length }
    },
    'events.cursor': () => this.seen,
    'events.acknowledge': ({ seq }) => {
      this.seen = Math.max(this.seen, seq)
      return {}
    },
  })
  subscribe = (listener: (event: EventObject) => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function receiving(client: Journal, options: Partial<ReceiveOptions> = {}, capacity?: number) {
  const stdout = new Collector(false, capacity)
  const output = new Output({
    ...{ stdout, stderr: new Collector(), json: true, quiet: false, color: false },
    nowMs: Date.now,
  })
  const done = receive({
    ...{ client, output, max: undefined, waitMs: 0, connectMs: 0, nowMs: Date.now },
    ...{ consumer: 'default', since: undefined, acknowledgements: undefined },
    choice: { types: shownTypes(true), authors: undefined, requests: false },
    ...options,
  })
  const seqs = () => stdout.text.split('\n').filter(Boolean).map(seqOf)
  return { done, seqs }
}

function seqOf(line: string): number {
  return (JSON.parse(line) as { seq: number }).seq
}

test('receive prints what is there, once, and ends', async (t) => {
  const client = new Journal('message.received', 'gap', 'message.received')
  const first = receiving(client)
  await first.done
  const second = receiving(client)
  await second.done
  t.same(first.seqs(), [1, 2, 3])
  t.same(second.seqs(), [])
})

test('what is left out counts as seen', async (t) => {
  const client = new Journal('message.received', 'message.status', 'message.status')
  const choice = {
    types: new Set<EventType>(['message.received']),
    authors: undefined,
    requests: false,
  }
  const { done, seqs } = receiving(client, { choice })
  await done
  t.same(seqs(), [1])
  t.equal(client.seen, 3)
})

test('--max counts what is printed, and what comes after the last is not seen', async (t) => {
  const client = new Journal('message.status', 'gap', 'message.status', 'gap', 'gap')
  const choice = { types: new Set<EventType>(['gap']), authors: undefined, requests: false }
  const { done, seqs } = receiving(client, { choice, max: 2 })
  await done
  t.same(seqs(), [2, 4])
  t.equal(client.seen, 4)
})

test('a backlog longer than a batch comes whole and in order', async (t) => {
  const client = new Journal(...Array.from({ length: 600 }, () => 'gap' as const))
  const { done, seqs } = receiving(client)
  await done
  t.same(
    seqs(),
    client.events.map(({ seq }) => seq),
  )
})

test('what a reader that went away did not take is not counted as seen', async (t) => {
  const client = new Journal(...Array.from({ length: 300 }, () => 'gap' as const))
  const lineBytes = JSON.stringify({ v: 1, ...client.events.at(-1) }).length
  const { done } = receiving(client, {}, 280 * lineBytes)
  await t.rejects(done, ReaderGone)
  t.equal(client.seen, 256)
})

test('whoever follows an account that is being closed leaves others their turn', async (t) => {
  const client = new Journal()
  const closed = new UnavailableError('temporary/interrupted', 'the account was closed')
  client.connecting = Promise.reject(closed)
  const { done } = receiving(client, { waitMs: Number.POSITIVE_INFINITY, max: 1 })
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  const asked = client.asked
  client.commit('gap')
  await done
  t.equal(asked, 1)
})

test('with the relay out of reach what is on disk is printed before the error', async (t) => {
  const client = new Journal('message.received')
  client.connecting = Promise.reject(new UnavailableError('relay/unreachable', 'no relay'))
  const { done, seqs } = receiving(client)
  await t.rejects(done, { code: 'relay/unreachable' })
  t.same(seqs(), [1])
})

test('while waiting it prints what comes, as it comes', async (t) => {
  const client = new Journal('message.received')
  const { done, seqs } = receiving(client, { waitMs: Number.POSITIVE_INFINITY, max: 3 })
  await new Promise(setImmediate)
  t.same(seqs(), [1])
  client.commit('message.received', 'message.received', 'message.received')
  await done
  t.same(seqs(), [1, 2, 3])
  t.equal(client.seen, 3)
})

test('--since prints what came after it, seen or not, and moves the cursor only forward', async (t) => {
  const client = new Journal('gap', 'gap', 'gap', 'gap')
  client.seen = 3
  const again = receiving(client, { since: 1, max: 1 })
  await again.done
  t.same(again.seqs(), [2])
  t.equal(client.seen, 3)
  const rest = receiving(client, { since: 1 })
  await rest.done
  t.same(rest.seqs(), [2, 3, 4])
  t.equal(client.seen, 4)
})

test('what a stranger writes after their request is left out, unless it is asked for', async (t) => {
  const client = new Journal('contact.request')
  client.events.push(...heldEvents(1))
  const without = receiving(client)
  await without.done
  t.same(without.seqs(), [1])
  t.equal(client.seen, 2, 'it counts as seen')
  const choice = { types: shownTypes(true), authors: undefined, requests: true }
  const asked = receiving(client, { choice, since: 0 })
  await asked.done
  t.same(asked.seqs(), [1, 2])
})

/** Lines as a test types them. */
class Typed implements AsyncIterable<Line> {
  readonly #lines = new PassThrough()

  type(text: string): void {
    this.#lines.write(`${text}\n`)
  }

  end(): void {
    this.#lines.end()
  }

  [Symbol.asyncIterator]() {
    return readLines(this.#lines, 64)
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

test('by hand, a seq acknowledges up to it and nothing else moves the cursor', async (t) => {
  const client = new Journal('gap', 'gap', 'gap')
  const acknowledgements = new Typed()
  const { done, seqs } = receiving(client, { acknowledgements })
  await turns()
  t.same(seqs(), [1, 2, 3])
  t.equal(client.seen, 0)
  acknowledgements.type('2')
  await turns()
  t.equal(client.seen, 2)
  acknowledgements.end()
  t.equal(await done, 3)
  t.equal(client.seen, 2)
  const again = receiving(client)
  await again.done
  t.same(again.seqs(), [3])
})

test('by hand, at most 256 events are printed ahead of what is acknowledged', async (t) => {
  const client = new Journal(...Array.from({ length: 300 }, () => 'gap' as const))
  const acknowledgements = new Typed()
  const { done, seqs } = receiving(client, { acknowledgements })
  await turns()
  t.equal(seqs().length, 256)
  acknowledgements.type('10')
  await turns()
  t.equal(seqs().length, 266)
  acknowledgements.type('266')
  await turns()
  t.equal(seqs().length, 300)
  acknowledgements.type('300')
  await done
  t.equal(client.seen, 300)
})

for (const wrong of ['4', '3x', '-1', '', '1 2', '99999999999999999999']) {
  test(`by hand, "${wrong}" acknowledges nothing and ends with 65`, async (t) => {
    const client = new Journal('gap', 'gap', 'gap')
    const acknowledgements = new Typed()
    const { done } = receiving(client, { acknowledgements })
    await turns()
    acknowledgements.type('1')
    acknowledgements.type(wrong)
    await t.rejects(done, { code: 'content/invalid', exitCode: 65 })
    t.equal(client.seen, 1)
  })
}

test('by hand, what is waited for ends when all of it is acknowledged', async (t) => {
  const client = new Journal('gap')
  const acknowledgements = new Typed()
  const { done } = receiving(client, { acknowledgements, max: 1 })
  await turns()
  acknowledgements.type('1')
  t.equal(await done, 1)
})

function heldEvents(after: number): EventObject[] {
  return eventsOf(['message.received'], after).map((event) =>
    event.type === 'message.received'
      ? { ...event, message: { ...event.message, held: true } }
      : event,
  )
}
