import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { forEach, originOf } from './idle.js'
import { BODY_BYTES, type Running } from './subject.js'

/** So many are written to before the relay dies, and as many while all come back. */
const WRITTEN_TO = 1_000
/** A client whose connection failed waits for so long at most before the next try. */
const RETRY_MS_MAX = 500
const LOST_AFTER_MS = 30_000

export interface Storm {
  /** From the moment the relay listens again until the last of them is let in. */
  readonly tookMs: number
  /** Messages that were accepted and did not come. */
  readonly lost: number
}

/**
 * The relay dies (SIGKILL) under `count` clients that are logged in, with messages on their way that
 * nobody has acknowledged, and they all come back at once, while others are written to.
 */
export async function measureStorm(
  running: Running,
  options: { readonly count: number; readonly restart: () => Promise<Running> },
): Promise<Storm> {
  const { count, restart } = options
  const step = Math.floor(count / WRITTEN_TO)
  const accepted = await write(running, (index) => index * step)
  await running.kill()
  const again = await restart()
  const delivered = new Set<string>()
  const begunMs = performance.now()
  const live = Promise.all(
    Array.from({ length: count }, (_, index) => comeBack(again, index, delivered)),
  )
  const meanwhile = write(again, (index) => index * step + 1)
  await live
  const tookMs = performance.now() - begunMs
  for (const id of await meanwhile) accepted.add(id)
  const missing = (): string[] => [...accepted].filter((id) => !delivered.has(id))
  const deadlineMs = performance.now() + LOST_AFTER_MS
  while (missing().length > 0 && performance.now() < deadlineMs) await setTimeout(100)
  return { tookMs, lost: missing().length }
}

/** One message to each of WRITTEN_TO mailboxes; what was accepted, by what it begins with. */
async function write(running: Running, mailboxOf: (index: number) => number): Promise<Set<string>> {
  const accepted = new Set<string>()
  await forEach({ from: 0, to: WRITTEN_TO }, async (index) => {
    const sender = await running.openSender(mailboxOf(index))
    const body = randomBytes(BODY_BYTES)
    await new Promise<void>((resolve) => sender.submit(body, resolve))
    accepted.add(nameOf(body))
    sender.close()
  })
  return accepted
}

/** Tries until it is let in, as a client does. */
async function comeBack(running: Running, index: number, delivered: Set<string>): Promise<void> {
  for (;;) {
    try {
      await running.openReceiver(index, ({ body }) => delivered.add(nameOf(body)), originOf(index))
      return
    } catch {
      // Refused: the relay is not up yet, or has too much to do.
      await setTimeout(Math.random() * RETRY_MS_MAX)
    }
  }
}

function nameOf(body: Buffer): string {
  return body.toString('hex', 0, 16)
}
