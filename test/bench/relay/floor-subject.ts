import { join } from 'node:path'
import WebSocket from 'ws'
import { ROOT } from '../../harness/index.js'
import { startProgram } from './node-program.js'
import type { Receiver, Running, Sender, Subject } from './subject.js'
import { closedEarly, opened, PendingSubmissions } from './socket.js'

const PROGRAMS = join(ROOT, 'test/out/bench/programs')

/** Bare ws and SQLite; see programs/floor-relay.ts. */
export const FLOOR: Subject = {
  name: 'floor relay',
  async start(scope, folder, options) {
    const program = join(PROGRAMS, 'floor-relay.js')
    const { relay, running } = await startProgram(scope, folder, { ...options, program })
    const url = relay.url.replace('http', 'ws')
    return {
      ...running,
      prepare: async () => undefined,
      openSender: (mailbox) => openSender(`${url}/submit/${mailbox}`),
      openReceiver: async (mailbox, onDeliver, from) =>
        openReceiver(new WebSocket(`${url}/receive/${mailbox}`, from), onDeliver),
    }
  },
}

/** Bare ws; see programs/echo.ts. It delivers nothing. */
export const ECHO: Subject = {
  name: 'bare ws',
  async start(scope, folder, options): Promise<Running> {
    const program = join(PROGRAMS, 'echo.js')
    const { relay, running } = await startProgram(scope, folder, { ...options, program })
    const url = relay.url.replace('http', 'ws')
    return {
      ...running,
      prepare: async () => undefined,
      openSender: () => openSender(url),
      async openReceiver(_mailbox, _onDeliver, from) {
        const socket = new WebSocket(url, from)
        await Promise.race([opened(socket), closedEarly(socket)])
        return { acknowledge: () => undefined, close: () => socket.close() }
      },
    }
  },
}

async function openSender(url: string): Promise<Sender> {
  const socket = await opened(new WebSocket(url))
  const pending = new PendingSubmissions()
  socket.on('message', (frame: Buffer) => pending.accepted(frame.readUInt32BE(1)))
  return {
    submit(body, accepted) {
      const frame = Buffer.allocUnsafe(5 + body.length)
      frame[0] = 1
      frame.writeUInt32BE(pending.add(accepted), 1)
      body.copy(frame, 5)
      socket.send(frame)
    },
    close: () => socket.close(),
  }
}

async function openReceiver(
  socket: WebSocket,
  onDeliver: Parameters<Running['openReceiver']>[1],
): Promise<Receiver> {
  const ready = new Promise<void>((resolve) => {
    socket.on('message', (frame: Buffer) => {
      if (frame[0] === 0) resolve()
      else onDeliver({ seq: frame.readUInt32BE(1), body: frame.subarray(5) })
    })
  })
  await Promise.race([ready, closedEarly(socket)])
  return {
    acknowledge(seq) {
      const frame = Buffer.alloc(5)
      frame[0] = 4
      frame.writeUInt32BE(seq, 1)
      socket.send(frame)
    },
    close: () => socket.close(),
  }
}
