import { copyFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { decode, wire } from '@sotto/protocol'
import { CertificateWatch } from '../../src/tls/certificate-watch.js'
import { lineLog } from '../../src/log.js'
import { writeCertificate } from '../harness/test-certificate.js'
import { startRelayProcess } from '../harness/relay-process.js'
import { testFolder, testRelay, type TestRelay } from '../harness/test-relay.js'

interface Scene {
  readonly relay: TestRelay
  readonly folder: string
  readonly lines: string[]
}

async function securedRelay(t: Test): Promise<Scene & ReturnType<typeof writeCertificate>> {
  const folder = testFolder(t)
  const files = writeCertificate(folder)
  const lines: string[] = []
  const log = lineLog({ write: (line) => lines.push(line), nowMs: () => 0 })
  const relay = await testRelay(t, { tls: files, log })
  return { ...files, relay, folder, lines }
}

/** The serial number of the certificate that a relay shows now. */
async function shownSerial(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber
}

t.test('a client that trusts the certificate comes through a door over TLS', async (t) => {
  const { relay, authority } = await securedRelay(t)
  t.match(relay.url, /^https:/)

  const socket = new WebSocket(`${relay.url.replace('https', 'wss')}/v1/identified`, {
    ca: authority,
    perMessageDeflate: false,
  })
  t.teardown(() => socket.terminate())
  const [frame] = (await once(socket, 'message')) as [Buffer]

  t.equal(decode(wire.RelayFrameSchema, frame).kind.case, 'hello')
})

t.test('who does not trust the certificate, or speaks no TLS, does not come in', async (t) => {
  const { relay } = await securedRelay(t)
  const { hostname, port } = new URL(relay.url)

  await t.rejects(fetch(`${relay.url}/healthz`))
  const plain = connect(Number(port), hostname)
  plain.on('error', () => undefined)
  plain.write('GET /healthz HTTP/1.1\r\nHost: relay\r\n\r\n')
  const heard: Buffer[] = []
  plain.on('data', (chunk) => heard.push(chunk))
  await new Promise((resolve) => plain.once('close', resolve))

  t.notMatch(Buffer.concat(heard).toString('latin1'), '200 OK')
})

t.test('a renewed certificate is shown without a restart, and open sockets stay', async (t) => {
  const { relay, folder, authority, lines } = await securedRelay(t)
  const socket = new WebSocket(`${relay.url.replace('https', 'wss')}/v1/anonymous`, {
    ca: authority,
  })
  t.teardown(() => socket.terminate())
  await once(socket, 'message')

  writeCertificate(folder, { serial: 2 })
  relay.reload()

  t.equal(await shownSerial(relay.url), '02')
  t.equal(socket.readyState, WebSocket.OPEN)
  t.match(lines.join(''), /"event":"tls.reloaded","days":1/)
})

t.test('the files are looked at by themselves', async (t) => {
  const folder = testFolder(t)
  const files = writeCertificate(folder)
  const wakes: (() => void)[] = []
  const clock = {
    nowMs: () => Date.now(),
    after: (_: number, wake: () => void) => {
      wakes.push(wake)
      return () => undefined
    },
  }
  const log = lineLog({ write: () => undefined, nowMs: () => 0 })
  const watch = new CertificateWatch(files, { clock, log })
  const renewed: number[] = []
  watch.start(({ expiresMs }) => renewed.push(expiresMs))

  wakes.pop()?.()
  const unchanged = renewed.length
  writeCertificate(folder, { days: 40 })
  wakes.pop()?.()

  t.equal(unchanged, 0)
  t.same(renewed, [watch.certificate.expiresMs])
})

const BROKEN: Readonly<
  Record<string, (scene: { cert: string; key: string; relay: TestRelay }) => void>
> = {
  'is no certificate': ({ cert }) => writeFileSync(cert, 'not a certificate'),
  'is of another key': ({ key }) => copyFileSync(writeCertificate(testFolder(t)).key, key),
  'has expired': ({ relay }) => relay.clock.advance(3 * 86_400_000),
}

for (const [how, spoil] of Object.entries(BROKEN)) {
  t.test(`a new certificate that ${how} changes nothing, and is told`, async (t) => {
    const { relay, cert, key, lines } = await securedRelay(t)
    spoil({ cert, key, relay })

    relay.reload()

    t.equal(await shownSerial(relay.url), '01')
    t.match(lines.join(''), 'tls.reload-failed')
  })
}

t.test('without a certificate to begin with the relay does not start', async (t) => {
  const folder = testFolder(t)
  const tls = { cert: `${folder}/none.pem`, key: `${folder}/none.key` }

  await t.rejects(testRelay(t, { tls }), { code: 'config/invalid' })
})

t.test('SIGHUP reads the certificate anew', async (t) => {
  const folder = testFolder(t)
  const { cert, key } = writeCertificate(folder)
  const args = ['--tls-cert', cert, '--tls-key', key]
  const relay = await startRelayProcess(t, { folder: testFolder(t), args })
  const reloaded = new Promise<void>((resolve) => {
    relay.child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.includes('tls.reloaded')) resolve()
    })
  })
  writeCertificate(folder, { serial: 3 })

  relay.child.kill('SIGHUP')
  await reloaded

  t.equal(await shownSerial(relay.url), '03')
})
