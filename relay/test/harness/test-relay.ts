import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { ownBytes } from '@sotto/protocol'
import { SILENT_LOG, type Log } from '../../src/log.js'
import { nodeClock, type Clock } from '../../src/ports.js'
import { startRelay, type Relay, type RelayOptions } from '../../src/server.js'

/** A clock a test moves by hand; it begins at the real time. */
export class TestClock implements Clock {
  readonly after = nodeClock.after
  #aheadMs = 0

  nowMs(): number {
    return Date.now() + this.#aheadMs
  }

  advance(ms: number): void {
    this.#aheadMs += ms
  }
}

export interface TestRelay extends Relay {
  readonly clock: TestClock
  readonly folder: string
}

interface Teardowns {
  teardown(work: () => unknown): void
}

export interface LoggedEvent {
  readonly event: string
  readonly fields: Readonly<Record<string, number | boolean>>
}

/** A log that keeps what it is told. */
export function recordingLog(): { readonly log: Log; readonly events: readonly LoggedEvent[] } {
  const events: LoggedEvent[] = []
  const record: Log['info'] = (event, fields) => void events.push({ event, fields: { ...fields } })
  return { log: { info: record, warn: record, error: record }, events }
}

/** A new folder that is gone when the test is. */
export function testFolder(t: Teardowns): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-relay-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A relay in this process on a free port, closed when the test ends. */
export async function testRelay(
  t: Teardowns,
  options: Partial<RelayOptions> & { readonly folder?: string } = {},
): Promise<TestRelay> {
  const { folder = testFolder(t), ...more } = options
  const clock = new TestClock()
  const relay = await startRelay({
    dataFolder: folder,
    listen: { host: '127.0.0.1', port: 0 },
    clock,
    random: (bytes) => ownBytes(randomBytes(bytes)),
    log: SILENT_LOG,
    ...more,
  })
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await relay.close()
  }
  t.teardown(close)
  return { ...relay, close, clock, folder }
}
