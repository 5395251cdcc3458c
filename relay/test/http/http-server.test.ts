import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import t from 'tap'
import { boundConnections } from '../../src/http/http-server.js'
import { HEAD_BYTES_MAX, HTTP_ADDRESS_CONNECTIONS_MAX } from '../../src/limits/bounds.js'
import { DEFAULT_LIMITS } from '../../src/limits/limits.js'
import { Refusals } from '../../src/limits/refusals.js'
import { SILENT_LOG } from '../../src/log.js'
import { nodeClock } from '../../src/ports.js'
import { registeredAccount } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { recordingLog, testRelay } from '../harness/test-relay.js'

/** What the relay answers to these bytes before it closes. */
async function answerTo(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => undefined) // A reset after the answer is as good as an end.
  socket.write(bytes)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

t.test('a head of too many or too large fields is refused, and counted in the log', async (t) => {
  const { log, events } = recordingLog()
  const relay = await testRelay(t, { log })
  const many = Array.from({ length: 3_000 }, (_, index) => `x${index}: y\r\n`).join('')
  const large = `x: ${'y'.repeat(HEAD_BYTES_MAX)}\r\n`

  const answers = [
    await answerTo(relay.url, `GET /healthz HTTP/1.1\r\nHost: x\r\n${many}\r\n`),
    await answerTo(relay.url, `GET /healthz HTTP/1.1\r\nHost: x\r\n${large}\r\n`),
    await answerTo(relay.url, 'not http at all\r\n\r\n'),
  ]
  await relay.close()

  t.same(
    answers.map((answer) => answer.split('\r\n')[0]),
    [
      'HTTP/1.1 431 Request Header Fields Too Large',
      'HTTP/1.1 431 Request Header Fields Too Large',
      'HTTP/1.1 400 Bad Request',
    ],
  )
  t.match(
    events.find(({ event }) => event === 'clients.refused'),
    { fields: { heads: 3 } },
  )
})

t.test('a head that comes too slowly is refused, while others are answered', async (t) => {
  const relay = await testRelay(t, { limits: { handshakeMs: 300 } })
  const slow = answerTo(relay.url, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  const bob = await registeredAccount(relay)
  await (await TestDoor.login(relay.url, bob)).close()

  t.match(await slow, /^HTTP\/1.1 408 /)
})

t.test('however many fields come first, the address a proxy adds at the end counts', async (t) => {
  const relay = await testRelay(t, {
    trustedProxies: ['127.0.0.1'],
    limits: { addressConnections: 1 },
  })
  const fields = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, 'y']))
  const headers = { ...fields, 'x-forwarded-for': '192.0.2.9' }
  await TestDoor.open(relay.url, 'anonymous', headers)

  await t.rejects(TestDoor.open(relay.url, 'anonymous', headers), /503/)
})

t.test(
  'connections of one address are cut above its limit, and may come when others left',
  async (t) => {
    const server = createServer()
    t.teardown(() => server.close())
    boundConnections(server, {
      limits: { ...DEFAULT_LIMITS, addressConnections: 1 },
      refusals: new Refusals({ clock: nodeClock, log: SILENT_LOG }),
      peerOf: () => ({ kind: 'network', address: '192.0.2.1' }),
    })
    const arrive = (): Duplex => {
      const socket = new Duplex({ read: () => undefined, write: (_, __, done) => done() })
      server.emit('connection', socket)
      return socket
    }
    const first = Array.from({ length: 1 + HTTP_ADDRESS_CONNECTIONS_MAX }, arrive)

    const excess = arrive()
    first[0]?.destroy()
    await new Promise((resolve) => setImmediate(resolve))
    const later = arrive()

    t.same([excess.destroyed, later.destroyed], [true, false])
  },
)
