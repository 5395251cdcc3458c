import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { WebSocketServer } from 'ws'

/**
 * Bare ws: whatever comes in, its first five bytes go back. Keeps nothing. What a frame and a
 * connection cost by themselves.
 */
const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:0' },
    data: { type: 'string' },
    json: { type: 'boolean' },
  },
})
const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
sockets.on('connection', (socket) => {
  socket.on('message', (frame: Buffer) => socket.send(frame.subarray(0, 5)))
})
server.listen(Number(values.listen.split(':')[1]), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ v: 1, event: 'relay.ready', url: `http://127.0.0.1:${port}` }))
})
process.on('SIGTERM', () => process.exit(0))
