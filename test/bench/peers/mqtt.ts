import type { Socket } from 'node:net'

// MQTT 3.1.1, as much of it as a load needs: https://docs.oasis-open.org/mqtt/mqtt/v3.1.1.

const CONNECT = 0x10
const CONNACK = 0x20
const PUBLISH = 0x30
const PUBLISH_QOS1 = 0x32
const PUBACK = 0x40
const SUBSCRIBE = 0x82
const SUBACK = 0x90
const DISCONNECT = 0xe0
const PACKET_IDS = 65_535

/** One client that is connected; at least once (QoS 1) both ways. */
export class MqttClient {
  readonly #socket: Socket
  readonly #answered = new Map<number, () => void>()
  #nextId = 0
  #unread: Buffer = Buffer.alloc(0)
  #connected: () => void = () => undefined
  readonly #onPublish: (body: Buffer) => void

  private constructor(socket: Socket, onPublish: (body: Buffer) => void) {
    this.#socket = socket
    this.#onPublish = onPublish
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('error', () => socket.destroy())
  }

  /** Logs in with a session that the server keeps when the client is away. */
  static async login(
    socket: Socket,
    name: string,
    onPublish: (body: Buffer) => void = () => undefined,
  ): Promise<MqttClient> {
    const client = new MqttClient(socket, onPublish)
    const connected = new Promise<void>((resolve, reject) => {
      client.#connected = resolve
      socket.once('close', () => reject(new Error('the server ended the connection')))
    })
    const keptSession = Buffer.of(4, 0, 0, 0) // Version 3.1.1; no clean session; no keepalive.
    client.#send(CONNECT, [text('MQTT'), keptSession, text(name)])
    await connected
    return client
  }

  /** Resolves when the server will keep for this session what is published there. */
  subscribe(topic: string): Promise<void> {
    return new Promise((resolve) => {
      const id = this.#expect(resolve)
      this.#send(SUBSCRIBE, [u16(id), text(topic), Buffer.of(1)])
    })
  }

  /** Calls `accepted` when the server has answered. */
  publish(topic: string, body: Buffer, accepted: () => void): void {
    this.#send(PUBLISH_QOS1, [text(topic), u16(this.#expect(accepted)), body])
  }

  close(): void {
    this.#send(DISCONNECT, [])
    this.#socket.end()
  }

  #expect(answered: () => void): number {
    this.#nextId = (this.#nextId % PACKET_IDS) + 1
    this.#answered.set(this.#nextId, answered)
    return this.#nextId
  }

  #send(kind: number, parts: readonly Buffer[]): void {
    const body = Buffer.concat(parts)
    this.#socket.write(Buffer.concat([Buffer.of(kind), varint(body.length), body]))
  }

  #read(bytes: Buffer): void {
    const input = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes])
    let at = 0
    for (;;) {
      const packet = packetAt(input, at)
      if (packet === undefined) break
      this.#take(packet.kind, packet.body)
      at = packet.next
    }
    this.#unread = input.subarray(at)
  }

  #take(kind: number, body: Buffer): void {
    switch (kind & 0xf0) {
      case CONNACK:
        if (body[1] !== 0) throw new Error(`the server refused the login with ${String(body[1])}`)
        this.#connected()
        return
      case PUBACK:
      case SUBACK:
        this.#answer(body.readUInt16BE(0))
        return
      case PUBLISH: {
        const idAt = 2 + body.readUInt16BE(0)
        this.#send(PUBACK, [body.subarray(idAt, idAt + 2)])
        this.#onPublish(body.subarray(idAt + 2))
      }
    }
  }

  #answer(id: number): void {
    const answered = this.#answered.get(id)
    this.#answered.delete(id)
    answered?.()
  }
}

interface Packet {
  readonly kind: number
  readonly body: Buffer
  readonly next: number
}

/** Undefined when not all of it is there. */
function packetAt(input: Buffer, at: number): Packet | undefined {
  let length = 0
  for (let index = 0; index < 4; index++) {
    const byte = input[at + 1 + index]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte >= 0x80) continue
    const begin = at + 2 + index
    const next = begin + length
    if (next > input.length) return undefined
    return { kind: input[at] ?? 0, body: input.subarray(begin, next), next }
  }
  throw new Error('a packet of MQTT is too long')
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
    rest >>>= 7
  } while (rest > 0)
  return Buffer.from(bytes)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u16(bytes.length), bytes])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
