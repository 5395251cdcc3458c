import { hex, parseAccountId, type Bytes } from '@sotto/protocol'
import type { Test } from 'tap'
import { AnonymousDoor, type PermitSource, type PermitUse } from '../../src/net/anonymous-door.js'
import { nodeTransport } from '../../src/net/transport.js'
import { ManualClock } from './manual-clock.js'
import { ScriptedRelay } from './scripted-relay.js'

export const ALICE = parseAccountId('00000000-0000-8000-8000-00000000000a')
export const BOB = parseAccountId('00000000-0000-8000-8000-00000000000b')
export const KEY = { kind: 'access-key', key: new Uint8Array(16).fill(3) } as const
export const ROUTE = new Uint8Array(16).fill(9)

export interface Scene {
  readonly relay: ScriptedRelay
  readonly clock: ManualClock
  readonly door: AnonymousDoor
  readonly permits: CountedPermits
}

/** Permits that are counted: the first is all ones. */
export class CountedPermits implements PermitSource {
  readonly taken: string[] = []
  readonly discarded: number[] = []
  readonly #errands = new Map<string, Bytes>()
  #made = 0

  async take(target: Bytes, use: PermitUse): Promise<Bytes> {
    const permit = this.#errands.get(hex(target)) ?? new Uint8Array(65).fill(++this.#made)
    this.#errands.set(hex(target), permit)
    this.taken.push(`${use} ${String(permit[0])}`)
    return permit
  }

  discard(permit: Bytes): void {
    this.discarded.push(permit[0] ?? 0)
    for (const [target, taken] of this.#errands) if (taken === permit) this.#errands.delete(target)
  }
}

export async function begin(t: Test): Promise<Scene> {
  const relay = await ScriptedRelay.start()
  const clock = new ManualClock()
  const permits = new CountedPermits()
  const { origin } = relay
  const door = new AnonymousDoor({ origin, transport: nodeTransport, clock, permits })
  t.teardown(async () => {
    door.close()
    await relay.stop()
  })
  return { relay, clock, door, permits }
}

export function submit(door: AnonymousDoor, account = ALICE): ReturnType<AnonymousDoor['submit']> {
  return door.submit({ account, route: ROUTE, leave: KEY, envelopes: [] })
}

export const SUBMITTED = { case: 'submitted', value: { arrivalMs: 77n } } as const
