import type { Writable } from 'node:stream'
import WebSocket from 'ws'
import { decode, encode, wire, type Bytes } from '@sotto/protocol'
import type { TestAccount, TestDevice } from './test-account.js'

type RelayKind = wire.RelayFrame['kind']
export type Kind = NonNullable<RelayKind['case']>
type Values<Union extends { case?: string | undefined; value?: unknown }> = {
  [Member in Union as Member['case'] & string]: Member['value']
}
type Frames = Values<RelayKind>
type Answers = Values<wire.Result['kind']>
export type FrameOf<Case extends Kind> = Frames[Case]
type Method = NonNullable<Parameters<typeof encode<typeof wire.RequestSchema>>[1]['method']>
type ClientKind = NonNullable<Parameters<typeof encode<typeof wire.ClientFrameSchema>>[1]['kind']>

/** A frame that has not come by then never comes, however busy the machine is. */
const WAIT_MS_MAX = 60_000

/** A client's end of one door: frames in the order they came, requests by id. */
export class TestDoor {
  readonly socket: WebSocket
  readonly frames: RelayKind[] = []
  readonly rawResults: Bytes[] = []
  readonly closed: Promise<number>
  readonly #waiters = new Set<() => void>()
  readonly #url: string
  #nextId = 1

  private constructor(url: string, socket: WebSocket) {
    this.#url = url
    this.socket = socket
    socket.on('message', (data: Buffer) => {
      const { kind } = decode(wire.RelayFrameSchema, data)
      if (kind.case === 'result') this.rawResults.push(new Uint8Array(data))
      this.frames.push(kind)
      this.#wake()
    })
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)))
    void this.closed.then(() => this.#wake())
  }

  static async open(
    url: string,
    door: 'identified' | 'anonymous',
    headers = {},
  ): Promise<TestDoor> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/${door}`, {
      perMessageDeflate: false,
      headers,
    })
    const opened = new TestDoor(url, socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return opened
  }

  /** An identified door that has authenticated. */
  static async login(url: string, account: TestAccount, device?: TestDevice): Promise<TestDoor> {
    const door = await TestDoor.open(url, 'identified')
    await door.authenticate(account, device)
    await door.next('ready')
    return door
  }

  get host(): string {
    return new URL(this.#url).host
  }

  async authenticate(account: TestAccount, device?: TestDevice): Promise<void> {
    const { nonce, timeMs } = await this.next('hello')
    const challenge = { nonce, timeMs: Number(timeMs), host: this.host }
    this.send({ case: 'authenticate', value: account.authenticate(challenge, device) })
  }

  send(kind: ClientKind): void {
    this.socket.send(encode(wire.ClientFrameSchema, { kind }))
  }

  acknowledge(seq: number | bigint, epoch = 1): void {
    this.send({ case: 'acknowledge', value: { epoch: BigInt(epoch), seq: BigInt(seq) } })
  }

  /** The answer to a request. */
  async ask(method: Method): Promise<wire.Result['kind']> {
    const id = this.#nextId++
    this.send({ case: 'request', value: { id, method } })
    const result = await this.#find(
      (frame): frame is Extract<RelayKind, { case: 'result' }> =>
        frame.case === 'result' && frame.value.id === id,
    )
    return result.value.kind
  }

  /** The answer to a request that must be of this kind. */
  async expect<Case extends keyof Answers>(method: Method, kind: Case): Promise<Answers[Case]> {
    const answer = await this.ask(method)
    if (answer.case !== kind)
      throw new Error(`${kind} expected, got ${JSON.stringify(answer, big)}`)
    return answer.value as Answers[Case]
  }

  /** The oldest frame of a kind that nobody took, taken. */
  async next<Case extends Kind>(kind: Case): Promise<FrameOf<Case>> {
    const found = await this.#find((frame): frame is RelayKind => frame.case === kind)
    return found.value as FrameOf<Case>
  }

  /** The oldest frame of any of these kinds, taken. */
  nextOf(...kinds: readonly Kind[]): Promise<RelayKind> {
    return this.#find(
      (frame): frame is RelayKind => frame.case !== undefined && kinds.includes(frame.case),
    )
  }

  async take<Case extends Kind>(kind: Case, count: number): Promise<FrameOf<Case>[]> {
    const taken: FrameOf<Case>[] = []
    while (taken.length < count) taken.push(await this.next(kind))
    return taken
  }

  count(kind: Kind): number {
    return this.frames.filter((frame) => frame.case === kind).length
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake()
  }

  async #find<Found extends RelayKind>(is: (frame: RelayKind) => frame is Found): Promise<Found> {
    const timeoutMs = Date.now() + WAIT_MS_MAX
    while (Date.now() < timeoutMs) {
      const index = this.frames.findIndex(is)
      if (index >= 0) return this.frames.splice(index, 1)[0] as Found
      if (this.socket.readyState === WebSocket.CLOSED) break
      await this.#changed(timeoutMs - Date.now())
    }
    const seen = this.frames.map((frame) => frame.case).join(', ')
    throw new Error(`the frame did not come; there were: ${seen}`)
  }

  #changed(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiters.delete(done)
        resolve()
      }
      const timer = setTimeout(done, withinMs)
      this.#waiters.add(done)
    })
  }
}

function big(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

/**
 * Beneath the WebSocket, whose client would not send what a hostile one does. Its types do not tell
 * of it.
 */
export function rawSocketOf(door: TestDoor): Writable {
  return (door.socket as unknown as { readonly _socket: Writable })._socket
}
