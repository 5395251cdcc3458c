import { request as httpRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomBytes } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ownBytes, type AccountId, type wire } from '@sotto/protocol'
import { SILENT_LOG, startRelay, type Relay } from '@sotto/relay'
import { WebSocket, WebSocketServer } from 'ws'

import type { Scope } from '../harness/index.js'
import type { Doorway } from './doorway.js'
import { Mailbox, type Forged } from './mailbox.js'
import { Passage, type DoorName, type Tampering } from './passage.js'

/** True: it was answered here. */
export type HttpTampering = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * A relay that is against us: a real one, whose disk, keys and clock it has, behind a server that
 * speaks the wire protocol and does to every frame what it is told. Without tampering it is honest.
 */
export class HostileRelay {
  readonly url: string
  readonly dataDir: string
  /** How far its clock is ahead of the time. */
  aheadMs = 0
  tampering: Tampering = {}
  httpTampering: HttpTampering = () => false
  /** Where every request is sent on to, WebSockets included. */
  redirectTo: string | undefined
  /** Every frame that clients have sent, in order. */
  readonly seen: { readonly door: DoorName; readonly frame: wire.ClientFrame }[] = []
  readonly #mailboxes = new Map<AccountId, Mailbox>()
  #honest: Relay | undefined

  private constructor(dir: string, url: string) {
    this.dataDir = join(dir, 'data')
    this.url = url
  }

  /** `before`: the relay of which a copy of the disk lies in `dir`, for devices that know it. */
  static async start(
    scope: Scope,
    {
      dir,
      doorway,
      before,
    }: { readonly dir: string; readonly doorway: Doorway; readonly before?: HostileRelay },
  ): Promise<HostileRelay> {
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
    const relay = new HostileRelay(dir, doorway.url)
    for (const [account, mailbox] of before === undefined ? [] : before.#mailboxes)
      relay.#mailboxes.set(account, new Mailbox(mailbox))
    scope.teardown(async () => {
      for (const client of sockets.clients) client.terminate()
      await relay.#honest?.close()
    })
    doorway.lead(scope, {
      request: (request, response) => relay.#http(request, response),
      upgrade: (request, stream, head) => {
        const { redirectTo } = relay
        if (redirectTo !== undefined) {
          stream.end(`HTTP/1.1 302 Found\r\nLocation: ${redirectTo}\r\nContent-Length: 0\r\n\r\n`)
          return
        }
        sockets.handleUpgrade(request, stream, head, (client) => relay.#connect(client, request))
      },
    })
    await relay.#startHonest({ restored: false })
    return relay
  }

  /** Where the real relay listens that stands behind it. */
  get honestUrl(): string {
    if (this.#honest === undefined) throw new Error('the honest relay is not running')
    return this.#honest.url
  }

  /** Copies its disk as it is now. */
  async backUp(to: string): Promise<void> {
    await this.#honest?.close()
    cpSync(this.dataDir, to, { recursive: true })
    await this.#startHonest({ restored: false })
  }

  /** Puts such a copy back, and says so, or does not. */
  async putBack(from: string, { restored }: { readonly restored: boolean }): Promise<void> {
    await this.#honest?.close()
    rmSync(this.dataDir, { recursive: true })
    cpSync(from, this.dataDir, { recursive: true })
    await this.#startHonest({ restored })
  }

  async #startHonest({ restored }: { readonly restored: boolean }): Promise<void> {
    this.#honest = await startRelay({
      dataFolder: this.dataDir,
      listen: { host: '127.0.0.1', port: 0 },
      restored,
      clock: {
        nowMs: () => Date.now() + this.aheadMs,
        after: (delayMs, wake) => {
          const timer = setTimeout(wake, delayMs).unref()
          return () => clearTimeout(timer)
        },
      },
      random: (bytes) => ownBytes(randomBytes(bytes)),
      log: SILENT_LOG,
    })
  }

  /** The next thing that this account's device is delivered, when it connects. */
  forge(account: AccountId, ...forged: readonly Forged[]): void {
    for (const each of forged) this.#mailbox(account).forge(each)
  }

  /** Everything it has seen of one kind of request, in order. */
  requests<Case extends RequestCase>(method: Case): readonly RequestValue<Case>[] {
    return this.seen.flatMap(({ frame: { kind } }) =>
      kind.case === 'request' && kind.value.method.case === method
        ? [kind.value.method.value as RequestValue<Case>]
        : [],
    )
  }

  #mailbox(account: AccountId): Mailbox {
    const mailbox = this.#mailboxes.get(account) ?? new Mailbox()
    this.#mailboxes.set(account, mailbox)
    return mailbox
  }

  #connect(client: WebSocket, request: IncomingMessage): void {
    const door = request.url === '/v1/identified' ? 'identified' : 'anonymous'
    client.on('error', () => client.terminate())
    if (this.tampering.take?.(client, request.socket) === true) return
    const upstream = `${this.honestUrl.replace(/^http/, 'ws')}${request.url ?? ''}`
    const host = request.headers.host ?? ''
    const honest = new WebSocket(upstream, { perMessageDeflate: false, headers: { host } })
    new Passage(client, honest, door, {
      tampering: () => this.tampering,
      mailbox: (account) => this.#mailbox(account),
      saw: (frame) => this.seen.push({ door, frame }),
    })
  }

  #http(request: IncomingMessage, response: ServerResponse): void {
    if (this.redirectTo !== undefined) {
      response.writeHead(307, { location: this.redirectTo }).end()
      return
    }
    if (this.httpTampering(request, response)) return
    const { method, headers, url = '' } = request
    const onward = httpRequest(
      `${this.honestUrl}${url}`,
      { method: method ?? 'GET', headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  }
}

type Method = wire.Request['method']
type RequestCase = NonNullable<Method['case']>
type RequestValue<Case extends RequestCase> = Extract<Method, { case: Case }>['value']
