import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { decode, FRAME_BYTES_MAX, openParameters, wire } from '@sotto/protocol'
import { verify } from '../../src/keys.js'
import { recordingLog, testRelay } from '../harness/test-relay.js'
import { TestDoor } from '../harness/test-door.js'

t.test('health, readiness and limits are answered', async (t) => {
  const relay = await testRelay(t, { limits: { mailboxEnvelopes: 123 } })

  const health = await fetch(`${relay.url}/healthz`)
  const ready = await fetch(`${relay.url}/readyz`)
  const limits = await fetch(`${relay.url}/v1/limits`)

  t.same([health.status, await health.text()], [200, 'ok\n'])
  t.same([ready.status, await ready.text()], [200, 'ready\n'])
  t.match(await limits.json(), { mailboxEnvelopes: 123, frameBytes: FRAME_BYTES_MAX })
})

t.test('the parameters are signed by the root key, and stay what they were', async (t) => {
  const first = await testRelay(t)
  const read = async (url: string) => {
    const response = await fetch(`${url}/v1/parameters`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    return openParameters(decode(wire.SignedParametersSchema, bytes), verify)
  }
  const before = await read(first.url)
  await first.close()

  const second = await testRelay(t, { folder: first.folder })

  t.same(await read(second.url), before)
  t.same(second.rootKey, before.rootKey)
  t.equal(before.registration, 'open')
})

t.test(
  'a registration that does not parse or is too large gets an error in protobuf',
  async (t) => {
    const relay = await testRelay(t)
    const post = async (body: Uint8Array<ArrayBuffer>) => {
      const response = await fetch(`${relay.url}/v1/accounts`, { method: 'POST', body })
      const error = decode(wire.ErrorSchema, new Uint8Array(await response.arrayBuffer()))
      return [response.status, error.code]
    }

    t.same(await post(new Uint8Array([1, 2, 3])), [400, wire.ErrorCode.INVALID])
    t.same(await post(new Uint8Array(FRAME_BYTES_MAX + 1)), [413, wire.ErrorCode.TOO_LARGE])
  },
)

t.test(
  'a client that goes away in the middle of a registration is no bug, and nothing is logged',
  async (t) => {
    const { log, events } = recordingLog()
    const relay = await testRelay(t, { log })
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(relay.url).port) })
    socket.end('POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
    socket.resume()
    await once(socket, 'close')
    await fetch(`${relay.url}/healthz`)

    t.notOk(events.some(({ event }) => event === 'request.broke'))
  },
)

t.test('above the cap, sockets are turned away with a time to come back', async (t) => {
  const relay = await testRelay(t, { limits: { connections: 1 } })
  const first = await TestDoor.open(relay.url, 'anonymous')

  const turnedAway = await new Promise<{
    status: number | undefined
    retryAfter: string | undefined
  }>((resolve) => {
    const asked = request(`${relay.url}/v1/anonymous`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
      },
    })
    asked.on('response', ({ statusCode, headers }) =>
      resolve({ status: statusCode, retryAfter: headers['retry-after'] }),
    )
    asked.end()
  })
  await first.close()

  t.same(turnedAway, { status: 503, retryAfter: '5' })
})
