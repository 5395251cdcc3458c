import type { Duplex } from 'node:stream'
import { accountIdFromBytes, decode, encode, ownBytes, wire, type AccountId } from '@sotto/protocol'
import { WebSocket } from 'ws'

import type { Mailbox } from './mailbox.js'

export type RelayFrameInit = Parameters<typeof encode<typeof wire.RelayFrameSchema>>[1]
export type ClientFrameInit = Parameters<typeof encode<typeof wire.ClientFrameSchema>>[1]
type FrameKind = NonNullable<RelayFrameInit['kind']>
type ResultInit = Extract<FrameKind, { case: 'result' }>['value']
type ResultKind = NonNullable<ResultInit['kind']>
export type DoorName = 'identified' | 'anonymous'

/** What a relay does to the frames that pass through it; what it leaves out passes as it is. */
export interface Tampering {
  /** In place of a frame for the client. Awaited: what comes later waits. */
  down?(
    frame: wire.RelayFrame,
    passage: Passage,
  ): readonly RelayFrameInit[] | undefined | Promise<readonly RelayFrameInit[] | undefined>
  /** In place of a frame for the honest relay. */
  up?(
    frame: wire.ClientFrame,
    passage: Passage,
  ): readonly ClientFrameInit[] | undefined | Promise<readonly ClientFrameInit[] | undefined>
  /** True: this connection is not passed on at all. `stream` is what carries it. */
  take?(client: WebSocket, stream: Duplex): boolean
}

/** One connection of a client, and the one to the honest relay that it passes into. */
export class Passage {
  readonly door: DoorName
  /** Of the identified door, once it has answered the challenge. */
  account: AccountId | undefined
  readonly #client: WebSocket
  readonly #honest: WebSocket
  readonly #options: PassageOptions
  readonly #asked = new Map<number, wire.Request>()
  #down: Promise<void> = Promise.resolve()
  #up: Promise<void> = Promise.resolve()

  constructor(client: WebSocket, honest: WebSocket, door: DoorName, options: PassageOptions) {
    this.#client = client
    this.#honest = honest
    this.door = door
    this.#options = options
    const opened = new Promise<void>((resolve) => honest.once('open', () => resolve()))
    this.#up = opened
    client.on('message', (data: Buffer) => {
      this.#up = this.#up.then(() => this.#passUp(decode(wire.ClientFrameSchema, data)))
    })
    honest.on('message', (data: Buffer) => {
      this.#down = this.#down.then(() => this.#passDown(decode(wire.RelayFrameSchema, data)))
    })
    for (const socket of [client, honest]) socket.on('error', () => socket.terminate())
    client.on('close', () => void this.#up.then(() => honest.close()))
    honest.on('close', (code) => {
      const isOwn = code >= 4000 || code === 1009 || code === 1012 || code === 1013
      void this.#down.then(() => client.close(isOwn ? code : 1000))
    })
  }

  /** What was asked under the id of a result. */
  requestOf(result: wire.Result): wire.Request['method'] {
    const request = this.#asked.get(result.id)
    if (request === undefined) throw new Error('a result answers a request')
    return request.method
  }

  /** To the client, as though the relay had sent it. */
  send(...frames: readonly RelayFrameInit[]): void {
    for (const frame of frames) {
      if (this.#client.readyState !== WebSocket.OPEN) return
      this.#client.send(encode(wire.RelayFrameSchema, frame))
    }
  }

  /** Answers a request in the relay's place. */
  answer(request: wire.Request, kind: ResultKind): void {
    this.send({ kind: { case: 'result', value: { id: request.id, kind } } })
  }

  /** Ends the client's connection. */
  close(): void {
    this.#client.close()
  }

  async #passUp(frame: wire.ClientFrame): Promise<void> {
    const { kind } = frame
    if (kind.case === 'authenticate') this.account = accountIdFromBytes(kind.value.account)
    if (kind.case === 'request') this.#asked.set(kind.value.id, kind.value)
    this.#options.saw?.(frame, this)
    const passed = (await this.#options.tampering().up?.(frame, this)) ?? [frame]
    for (const each of passed) this.#toHonest(each)
  }

  #toHonest(frame: ClientFrameInit): void {
    if (this.#honest.readyState !== WebSocket.OPEN) return
    if (frame.kind?.case === 'acknowledge' && this.account !== undefined) {
      const { epoch, seq } = frame.kind.value
      const honest = this.#options.mailbox(this.account).honestSeq(seq ?? 0n)
      if (honest === undefined) return
      const value = { epoch: epoch ?? 0n, seq: honest }
      this.#honest.send(encode(wire.ClientFrameSchema, { kind: { case: 'acknowledge', value } }))
      return
    }
    this.#honest.send(encode(wire.ClientFrameSchema, frame))
  }

  async #passDown(frame: wire.RelayFrame): Promise<void> {
    this.#renumber(frame)
    const passed = (await this.#options.tampering().down?.(frame, this)) ?? [frame]
    this.send(...passed)
    if (frame.kind.case === 'ready' && this.account !== undefined) this.deliverForged()
  }

  /** What was forged for this mailbox, as its next envelopes. */
  deliverForged(): void {
    if (this.account === undefined) return
    const mailbox = this.#options.mailbox(this.account)
    for (const forged of mailbox.takeForged()) {
      const seq = mailbox.next()
      const arrivalMs = BigInt(
        forged.kind === 'envelope' ? (forged.arrivalMs ?? Date.now()) : Date.now(),
      )
      if (forged.kind === 'gap') {
        const { count, reason } = forged
        this.send({ kind: { case: 'gap', value: { seq, count, reason, arrivalMs } } })
      } else {
        const { stranger = false } = forged
        const body = ownBytes(forged.body)
        this.send({ kind: { case: 'deliver', value: { seq, body, arrivalMs, stranger } } })
      }
    }
  }

  #renumber({ kind }: wire.RelayFrame): void {
    if (this.account === undefined) return
    if (kind.case === 'deliver' || kind.case === 'gap')
      kind.value.seq = this.#options.mailbox(this.account).place(kind.value.seq)
  }
}

export interface PassageOptions {
  readonly tampering: () => Tampering
  readonly mailbox: (account: AccountId) => Mailbox
  readonly saw?: (frame: wire.ClientFrame, passage: Passage) => void
}
