import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decode, encode, wire } from '@sotto/protocol'
import { WebSocketServer, type WebSocket } from 'ws'
import { until } from './awaiting.js'

type RelayFrameInit = Parameters<typeof encode<typeof wire.RelayFrameSchema>>[1]
type HelloInit = Parameters<typeof encode<typeof wire.HelloSchema>>[1]
type ResultKind = NonNullable<Parameters<typeof encode<typeof wire.ResultSchema>>[1]['kind']>

/** A real server on a real port that speaks frames and decides nothing: the test does. */
export class ScriptedRelay {
  /** Every connection there ever was, in order. */
  readonly connections: RelaySide[] = []
  /** Sent with every Hello. */
  hello: HelloInit = { versionMin: 1, versionMax: 1, timeMs: 1_000_000n }
  /** False: connections are accepted and then hear nothing. */
  greets = true
  /** What every request over HTTP is answered with, and those there were. */
  answer = { status: 200, body: new Uint8Array(0) }
  readonly requests: { readonly method: string; readonly url: string; readonly body: Buffer }[] = []
  /** An HTTP status for connections that want a WebSocket. */
  refuseWith: { readonly status: number; readonly retryAfter?: string } | undefined
  /** Stays what it was after `stop`. */
  origin = ''
  readonly #http: Server
  readonly #sockets = new WebSocketServer({ noServer: true })

  private constructor() {
    this.#http = createServer((request, response) => void this.#exchange(request, response))
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.refuseWith !== undefined) {
        const { status, retryAfter } = this.refuseWith
        const header = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`
        socket.end(`HTTP/1.1 ${status} No\r\n${header}Content-Length: 0\r\n\r\n`)
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (peer) => this.#connect(peer, request))
    })
  }

  static async start(): Promise<ScriptedRelay> {
    const relay = new ScriptedRelay()
    await new Promise<void>((resolve) => relay.#http.listen(0, '127.0.0.1', resolve))
    relay.origin = `http://127.0.0.1:${(relay.#http.address() as AddressInfo).port}`
    return relay
  }

  /** The n-th connection there ever was, from 0, once it is there. */
  async connection(index = 0): Promise<RelaySide> {
    await until(() => this.connections.length > index, `connection ${index}`)
    return this.connections[index]!
  }

  async stop(): Promise<void> {
    for (const side of this.connections) side.cut()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
  }

  #connect(peer: WebSocket, request: IncomingMessage): void {
    const side = new RelaySide(peer, request)
    this.connections.push(side)
    if (this.greets) side.send({ kind: { case: 'hello', value: this.hello } })
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { method = '', url = '' } = request
    this.requests.push({ method, url, body: Buffer.concat(parts) })
    response.writeHead(this.answer.status).end(this.answer.body)
  }
}

/** The relay's end of one connection. */
export class RelaySide {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Everything the client sent, in order. */
  readonly frames: wire.ClientFrame[] = []
  isClosed = false
  readonly #peer: WebSocket

  constructor(peer: WebSocket, request: IncomingMessage) {
    this.#peer = peer
    this.path = request.url ?? ''
    this.headers = request.headers
    peer.on('message', (bytes: Buffer) => this.frames.push(decode(wire.ClientFrameSchema, bytes)))
    peer.on('close', () => {
      this.isClosed = true
    })
    peer.on('error', () => undefined)
  }

  send(frame: RelayFrameInit): void {
    this.#peer.send(encode(wire.RelayFrameSchema, frame))
  }

  sendBytes(bytes: Uint8Array): void {
    this.#peer.send(bytes)
  }

  /** Requests so far. */
  get requests(): readonly wire.Request[] {
    return this.frames.flatMap(({ kind }) => (kind.case === 'request' ? [kind.value] : []))
  }

  /** The n-th request on this connection, from 0, once it is there. */
  async request(index = 0): Promise<wire.Request> {
    await until(() => this.requests.length > index, `request ${index}`)
    return this.requests[index]!
  }

  result(id: number, kind: ResultKind): void {
    this.send({ kind: { case: 'result', value: { id, kind } } })
  }

  /** What the client acknowledged, in order. */
  get acknowledged(): readonly number[] {
    return this.frames.flatMap(({ kind }) =>
      kind.case === 'acknowledge' ? [Number(kind.value.seq)] : [],
    )
  }

  get pings(): number {
    return this.frames.filter(({ kind }) => kind.case === 'ping').length
  }

  async authenticated(): Promise<wire.Authenticate> {
    await until(() => this.frames.length > 0, 'Authenticate')
    const kind = this.frames[0]!.kind
    if (kind.case !== 'authenticate') throw new Error(`expected Authenticate, got ${kind.case}`)
    return kind.value
  }

  /** Waits for Authenticate and answers that the device is known. */
  async ready(epoch = 1n): Promise<void> {
    await this.authenticated()
    this.sendReady(epoch)
  }

  sendReady(epoch = 1n): void {
    const prekeys = { oneTimeEc: 90, oneTimeKyber: 80, lastResortUsed: false }
    this.send({ kind: { case: 'ready', value: { epoch, prekeys } } })
  }

  deliver(seq: number, body = Uint8Array.of(seq)): void {
    const value = { seq: BigInt(seq), body, arrivalMs: 5_000n, stranger: false }
    this.send({ kind: { case: 'deliver', value } })
  }

  error(code: wire.ErrorCode, retryAfterMs = 0): void {
    this.send({ kind: { case: 'error', value: { code, retryAfterMs } } })
  }

  close(): void {
    this.#peer.close()
  }

  /** Without a word, as a crashed relay. */
  cut(): void {
    this.#peer.terminate()
  }
}
