import { accountIdBytes, decode, encode, parseAccountId, wire, type Bytes } from '@sotto/protocol'
import type { ClientSocket } from '@sotto/relay'
import type { Site } from './network.js'
import type { Scheduler } from './scheduler.js'

/** Somebody with a tool of their own at the anonymous door. */
class Visitor implements ClientSocket {
  readonly bufferedBytes = 0
  readonly frames: Bytes[] = []
  #hear: (frame: Bytes) => void = () => undefined
  readonly #closed: (() => void)[] = []

  say(frame: Bytes): void {
    this.#hear(frame)
  }

  /** However it ends, it ends once. */
  leave(): void {
    for (const closed of this.#closed.splice(0)) closed()
  }

  send(frame: Bytes): void {
    this.frames.push(frame)
  }

  onMessage(listener: (frame: Bytes) => void): void {
    this.#hear = listener
  }

  onClose(listener: () => void): void {
    this.#closed.push(listener)
  }

  onPong(): void {
    // It answers no ping.
  }

  onDrain(): void {
    // It takes everything at once.
  }

  pause(): void {
    // It says no more than it is asked to.
  }

  resume(): void {
    // As above.
  }

  ping(): void {
    // As above.
  }

  close(): void {
    this.leave()
  }

  terminate(): void {
    this.leave()
  }
}

/** Where somebody may come in, and whose time passes there. */
export interface Place {
  readonly site: Site
  readonly scheduler: Scheduler
}

/** Sends a frame once more that somebody sent through the anonymous door, on a connection of its own. */
export async function replay(place: Place, frame: Bytes): Promise<void> {
  await visit(place, [frame])
}

/** Takes prekey bundles of an account, as a stranger may; answers how many were given. */
export async function storm(place: Place, account: string, bundles: number): Promise<number> {
  const leave = { kind: { case: 'stranger', value: {} } } as const
  const value = { account: accountIdBytes(parseAccountId(account)), leave }
  const asked = Array.from({ length: bundles }, (_, index) =>
    request({ case: 'fetchBundle', value }, index + 1),
  )
  const frames = await visit(place, asked)
  return frames.filter((frame) => {
    const { kind } = decode(wire.RelayFrameSchema, frame)
    return kind.case === 'result' && kind.value.kind.case === 'bundle'
  }).length
}

/** Says something through the anonymous door and leaves; what was answered, but for the greeting. */
export async function visit(
  { site, scheduler }: Place,
  said: readonly Bytes[],
): Promise<readonly Bytes[]> {
  const visitor = new Visitor()
  if (!site.open('anonymous', visitor)) return []
  await scheduler.rest()
  visitor.frames.length = 0
  for (const frame of said) visitor.say(frame)
  await scheduler.rest()
  visitor.leave()
  await scheduler.rest()
  return visitor.frames
}

export type Question = NonNullable<
  Parameters<typeof encode<typeof wire.RequestSchema>>[1]['method']
>

export function request(method: Question, id = 1): Bytes {
  return encode(wire.ClientFrameSchema, { kind: { case: 'request', value: { id, method } } })
}
