import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { BODY_BYTES, type Running, type Sender } from './subject.js'

/** Mailboxes, and sockets, that a load is spread over. */
export const MAILBOXES = 8
const IN_FLIGHT = 64
const ACCEPT_MESSAGES = 20_000
const LATENCY_MESSAGES = 600
/** The first ones find code that has never run; a relay has been running when people write. */
const LATENCY_WARM_UP = 100
const LATENCY_EVERY_MS = 10
const DRAIN_MESSAGES = 20_000
const ACKNOWLEDGE_EVERY = 64

/** Durable submissions a second, 1 KB each, 64 in flight. */
export async function measureAccept(running: Running): Promise<number> {
  await running.prepare(MAILBOXES)
  const begunMs = performance.now()
  await fill(running, MAILBOXES, ACCEPT_MESSAGES)
  return ACCEPT_MESSAGES / ((performance.now() - begunMs) / 1000)
}

/** Milliseconds from submit to deliver, one message every 10 ms. */
export async function measureLatency(running: Running): Promise<number[]> {
  await running.prepare(1)
  const sentMs: number[] = []
  const tookMs: number[] = []
  let done = (): void => undefined
  const all = new Promise<void>((resolve) => (done = resolve))
  const receiver = await running.openReceiver(0, ({ seq, body }) => {
    const deliveredMs = performance.now() // Before anything that this end does with it.
    tookMs.push(deliveredMs - (sentMs[body.readUInt32BE(0)] ?? NaN))
    receiver.acknowledge(seq)
    if (tookMs.length === LATENCY_MESSAGES) done()
  })
  const sender = await running.openSender(0)
  const beginMs = performance.now()
  for (let index = 0; index < LATENCY_MESSAGES; index++) {
    await until(beginMs + index * LATENCY_EVERY_MS)
    const body = randomBytes(BODY_BYTES)
    body.writeUInt32BE(index, 0)
    sentMs[index] = performance.now()
    sender.submit(body, () => undefined)
  }
  await all
  sender.close()
  receiver.close()
  return tookMs.slice(LATENCY_WARM_UP)
}

/** Envelopes a second from a full mailbox to the wire, acknowledged as they come. */
export async function measureDrain(running: Running): Promise<number> {
  await running.prepare(1)
  await fill(running, 1, DRAIN_MESSAGES)
  let count = 0
  let done = (): void => undefined
  const all = new Promise<void>((resolve) => (done = resolve))
  const receiverReady = running.openReceiver(0, ({ seq }) => {
    count++
    if (count % ACKNOWLEDGE_EVERY === 0) void receiverReady.then((each) => each.acknowledge(seq))
    if (count === DRAIN_MESSAGES) done()
  })
  const receiver = await receiverReady
  const begunMs = performance.now()
  await all
  const tookMs = performance.now() - begunMs
  receiver.close()
  return DRAIN_MESSAGES / (tookMs / 1000)
}

/** Submits `count` bodies with IN_FLIGHT of them unanswered at any time. */
async function fill(running: Running, mailboxes: number, count: number): Promise<void> {
  const senders: Sender[] = []
  for (let index = 0; index < MAILBOXES; index++) {
    senders.push(await running.openSender(index % mailboxes))
  }
  const body = randomBytes(BODY_BYTES)
  let sent = 0
  let accepted = 0
  await new Promise<void>((resolve) => {
    const next = (sender: Sender): void => {
      if (sent === count) return
      sent++
      sender.submit(body, () => {
        accepted++
        if (accepted === count) resolve()
        else next(sender)
      })
    }
    for (let index = 0; index < IN_FLIGHT; index++) next(senders[index % senders.length]!)
  })
  for (const sender of senders) sender.close()
}

function until(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - performance.now())))
}
