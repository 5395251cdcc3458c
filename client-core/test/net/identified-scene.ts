import { generateKeyPairSync } from 'node:crypto'
import { FIRST_DEVICE, parseAccountId, type SottoError, type wire } from '@sotto/protocol'
import type { Test } from 'tap'
import {
  IdentifiedDoor,
  type Delivered,
  type Gap,
  type IdentifiedDelegate,
  type Ready,
} from '../../src/net/identified-door.js'
import { nodeTransport } from '../../src/net/transport.js'
import type { Log } from '../../src/ports.js'
import { until } from './awaiting.js'
import { fixedRandom, ManualClock } from './manual-clock.js'
import { ScriptedRelay, type RelaySide } from './scripted-relay.js'

export const ALICE = parseAccountId('00000000-0000-8000-8000-00000000000a')
export const ROOT = new Uint8Array(33).fill(5)
export const NONCE = new Uint8Array(32).fill(6)
export const KEYS = generateKeyPairSync('ed25519')

/** Writes down what it is told. */
export class Recorder implements IdentifiedDelegate {
  readonly told: string[] = []
  readonly readies: Ready[] = []
  readonly deliveries: Delivered[] = []
  readonly gaps: Gap[] = []
  readonly fatals: SottoError[] = []
  readonly logged: string[] = []

  ready(ready: Ready): void {
    this.told.push('ready')
    this.readies.push(ready)
  }

  deliver(delivered: Delivered): void {
    this.told.push(`deliver ${delivered.seq}`)
    this.deliveries.push(delivered)
  }

  gap(gap: Gap): void {
    this.told.push(`gap ${gap.seq}`)
    this.gaps.push(gap)
  }

  queueEmpty(): void {
    this.told.push('queueEmpty')
  }

  prekeys(counts: wire.PrekeyCounts): void {
    this.told.push(`prekeys ${counts.oneTimeEc}`)
  }

  stateChanged(state: string, retryAfterMs?: number): void {
    this.told.push(retryAfterMs === undefined ? state : `${state} ${retryAfterMs}`)
  }

  fatal(error: SottoError): void {
    this.told.push(`fatal ${error.code}`)
    this.fatals.push(error)
  }

  get log(): Log {
    const write = (event: string, fields: object): void => {
      this.logged.push(`${event} ${JSON.stringify(fields)}`)
    }
    return { debug: write, info: write, warn: write }
  }
}

export interface Scene {
  readonly relay: ScriptedRelay
  readonly clock: ManualClock
  readonly delegate: Recorder
  readonly door: IdentifiedDoor
}

export async function begin(t: Test, delegate = new Recorder()): Promise<Scene> {
  const relay = await ScriptedRelay.start()
  const clock = new ManualClock()
  relay.hello = { versionMin: 1, versionMax: 1, timeMs: BigInt(clock.nowMs()), nonce: NONCE }
  const door = new IdentifiedDoor({
    origin: relay.origin,
    relayRoot: ROOT,
    account: ALICE,
    device: FIRST_DEVICE,
    deviceKey: KEYS.privateKey,
    transport: nodeTransport,
    clock,
    random: fixedRandom(0.5),
    log: delegate.log,
    delegate,
  })
  t.teardown(async () => {
    await door.stop()
    await relay.stop()
  })
  return { relay, clock, delegate, door }
}

/** A door that is online, and the relay's end of its connection. */
export async function beginOnline(t: Test): Promise<Scene & { readonly side: RelaySide }> {
  const scene = await begin(t)
  scene.door.start()
  const side = await scene.relay.connection()
  await side.ready()
  await scene.door.whenOnline({ timeoutMs: 5_000 })
  return { ...scene, side }
}

/** Lets the delay before the next attempt pass, and gives the new connection. */
export async function reconnect({ relay, clock, door }: Scene): Promise<RelaySide> {
  const index = relay.connections.length
  await until(() => door.state === 'offline', 'offline')
  await until(() => clock.waitingMs.length > 0, 'the delay')
  clock.advance(clock.waitingMs[0]!)
  return relay.connection(index)
}
