import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { FRAME_BYTES_MAX } from '@sotto/protocol'
import type { Context } from '../context.js'
import { DRAIN_MS_MAX, DRAIN_SPREAD_MS, KEEPALIVE_MS } from '../limits/bounds.js'
import { originOf, type Origin } from '../limits/network-address.js'
import { AnonymousDoor } from './anonymous.js'
import { CLOSE } from './close-codes.js'
import { Connection } from './connection.js'
import { drainFrame } from './frames.js'
import { IdentifiedDoor } from './identified.js'

export interface DoorsOptions {
  readonly context: Context
  readonly server: Server
  /** Names a challenge may be for; empty: whatever Host the client asked for. */
  readonly publicHosts: readonly string[]
  readonly trustedProxies: ReadonlySet<string>
}

const RETRY_AFTER_S = 5
const HOST_BYTES_MAX = 255

/** The two WebSocket doors on one HTTP server, and every connection that came through them. */
export class Doors {
  readonly #options: DoorsOptions
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    clientTracking: false,
  })
  readonly #connections = new Set<Connection>()
  readonly #perAddress = new Map<string, number>()
  readonly #keepalive: NodeJS.Timeout
  #draining = false
  /** Told once, until there is room again. */
  #full = false

  constructor(options: DoorsOptions) {
    this.#options = options
    this.#keepalive = setInterval(() => this.#probeAll(), KEEPALIVE_MS).unref()
    options.server.on('upgrade', (request, stream, head) => this.#upgrade(request, stream, head))
  }

  get size(): number {
    return this.#connections.size
  }

  /**
   * Lets nobody in any more, tells every client to come back a little later, answers what was
   * asked, and closes. Bounded by DRAIN_MS_MAX.
   */
  async drain(): Promise<void> {
    this.#draining = true
    clearInterval(this.#keepalive)
    const leaving = [...this.#connections].map(async (connection) => {
      connection.send(drainFrame(this.#randomBelow(DRAIN_SPREAD_MS)))
      await connection.retire(CLOSE.restart)
    })
    const late = new Promise((resolve) => setTimeout(resolve, DRAIN_MS_MAX).unref())
    await Promise.race([Promise.all(leaving), late])
    await Promise.race([this.#everybodyLeft(), late])
    this.close()
  }

  /** At once. */
  close(): void {
    this.#draining = true
    clearInterval(this.#keepalive)
    for (const connection of this.#connections) connection.terminate()
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => undefined) // Until ws has it; a peer that resets is nothing to tell.
    const door = doorOf(request)
    const origin = originOf(request, this.#options.trustedProxies)
    if (door === undefined) turnAway(stream, 404)
    else if (this.#draining || !this.#hasRoomFor(origin)) turnAway(stream, 503)
    else this.#open(request, stream, head, { door, origin })
  }

  #open(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    { door, origin }: { readonly door: Door; readonly origin: Origin },
  ): void {
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => {
      const { context } = this.#options
      const connection = new Connection({ context, socket, stream, origin })
      this.#admit(connection, origin)
      if (door === 'identified') new IdentifiedDoor(connection, this.#hostsOf(request))
      else new AnonymousDoor(connection)
    })
  }

  #admit(connection: Connection, origin: Origin): void {
    this.#connections.add(connection)
    const address = origin.kind === 'network' ? origin.address : undefined
    if (address !== undefined) this.#count(address, 1)
    connection.onClose(() => {
      this.#connections.delete(connection)
      if (address !== undefined) this.#count(address, -1)
      if (this.#connections.size === 0) this.#emptied?.()
    })
  }

  #hasRoomFor(origin: Origin): boolean {
    const { limits, log } = this.#options.context
    if (this.#connections.size >= limits.connections) {
      if (!this.#full) log.warn('relay.limit-reached', { sockets: this.#connections.size })
      this.#full = true
      return false
    }
    this.#full = false
    if (origin.kind === 'operator') return true
    return (this.#perAddress.get(origin.address) ?? 0) < limits.addressConnections
  }

  #count(address: string, change: 1 | -1): void {
    const count = (this.#perAddress.get(address) ?? 0) + change
    if (count > 0) this.#perAddress.set(address, count)
    else this.#perAddress.delete(address)
  }

  #hostsOf(request: IncomingMessage): readonly string[] {
    const { publicHosts } = this.#options
    if (publicHosts.length > 0) return publicHosts
    const host = request.headers.host ?? ''
    return host.length <= HOST_BYTES_MAX ? [host] : []
  }

  #probeAll(): void {
    for (const connection of this.#connections) connection.probe()
  }

  #emptied: (() => void) | undefined

  #everybodyLeft(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve()
    return new Promise((resolve) => (this.#emptied = resolve))
  }

  #randomBelow(limit: number): number {
    const [high = 0, low = 0] = this.#options.context.random(2)
    return (high * 256 + low) % limit
  }
}

type Door = 'identified' | 'anonymous'

function doorOf(request: IncomingMessage): Door | undefined {
  if (request.url === '/v1/identified') return 'identified'
  return request.url === '/v1/anonymous' ? 'anonymous' : undefined
}

function turnAway(stream: Duplex, status: 404 | 503): void {
  const retry = status === 503 ? `Retry-After: ${RETRY_AFTER_S}\r\n` : ''
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}
