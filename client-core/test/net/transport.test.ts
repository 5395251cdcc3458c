import { createServer, type AddressInfo, type Server } from 'node:net'
import { parseProxyUrl, parseRelayUrl, UnavailableError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { nodeTransport, transportThrough } from '../../src/net/transport.js'
import { quiet, refusalOf, until } from './awaiting.js'
import { ScriptedRelay } from './scripted-relay.js'

const TIMEOUT = { timeoutMs: 2_000 }

async function startRelay(t: Test): Promise<ScriptedRelay> {
  const relay = await ScriptedRelay.start()
  t.teardown(() => relay.stop())
  return relay
}

/** A server that accepts and says whatever `greeting` is, and no more. */
async function startMute(t: Test, greeting = ''): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    t.teardown(() => socket.destroy())
    socket.write(greeting)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

test('a refused connection is told in plain words, with the relay’s name and a fix', async (t) => {
  const error = await refusalOf(nodeTransport.open('ws://127.0.0.1:9/v1/anonymous', TIMEOUT))
  t.ok(error instanceof UnavailableError)
  t.equal(error.code, 'relay/unreachable')
  t.equal(error.exitCode, 69)
  t.equal(error.message, 'cannot reach http://127.0.0.1:9: connection refused')
  t.match(error.fix, /port/)
})

test('a host that does not exist is told so', async (t) => {
  const error = await refusalOf(nodeTransport.open('wss://relay.invalid/', TIMEOUT))
  t.equal(error.code, 'relay/unreachable')
  t.equal(error.message, 'cannot reach https://relay.invalid: host not found')
})

test('a name in Punycode that is no word is told as a host that does not exist', async (t) => {
  const url = `${parseRelayUrl('https://xn--a').origin}/v1/parameters`
  const exchanged = await refusalOf(nodeTransport.exchange({ method: 'GET', url, ...TIMEOUT }))
  t.match(exchanged, {
    code: 'relay/unreachable',
    message: 'cannot reach https://xn--a: host not found',
  })
  t.match(await refusalOf(nodeTransport.open('wss://xn--a/', TIMEOUT)), {
    code: 'relay/unreachable',
  })
  const { open } = transportThrough(() => parseProxyUrl('http://xn--a'))
  t.match(await refusalOf(open('ws://relay.example/', TIMEOUT)), {
    code: 'proxy/unreachable',
    message: /http:\/\/xn--a:80.*host not found/,
  })
})

test('an http exchange fails in the same words', async (t) => {
  const request = { method: 'GET', url: 'http://127.0.0.1:9/v1/parameters', ...TIMEOUT } as const
  const error = await refusalOf(nodeTransport.exchange(request))
  t.equal(error.message, 'cannot reach http://127.0.0.1:9: connection refused')
})

test('a server without TLS is told so where https was asked for', async (t) => {
  const port = await startMute(t, 'this is not TLS\r\n')
  const error = await refusalOf(nodeTransport.open(`wss://127.0.0.1:${port}/`, TIMEOUT))
  t.equal(error.message, `cannot reach https://127.0.0.1:${port}: TLS failed`)
})

test('a server that accepts and says nothing times out', async (t) => {
  const port = await startMute(t)
  const url = `ws://127.0.0.1:${port}/`
  const error = await refusalOf(nodeTransport.open(url, { timeoutMs: 50 }))
  t.equal(error.message, `cannot reach http://127.0.0.1:${port}: timed out`)
})

test('an http exchange with a silent server times out', async (t) => {
  const port = await startMute(t)
  const url = `http://127.0.0.1:${port}/`
  const error = await refusalOf(nodeTransport.exchange({ method: 'GET', url, timeoutMs: 50 }))
  t.equal(error.message, `cannot reach http://127.0.0.1:${port}: timed out`)
})

test('nothing waits longer for a silent server than whoever opened the account allows', async (t) => {
  const port = await startMute(t)
  const impatient = transportThrough(() => undefined, 50)
  const aDay = { timeoutMs: 24 * 60 * 60_000 }

  const opening = await refusalOf(impatient.open(`ws://127.0.0.1:${port}/`, aDay))
  const exchange = { method: 'GET', url: `http://127.0.0.1:${port}/`, ...aDay } as const
  const exchanging = await refusalOf(impatient.exchange(exchange))

  t.match(opening.message, /timed out/)
  t.match(exchanging.message, /timed out/)
})

test('an http answer that stops half way is a cut connection', async (t) => {
  const port = await startMute(t, 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
  const url = `http://127.0.0.1:${port}/`
  const error = await refusalOf(nodeTransport.exchange({ method: 'GET', url, timeoutMs: 200 }))
  t.equal(error.code, 'relay/unreachable')
})

test('giving up while connecting is an interruption', async (t) => {
  const port = await startMute(t)
  const abort = new AbortController()
  const opening = nodeTransport.open(`ws://127.0.0.1:${port}/`, {
    ...TIMEOUT,
    signal: abort.signal,
  })
  await quiet()
  abort.abort()
  t.equal((await refusalOf(opening)).code, 'temporary/interrupted')
})

test('a signal that was given before is an interruption too', async (t) => {
  const opening = nodeTransport.open('ws://127.0.0.1:9/', {
    ...TIMEOUT,
    signal: AbortSignal.abort(),
  })
  t.equal((await refusalOf(opening)).code, 'temporary/interrupted')
})

test('a relay that is full says when to come back', async (t) => {
  const relay = await startRelay(t)
  relay.refuseWith = { status: 503, retryAfter: '7' }
  const error = await refusalOf(nodeTransport.open(relay.origin.replace('http', 'ws'), TIMEOUT))
  t.equal(error.code, 'relay/unavailable')
  t.equal(error.retryAfterMs, 7_000)
})

test('a web server that is no relay is told so', async (t) => {
  const relay = await startRelay(t)
  relay.refuseWith = { status: 404 }
  const error = await refusalOf(nodeTransport.open(relay.origin.replace('http', 'ws'), TIMEOUT))
  t.equal(error.message, `cannot reach ${relay.origin}: it answered HTTP 404`)
})

test('what the relay says first waits for whoever listens', async (t) => {
  const relay = await startRelay(t)
  const socket = await nodeTransport.open(relay.origin.replace('http', 'ws'), TIMEOUT)
  await quiet()
  const received: Uint8Array[] = []
  socket.onMessage((bytes) => received.push(bytes))
  await until(() => received.length === 1)
  socket.close()
  t.equal(received.length, 1)
})

test('a closed socket takes nothing and says so', async (t) => {
  const relay = await startRelay(t)
  const socket = await nodeTransport.open(relay.origin.replace('http', 'ws'), TIMEOUT)
  let isClosed = false
  socket.onClose(() => {
    isClosed = true
  })
  socket.onMessage(() => undefined)
  relay.connections[0]!.cut()
  await until(() => isClosed)
  t.equal(socket.send(Uint8Array.of(1)), false)
})

test('closing what is closed already keeps nothing waiting', async (t) => {
  const relay = await startRelay(t)
  const socket = await nodeTransport.open(relay.origin.replace('http', 'ws'), TIMEOUT)
  let isClosed = false
  socket.onClose(() => {
    isClosed = true
  })
  socket.onMessage(() => undefined)
  relay.connections[0]!.cut()
  await until(() => isClosed)
  const before = process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
  socket.close()
  const after = process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
  t.equal(after, before)
})

test('a request tells nothing of the machine it comes from', async (t) => {
  const relay = await startRelay(t)
  const socket = await nodeTransport.open(relay.origin.replace('http', 'ws'), TIMEOUT)
  const { headers } = await relay.connection()
  socket.close()
  t.same(Object.keys(headers).sort(), [
    'connection',
    'host',
    'sec-websocket-key',
    'sec-websocket-version',
    'upgrade',
  ])
})
