import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { BODY_BYTES, type Delivered, type Receiver, type Running, type Sender } from './subject.js'

/** Two people of whom one writes to the other, so many of them. */
export const PAIRS = 20
/** Mailboxes, and sockets, that a load is spread over. */
const MAILBOXES = 8
const IN_FLIGHT = 64
const MESSAGES = 20_000
/** Whoever is not done with them by then is measured by what it has done. */
const LOAD_MS_MAX = 5_000
/** The first ones find code that has never run; a relay has been running when people write. */
const WARM_UP_MESSAGES = 100
const ACKNOWLEDGE_EVERY = 64
const DELIVERY_MS_MAX = 60_000

/** Durable submissions a second, 1 KB each, 64 in flight. */
export async function measureAccept(running: Running): Promise<number> {
  await running.prepare(MAILBOXES)
  return (await fill(running, MAILBOXES)).perSecond
}

/** Messages a second from 20 senders to 20 receivers who are there, 64 not accepted yet. */
export async function measureOnline(running: Running): Promise<number> {
  await running.prepare(PAIRS)
  let delivered = 0
  let wanted = Infinity
  let done = (): void => undefined
  const all = new Promise<void>((resolve) => (done = resolve))
  const receivers = await openReceivers(running, PAIRS, (receiver, seq) => {
    delivered++
    receiver.acknowledge(seq)
    if (delivered === wanted) done()
  })
  const begunMs = performance.now()
  const { count } = await fill(running, PAIRS)
  wanted = count
  if (delivered < wanted) await within(all)
  const tookMs = performance.now() - begunMs
  for (const receiver of receivers) receiver.close()
  return (count / tookMs) * 1000
}

/** Milliseconds from submit to deliver, over 20 pairs, at a steady rate. `prepare` them before. */
export async function measureLatency(
  running: Running,
  { perSecond, messages }: { readonly perSecond: number; readonly messages: number },
): Promise<number[]> {
  const sentMs: number[] = []
  const tookMs: number[] = []
  let delivered = 0
  let done = (): void => undefined
  const all = new Promise<void>((resolve) => (done = resolve))
  const receivers = await openReceivers(running, PAIRS, (receiver, seq, body) => {
    const index = body.readUInt32BE(0)
    tookMs[index] = performance.now() - (sentMs[index] ?? NaN)
    receiver.acknowledge(seq)
    delivered++
    if (delivered === messages) done()
  })
  const senders = await openSenders(running, PAIRS, PAIRS)
  const beginMs = performance.now()
  for (let index = 0; index < messages; index++) {
    const body = randomBytes(BODY_BYTES)
    body.writeUInt32BE(index, 0)
    await until(beginMs + (index * 1000) / perSecond)
    sentMs[index] = performance.now()
    senders[index % senders.length]?.submit(body, () => undefined)
  }
  await within(all)
  for (const end of [...senders, ...receivers]) end.close()
  return tookMs.slice(WARM_UP_MESSAGES)
}

/** Envelopes a second from a full mailbox to the wire, acknowledged as they come. */
export async function measureDrain(running: Running): Promise<number> {
  await running.prepare(1)
  const { count } = await fill(running, 1)
  let drained = 0
  let done = (): void => undefined
  const all = new Promise<void>((resolve) => (done = resolve))
  const begunMs = performance.now()
  const [receiver] = await openReceivers(running, 1, (each, seq) => {
    drained++
    if (drained % ACKNOWLEDGE_EVERY === 0) each.acknowledge(seq)
    if (drained === count) done()
  })
  await within(all)
  const tookMs = performance.now() - begunMs
  receiver?.close()
  return (count / tookMs) * 1000
}

/** Submits bodies with IN_FLIGHT of them unanswered at any time, until all are accepted. */
export async function fill(
  running: Running,
  mailboxes: number,
): Promise<{ readonly count: number; readonly perSecond: number }> {
  const senders = await openSenders(running, Math.max(MAILBOXES, mailboxes), mailboxes)
  const body = randomBytes(BODY_BYTES)
  const begunMs = performance.now()
  const mayGoOn = (): boolean => sent < MESSAGES && performance.now() - begunMs < LOAD_MS_MAX
  let sent = 0
  let accepted = 0
  await new Promise<void>((resolve) => {
    const next = (sender: Sender): void => {
      sent++
      sender.submit(body, () => {
        accepted++
        if (mayGoOn()) next(sender)
        else if (accepted === sent) resolve()
      })
    }
    for (let index = 0; index < IN_FLIGHT; index++) next(senders[index % senders.length]!)
  })
  const tookMs = performance.now() - begunMs
  for (const sender of senders) sender.close()
  return { count: accepted, perSecond: (accepted / tookMs) * 1000 }
}

async function openSenders(running: Running, count: number, mailboxes: number): Promise<Sender[]> {
  const senders: Sender[] = []
  for (let index = 0; index < count; index++) {
    senders.push(await running.openSender(index % mailboxes))
  }
  return senders
}

/** `onDeliver` may be called while a receiver is still being opened: it is told of it then. */
async function openReceivers(
  running: Running,
  count: number,
  onDeliver: (receiver: Receiver, seq: number, body: Buffer) => void,
): Promise<Receiver[]> {
  const receivers: Receiver[] = []
  for (let index = 0; index < count; index++) {
    const early: Delivered[] = []
    let tell = (delivered: Delivered): unknown => early.push(delivered)
    const receiver = await running.openReceiver(index, (delivered) => tell(delivered))
    tell = ({ seq, body }) => onDeliver(receiver, seq, body)
    for (const delivered of early) tell(delivered)
    receivers.push(receiver)
  }
  return receivers
}

/** Throws when messages that were accepted are not delivered: it would wait for ever. */
async function within(all: Promise<void>): Promise<void> {
  const late = new AbortController()
  const isLate = setTimeout(DELIVERY_MS_MAX, 'late', { signal: late.signal })
  isLate.catch(() => undefined) // Aborted below, when nothing is late.
  const first = await Promise.race([all, isLate])
  late.abort()
  if (first === 'late') throw new Error('what was accepted is not delivered')
}

async function until(ms: number): Promise<void> {
  await setTimeout(Math.max(0, ms - performance.now()))
}
