import type { Context } from '../context.js'
import {
  ARRIVALS_EACH_TURN,
  CONNECTIONS_EACH_TURN,
  DRAIN_MS_MAX,
  DRAIN_SPREAD_MS,
  KEEPALIVE_MS,
} from '../limits/bounds.js'
import { AddressCounts } from '../limits/address-counts.js'
import type { Origin } from '../limits/network-address.js'
import { AnonymousDoor } from './anonymous.js'
import type { ClientSocket } from './client-socket.js'
import { CLOSE } from './close-codes.js'
import { Connection } from './connection.js'
import type { DoorName } from './door-name.js'
import { drainFrame } from './frames.js'
import { IdentifiedDoor } from './identified.js'
import { Turns } from './turns.js'

/** Somebody who wants in. */
export interface Visitor {
  readonly door: DoorName
  readonly origin: Origin
  /** Names that a challenge may be for. */
  readonly hosts: readonly string[]
}

/** The two doors, and every connection that came through them. */
export class Doors {
  readonly #context: Context
  readonly #connections = new Set<Connection>()
  readonly #perAddress = new AddressCounts()
  readonly #logins = new Turns(ARRIVALS_EACH_TURN)
  readonly #probes = new Turns(CONNECTIONS_EACH_TURN)
  #cancelKeepalive: () => void = () => undefined
  #draining = false
  /** Told once, until there is room again. */
  #full = false
  #emptied: (() => void) | undefined

  constructor(context: Context) {
    this.#context = context
    this.#probeLater()
  }

  get size(): number {
    return this.#connections.size
  }

  /** False while nobody is let in, or nobody more from there. */
  hasRoomFor({ origin, door }: Pick<Visitor, 'origin' | 'door'>): boolean {
    if (this.#draining) return false
    const hasRoom = !this.#context.pressure.refuses(door) && this.#isBelowLimits(origin)
    if (!hasRoom) this.#context.refusals.count('connections')
    return hasRoom
  }

  /** Lets in whoever `hasRoomFor` has room for. */
  open(socket: ClientSocket, { door, origin, hosts }: Visitor): void {
    const connection = new Connection({ context: this.#context, socket, origin })
    this.#admit(connection, { origin, door })
    if (door === 'identified') new IdentifiedDoor(connection, { hosts, logins: this.#logins })
    else new AnonymousDoor(connection)
  }

  /**
   * Lets nobody in any more, tells every client to come back a little later, answers what was
   * asked, and closes. Bounded by DRAIN_MS_MAX.
   */
  async drain(): Promise<void> {
    this.#draining = true
    this.#cancelKeepalive()
    const turns = new Turns(CONNECTIONS_EACH_TURN)
    const leaving = [...this.#connections].map(
      (connection) =>
        new Promise<void>((resolve) => turns.add(() => resolve(this.#sendAway(connection)))),
    )
    const late = new Promise<void>((resolve) => {
      this.#context.clock.after(DRAIN_MS_MAX, resolve)
    })
    await Promise.race([Promise.all(leaving), late])
    await Promise.race([this.#everybodyLeft(), late])
    this.close()
  }

  /** At once. */
  close(): void {
    this.#draining = true
    this.#cancelKeepalive()
    for (const connection of this.#connections) connection.terminate()
  }

  async #sendAway(connection: Connection): Promise<void> {
    connection.send(drainFrame(this.#randomBelow(DRAIN_SPREAD_MS)))
    await connection.retire(CLOSE.restart)
  }

  #admit(connection: Connection, { origin, door }: Pick<Visitor, 'origin' | 'door'>): void {
    const { meters } = this.#context
    this.#connections.add(connection)
    meters.opened(door)
    const leave = origin.kind === 'network' ? this.#perAddress.enter(origin.address) : undefined
    connection.onClose(() => {
      this.#connections.delete(connection)
      meters.closed(door)
      leave?.()
      if (this.#connections.size === 0) this.#emptied?.()
    })
  }

  #isBelowLimits(origin: Origin): boolean {
    const { limits, log } = this.#context
    if (this.#connections.size >= limits.connections) {
      if (!this.#full) log.warn('relay.limit-reached', { sockets: this.#connections.size })
      this.#full = true
      return false
    }
    this.#full = false
    if (origin.kind === 'operator') return true
    return this.#perAddress.of(origin.address) < limits.addressConnections
  }

  #probeLater(): void {
    this.#cancelKeepalive = this.#context.clock.after(KEEPALIVE_MS, () => {
      for (const connection of this.#connections) this.#probes.add(() => connection.probe())
      this.#probeLater()
    })
  }

  #everybodyLeft(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve()
    return new Promise((resolve) => (this.#emptied = resolve))
  }

  #randomBelow(limit: number): number {
    const [high = 0, low = 0] = this.#context.random(2)
    return (high * 256 + low) % limit
  }
}
