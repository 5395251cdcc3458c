import {
  createServer,
  STATUS_CODES,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AddressCounts } from '../limits/address-counts.js'
import {
  HEAD_BYTES_MAX,
  HTTP_ADDRESS_CONNECTIONS_MAX,
  HTTP_CONNECTIONS_MAX,
  SLOW_REQUESTS_PAUSE_MS,
} from '../limits/bounds.js'
import type { Limits } from '../limits/limits.js'
import type { Origin } from '../limits/network-address.js'
import type { Refusals } from '../limits/refusals.js'
import type { Certificate } from '../tls/certificate.js'

/**
 * What Node is to refuse by itself: a head that is too large (431) or comes too slowly (408). The
 * number of header fields has no limit of its own: Node would leave out those above it, and a client
 * could hide the address that a proxy adds at the end.
 */
function serverOptions(limits: Limits): ServerOptions {
  return {
    maxHeaderSize: HEAD_BYTES_MAX,
    headersTimeout: limits.handshakeMs,
    requestTimeout: Math.max(limits.handshakeMs, limits.bodyMs),
    connectionsCheckingInterval: Math.min(SLOW_REQUESTS_PAUSE_MS, limits.handshakeMs),
  }
}

/** A server that does not listen yet. */
export interface HttpServer {
  readonly http: Server
  /** Uses another certificate for whoever connects from now on; undefined: this speaks no TLS. */
  readonly renew: ((certificate: Certificate) => void) | undefined
}

export function createHttpServer(options: {
  readonly limits: Limits
  /** Undefined: plain HTTP. */
  readonly certificate: Certificate | undefined
  readonly answer: RequestListener
}): HttpServer {
  const { limits, certificate, answer } = options
  if (certificate === undefined) {
    return { http: createServer(serverOptions(limits), answer), renew: undefined }
  }
  const { cert, key } = certificate
  const server = createTlsServer(
    {
      ...serverOptions(limits),
      cert,
      key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.handshakeMs,
    },
    answer,
  )
  server.on('tlsClientError', (_, socket) => socket.destroy()) // Not a client of ours; it hears TLS.
  return { http: server, renew: (renewed) => server.setSecureContext(renewed) }
}

/**
 * Bounds connections from the moment they are there, before a byte was read: in all, and from one
 * network address. Those in excess are cut; whoever asks for a WebSocket in time hears more.
 */
export function boundConnections(
  server: Server,
  options: {
    readonly limits: Limits
    readonly refusals: Refusals
    /** Where whoever connected is, without what a proxy says of others. */
    readonly peerOf: (socket: Socket) => Origin
  },
): void {
  const { limits, refusals, peerOf } = options
  const counts = new AddressCounts()
  server.maxHeadersCount = 0
  server.maxConnections = limits.connections + HTTP_CONNECTIONS_MAX
  server.on('drop', () => refusals.count('connections'))
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    // A proxy has as many connections as it has clients; these are counted by what it says of them.
    if (peer.kind === 'operator' || peer.address === '') return
    if (counts.of(peer.address) >= limits.addressConnections + HTTP_ADDRESS_CONNECTIONS_MAX) {
      refusals.count('connections')
      socket.destroy()
      return
    }
    socket.once('close', counts.enter(peer.address))
  })
  server.on('clientError', (cause: NodeJS.ErrnoException, stream) => {
    if (cause.code === 'ECONNRESET' || !stream.writable) {
      stream.destroy() // It has left; there is nobody to answer.
      return
    }
    refusals.count('heads')
    answerHead(stream, HEAD_STATUS[cause.code ?? ''] ?? 400)
  })
}

const HEAD_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

function answerHead(stream: Duplex, status: number): void {
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    () => stream.destroy(),
  )
}
