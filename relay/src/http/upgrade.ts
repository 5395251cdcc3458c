import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { FRAME_BYTES_MAX } from '@sotto/protocol'
import { ARRIVALS_EACH_TURN } from '../limits/bounds.js'
import { originOf, type Proxies } from '../limits/network-address.js'
import type { Refusals } from '../limits/refusals.js'
import type { DoorName } from '../socket/door-name.js'
import type { Doors, Visitor } from '../socket/doors.js'
import { Turns } from '../socket/turns.js'
import { WebSocketOfStream } from '../socket/web-socket.js'

export interface UpgradeOptions {
  readonly doors: Doors
  readonly server: Server
  readonly refusals: Refusals
  /** Names a challenge may be for; empty: whatever Host the client asked for. */
  readonly publicHosts: readonly string[]
  readonly trustedProxies: Proxies
}

const RETRY_AFTER_S = 5
const HOST_BYTES_MAX = 255

/** Turns requests for a door into WebSockets that go through it. */
export function upgradeToDoors(options: UpgradeOptions): void {
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    clientTracking: false,
  })
  const arrivals = new Turns(ARRIVALS_EACH_TURN)
  const { doors, server, refusals, publicHosts, trustedProxies } = options
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => undefined) // Until ws has it; a peer that resets is nothing to tell.
    const door = doorOf(request)
    const origin = originOf(request, trustedProxies)
    const hosts = publicHosts.length > 0 ? publicHosts : hostOf(request)
    const open = (visitor: Visitor): void => {
      stream.cork() // What answers the request and the first frame go out together.
      webSockets.handleUpgrade(request, stream, head, (socket) => {
        socket.on('error', (cause) => {
          // What ws itself refuses: compressed, too large, no WebSocket frame at all.
          if ('code' in cause && String(cause.code).startsWith('WS_ERR_')) refusals.count('frames')
        })
        doors.open(new WebSocketOfStream(socket, stream), visitor)
      })
      stream.uncork()
    }
    if (door === undefined) turnAway(stream, 404)
    else
      arrivals.add(() => {
        if (stream.destroyed) return
        if (doors.hasRoomFor({ origin, door })) open({ door, origin, hosts })
        else turnAway(stream, 503)
      })
  })
}

function doorOf(request: IncomingMessage): DoorName | undefined {
  if (request.url === '/v1/identified') return 'identified'
  return request.url === '/v1/anonymous' ? 'anonymous' : undefined
}

function hostOf(request: IncomingMessage): readonly string[] {
  const host = request.headers.host ?? ''
  return host.length <= HOST_BYTES_MAX ? [host] : []
}

function turnAway(stream: Duplex, status: 404 | 503): void {
  const retry = status === 503 ? `Retry-After: ${RETRY_AFTER_S}\r\n` : ''
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}
