import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from '@signalapp/sqlcipher'
import { WebSocketServer, type WebSocket } from 'ws'

/**
 * The least a durable relay can be on these parts: bare ws and the same SQLite, synchronous=FULL,
 * one commit at the end of each event-loop turn, delete on acknowledgement. No protocol, no
 * accounts, no checks. What sotto-relay is measured against.
 *
 *   submit   1 | id u32 | body        to a mailbox named in the URL; answered 2 | id u32
 *   deliver  3 | seq u32 | body       acknowledged, cumulatively, by 4 | seq u32
 */
const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:0' },
    data: { type: 'string' },
    json: { type: 'boolean' },
  },
})
const dataFolder = values.data ?? '.'
mkdirSync(dataFolder, { recursive: true })
const database = new Database(join(dataFolder, 'floor.db'), { cacheStatements: true })
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec(`CREATE TABLE IF NOT EXISTS envelope
  (mailbox INTEGER, seq INTEGER, body BLOB, PRIMARY KEY (mailbox, seq))`)
const insert = database.prepare('INSERT INTO envelope (mailbox, seq, body) VALUES (?, ?, ?)')
const forget = database.prepare('DELETE FROM envelope WHERE mailbox = ? AND seq <= ?')
const page = database.prepare(
  'SELECT seq, body FROM envelope WHERE mailbox = ? AND seq > ? ORDER BY seq LIMIT 256',
)
const highest = database.prepare('SELECT max(seq) FROM envelope WHERE mailbox = ?', { pluck: true })

const BUFFERED_BYTES_MAX = 1024 * 1024
const heads = new Map<number, number>()
const committed = new Map<number, number>()
const receivers = new Map<number, { readonly socket: WebSocket; delivered: number }>()
let turn: { readonly write: () => void; readonly done: () => void }[] = []

function commitThisTurn(write: () => void, done: () => void): void {
  if (turn.length === 0) setImmediate(commit)
  turn.push({ write, done })
}

function commit(): void {
  const batch = turn
  turn = []
  database.transaction(() => {
    for (const { write } of batch) write()
  })()
  for (const { done } of batch) done()
}

function submit(socket: WebSocket, mailbox: number, frame: Buffer): void {
  const body = new Uint8Array(frame.subarray(5))
  const seq = (heads.get(mailbox) ?? highest.get<number>([mailbox]) ?? 0) + 1
  heads.set(mailbox, seq)
  commitThisTurn(
    () => insert.run([mailbox, seq, body]),
    () => {
      const result = Buffer.alloc(5)
      result[0] = 2
      frame.copy(result, 1, 1, 5)
      socket.send(result)
      committed.set(mailbox, seq)
      const receiver = receivers.get(mailbox)
      if (receiver?.delivered === seq - 1) deliver(receiver, seq, body)
    },
  )
}

function deliver(
  receiver: { socket: WebSocket; delivered: number },
  seq: number,
  body: Uint8Array,
) {
  const frame = Buffer.alloc(5 + body.length)
  frame[0] = 3
  frame.writeUInt32BE(seq, 1)
  frame.set(body, 5)
  receiver.delivered = seq
  receiver.socket.send(frame)
}

function drain(mailbox: number, receiver: { socket: WebSocket; delivered: number }): void {
  if (receiver.socket.readyState !== receiver.socket.OPEN) return
  if (receiver.socket.bufferedAmount > BUFFERED_BYTES_MAX) {
    setImmediate(() => drain(mailbox, receiver))
    return
  }
  const rows = page.all<{ seq: number; body: Uint8Array<ArrayBuffer> }>([
    mailbox,
    receiver.delivered,
  ])
  for (const { seq, body } of rows) deliver(receiver, seq, body)
  if (rows.length > 0) setImmediate(() => drain(mailbox, receiver))
  else receiver.delivered = Math.max(receiver.delivered, committed.get(mailbox) ?? 0)
}

/** As the relay's: what is dropped is tried again after seconds. */
const ACCEPT_QUEUE_MAX = 65_535

const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
sockets.on('connection', (socket, request) => {
  const [, door, name] = (request.url ?? '').split('/')
  const mailbox = Number(name)
  if (door === 'receive') {
    const receiver = { socket, delivered: 0 }
    receivers.set(mailbox, receiver)
    socket.send(Buffer.of(0))
    drain(mailbox, receiver)
  }
  socket.on('message', (frame: Buffer) => {
    if (frame[0] === 1) submit(socket, mailbox, frame)
    else {
      const seq = frame.readUInt32BE(1)
      commitThisTurn(
        () => forget.run([mailbox, seq]),
        () => undefined,
      )
    }
  })
})
const port = Number(values.listen.split(':')[1])
server.listen({ port, host: '127.0.0.1', backlog: ACCEPT_QUEUE_MAX }, () => {
  const { address, port } = server.address() as AddressInfo
  console.log(JSON.stringify({ v: 1, event: 'relay.ready', url: `http://${address}:${port}` }))
})
process.on('SIGTERM', () => process.exit(0))
