import type { Agent } from 'node:http'
import {
  UnavailableError,
  BusyError,
  FRAME_BYTES_MAX,
  type Bytes,
  type ProxyUrl,
} from '@sotto/protocol'
import type { WebSocket } from 'ws'
import type { Socket, Transport } from '../ports.js'
import { checkName, unreachable } from './unreachable.js'

/**
 * The network of this machine: `ws` and node:http, each loaded when first needed, because a
 * command that needs none must not pay for them. No two calls share a connection, a TLS session
 * or a cookie, so that the doors have nothing in common.
 */
export const nodeTransport: Transport = transportThrough(() => undefined)

/**
 * The same through a proxy, which is asked for anew for each connection; undefined: directly. What
 * it takes to speak to proxies is loaded with the first of them. Nothing waits longer than
 * `waitMsMax`.
 */
export function transportThrough(
  choose: () => ProxyUrl | undefined,
  waitMsMax = Infinity,
): Transport {
  const agent = async (): Promise<Agent | undefined> => {
    const proxy = choose()
    return proxy === undefined ? undefined : (await import('./proxy-agent.js')).proxyAgent(proxy)
  }
  return {
    open: async (url, options) => open(url, { ...atMost(options), agent: await agent() }),
    exchange: async (request) => exchange({ ...atMost(request), agent: await agent() }),
  }

  function atMost<Wait extends { readonly timeoutMs: number }>(wait: Wait): Wait {
    return { ...wait, timeoutMs: Math.min(wait.timeoutMs, waitMsMax) }
  }
}

interface Way {
  readonly agent: Agent | undefined
}
type OpenOptions = Parameters<Transport['open']>[1] & Way
type Exchange = Parameters<Transport['exchange']>[0] & Way
type Exchanged = Awaited<ReturnType<Transport['exchange']>>

/** A closing handshake that the peer does not answer is cut after this long. */
const CLOSE_MS_MAX = 1000
const NORMAL_CLOSURE = 1000
const UNSUPPORTED_DATA = 1003

async function open(url: string, options: OpenOptions): Promise<Socket> {
  checkName(url)
  const { WebSocket } = await import('./websocket.js')
  if (options.signal?.aborted === true) throw interrupted()
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    followRedirects: false,
    ...(options.agent === undefined ? {} : { agent: options.agent }),
  })
  socket.binaryType = 'arraybuffer'
  try {
    await opened(socket, url, options)
  } catch (error) {
    socket.on('error', ignore) // ws reports once more that it was cut while connecting.
    socket.terminate()
    throw error
  }
  return new WsSocket(socket)
}

function opened(socket: WebSocket, url: string, options: OpenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const interrupt = (): void => reject(interrupted())
    const timer = setTimeout(() => reject(unreachable(url, { timedOut: true })), options.timeoutMs)
    const settle = (): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', interrupt)
    }
    options.signal?.addEventListener('abort', interrupt)
    socket.once('open', () => {
      settle()
      socket.pause() // What comes first waits for whoever listens first.
      resolve()
    })
    socket.once('error', (cause) => {
      settle()
      reject(unreachable(url, { cause }))
    })
    socket.once('unexpected-response', (_request, response) => {
      settle()
      reject(refusal(url, response.statusCode ?? 0, response.headers['retry-after']))
    })
  })
}

class WsSocket implements Socket {
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('error', ignore) // 'close' follows, and that is what matters.
  }

  send(bytes: Uint8Array): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false
    this.#socket.send(bytes)
    return true
  }

  onMessage(listener: (bytes: Bytes) => void): void {
    this.#socket.on('message', (data, isBinary) => {
      if (isBinary && data instanceof ArrayBuffer) listener(new Uint8Array(data))
      else this.#socket.close(UNSUPPORTED_DATA)
    })
    this.#socket.resume()
  }

  onClose(listener: (code: number) => void): void {
    this.#socket.once('close', listener)
  }

  close(): void {
    if (this.#socket.readyState === this.#socket.CLOSED) return
    const cut = setTimeout(() => this.#socket.terminate(), CLOSE_MS_MAX)
    this.#socket.once('close', () => clearTimeout(cut))
    this.#socket.close(NORMAL_CLOSURE)
  }
}

async function exchange(request: Exchange): Promise<Exchanged> {
  checkName(request.url)
  const http = request.url.startsWith('https:')
    ? await import('node:https')
    : await import('node:http')
  return new Promise((resolve, reject) => {
    const outgoing = http.request(request.url, {
      method: request.method,
      agent: request.agent ?? false,
      headers:
        request.body === undefined
          ? {}
          : { 'content-type': 'application/x-protobuf', 'content-length': request.body.length },
    })
    const timer = setTimeout(() => {
      reject(unreachable(request.url, { timedOut: true }))
      outgoing.destroy()
    }, request.timeoutMs)
    const fail = (cause: unknown): void => {
      clearTimeout(timer)
      reject(unreachable(request.url, { cause }))
    }
    outgoing.once('error', fail)
    outgoing.once('response', (response) => {
      const parts: Buffer[] = []
      let length = 0
      response.on('data', (part: Buffer) => {
        parts.push(part)
        length += part.length
        if (length > FRAME_BYTES_MAX) response.destroy(new Error('the answer is too long'))
      })
      response.once('error', fail)
      response.once('end', () => {
        clearTimeout(timer)
        resolve({ status: response.statusCode ?? 0, body: new Uint8Array(Buffer.concat(parts)) })
      })
    })
    outgoing.end(request.body)
  })
}

/** What an HTTP answer in place of a WebSocket means. */
function refusal(url: string, status: number, retryAfter: string | undefined): Error {
  const seconds = Number(retryAfter ?? 0)
  const options = seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}
  if (status === 503) {
    return new UnavailableError('relay/unavailable', 'the relay does not serve just now', {
      fix: 'It will be tried again.',
      ...options,
    })
  }
  if (status === 429) {
    return new BusyError('relay/rate-limited', 'too many connections from here', {
      fix: 'Wait a little and try again.',
      ...options,
    })
  }
  return unreachable(url, { status })
}

function interrupted(): UnavailableError {
  return new UnavailableError('temporary/interrupted', 'stopped while connecting')
}

function ignore(): void {
  // Deliberately nothing: see the callers.
}
