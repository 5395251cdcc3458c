import { join } from 'node:path'
import WebSocket from 'ws'
import { ROOT, startRelay } from '../../harness/index.js'
import type { Running, Subject } from './subject.js'
import { opened, PendingSubmissions } from './socket.js'

const FLOOR_RELAY = join(ROOT, 'test/out/bench/floor-relay.js')

/** Bare ws and SQLite; see floor-relay.ts. */
export const FLOOR: Subject = {
  name: 'floor relay',
  async start(scope, folder) {
    const relay = await startRelay(scope, { dir: folder, program: FLOOR_RELAY })
    const url = relay.url.replace('http', 'ws')
    const running: Running = {
      prepare: async () => undefined,
      async openSender(mailbox) {
        const socket = await opened(new WebSocket(`${url}/submit/${mailbox}`))
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
      },
      async openReceiver(mailbox, onDeliver) {
        const socket = new WebSocket(`${url}/receive/${mailbox}`)
        await new Promise<void>((resolve) => {
          socket.on('message', (frame: Buffer) => {
            if (frame[0] === 0) resolve()
            else onDeliver({ seq: frame.readUInt32BE(1), body: frame.subarray(5) })
          })
        })
        return {
          acknowledge(seq) {
            const frame = Buffer.alloc(5)
            frame[0] = 4
            frame.writeUInt32BE(seq, 1)
            socket.send(frame)
          },
          close: () => socket.close(),
        }
      },
      stop: async () => {
        await relay.stop()
      },
    }
    return running
  },
}
