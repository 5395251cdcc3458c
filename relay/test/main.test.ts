import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { usernames } from '@signalapp/libsignal-client'
import { wire } from '@sotto/protocol'
import { CLOSE } from '../src/socket/close-codes.js'
import {
  keyLeave,
  postRegistration,
  random,
  registeredAccount,
  submission,
  TestAccount,
} from './harness/test-account.js'
import { TestDoor } from './harness/test-door.js'
import { runRelay, startRelayProcess, type RelayProcess } from './harness/relay-process.js'
import { testFolder, testRelay } from './harness/test-relay.js'

t.test('version and help are told without a relay', async (t) => {
  const version = await runRelay(['version'])
  const help = await runRelay(['--help'])

  t.match(version, { code: 0, output: /^sotto-relay \d+\.\d+\.\d+\n$/ })
  t.match(help, { code: 0, output: /--listen[^]*mailboxEnvelopes/ })
})

t.test('what the command line says wrongly is told all at once, and exits 78', async (t) => {
  const { code, output } = await runRelay(['--listen', 'x', '--limit', 'y=1', '--public-host', '/'])

  t.equal(code, 78)
  t.equal(output.match(/config\/invalid/g)?.length, 3)
})

t.test(
  'help that is asked for exits 0; a command without its verb shows help, and exits 64',
  async (t) => {
    for (const asked of [['help'], ['help', 'serve'], ['help', 'admin'], ['admin', 'help']]) {
      const { code, output } = await runRelay(asked)

      t.equal(code, 0)
      t.match(output, /^Usage: sotto-relay/)
      t.notMatch(output, 'error')
    }
    const admin = await runRelay(['admin'])
    t.equal(admin.code, 64)
    t.match(admin.output, /^Usage: sotto-relay admin/)
    t.notMatch(admin.output, 'error')
  },
)

t.test('a word that is no command is told as one error, with those there are', async (t) => {
  t.match(await runRelay(['servr', '--json']), {
    code: 64,
    output: /"message":"no such command: sotto-relay servr","fix":"There are: serve admin doctor/,
  })
  t.match(await runRelay(['admin', 'restor', '--json']), {
    code: 64,
    output: /"message":"unknown command 'restor'","fix":"Did you mean restore\? See/,
  })
})

t.test(
  'SOTTO_RELAY_JSON is --json for errors, too; what is neither on nor off exits 78',
  async (t) => {
    const json = { env: { ...process.env, SOTTO_RELAY_JSON: '1' } }

    t.match(await runRelay(['--listen', 'x'], json), { code: 78, output: /^{"v":1,"error":/ })
    t.match(await runRelay(['admin', 'stats', '--data', testFolder(t)], json), {
      code: 69,
      output: /^{"v":1,"error":/,
    })
    t.match(await runRelay(['doctor', '--data', testFolder(t)], json), {
      output: /^{"v":1,"check":/,
    })
    const odd = { env: { ...process.env, SOTTO_RELAY_JSON: 'maybe' } }
    t.match(await runRelay(['--listen', '127.0.0.1:0', '--data', testFolder(t)], odd), {
      code: 78,
      output: /SOTTO_RELAY_JSON is neither on nor off/,
    })
  },
)

t.test('an unknown flag exits 64', async (t) => {
  t.equal((await runRelay(['--no-such-flag'])).code, 64)
})

t.test('a port in use is told, and exits 78', async (t) => {
  const other = await testRelay(t)
  const at = new URL(other.url).host

  const { code, output } = await runRelay(['--listen', at, '--data', testFolder(t)])

  t.equal(code, 78)
  t.match(output, `${at} is in use`)
})

t.test(
  'a folder that another relay owns is told with that relay’s process, and exits 83',
  async (t) => {
    const folder = testFolder(t)
    const owner = await startRelayProcess(t, { folder })

    const { code, output } = await runRelay(['--listen', '127.0.0.1:0', '--data', folder])

    t.equal(code, 83)
    t.match(output, `(process ${owner.child.pid})`)
  },
)

t.test('a data folder that cannot be made exits 74', async (t) => {
  const file = join(testFolder(t), 'file')
  writeFileSync(file, '')

  for (const folder of [file, join(file, 'below')]) {
    const { code, output } = await runRelay(['--listen', '127.0.0.1:0', '--data', folder])

    t.equal(code, 74)
    t.match(output, `${folder} is no folder`)
  }
})

t.test('keys that are missing beside a database are not made anew', async (t) => {
  const folder = testFolder(t)
  const relay = await startRelayProcess(t, { folder })
  await relay.terminate()
  rmSync(join(folder, 'keys', 'relay.json'))

  const { code, output } = await runRelay(['--listen', '127.0.0.1:0', '--data', folder])

  t.equal(code, 74)
  t.match(output, 'store/damaged')
})

t.test('keys and database are readable by their owner only', async (t) => {
  const folder = testFolder(t)
  await startRelayProcess(t, { folder })

  t.equal(statSync(join(folder, 'keys', 'relay.json')).mode & 0o777, 0o600)
  t.equal(statSync(join(folder, 'keys')).mode & 0o777, 0o700)
  t.equal(statSync(join(folder, 'relay.db')).mode & 0o777, 0o600)
})

t.test('SIGTERM answers what was asked, sends clients away, and exits 0', async (t) => {
  const relay = await startRelayProcess(t, { folder: testFolder(t) })
  const bob = await registeredAccount(relay)
  const receiving = await TestDoor.login(relay.url, bob)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const asked = Array.from({ length: 50 }, () =>
    sender.expect(submission(bob, [bob.envelope()]), 'submitted'),
  )
  await asked[0]

  const ended = relay.terminate()

  t.ok((await receiving.next('drain')).afterMs < 5_000)
  t.equal((await Promise.allSettled(asked)).length, 50)
  t.same([await receiving.closed, await sender.closed], [CLOSE.restart, CLOSE.restart])
  t.equal(await ended, 0)
})

t.test('a drain waits for nobody who does not leave', async (t) => {
  const relay = await startRelayProcess(t, { folder: testFolder(t) })
  const stuck = await TestDoor.open(relay.url, 'anonymous')
  stuck.socket.pause()

  t.equal(await relay.terminate(), 0)
})

/** Submits until the relay dies, and notes the bodies it accepted. */
async function flood(relay: RelayProcess, bob: TestAccount, accepted: Buffer[]): Promise<void> {
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const submit = async (): Promise<void> => {
    const body = random(1024)
    await sender.expect(submission(bob, [bob.envelope({ body })]), 'submitted')
    accepted.push(Buffer.from(body))
    await submit()
  }
  await Promise.allSettled(Array.from({ length: 32 }, submit))
}

async function receiveAll(relay: RelayProcess, bob: TestAccount): Promise<wire.Deliver[]> {
  const door = await TestDoor.login(relay.url, bob)
  const delivered: wire.Deliver[] = []
  for (;;) {
    const frame = await door.nextOf('deliver', 'queueEmpty')
    if (frame.case !== 'deliver') break
    delivered.push(frame.value)
    if (delivered.length % 8 === 0) door.acknowledge(frame.value.seq)
  }
  await door.close()
  return delivered
}

t.test('SIGKILL during a flood loses nothing that was accepted and doubles nothing', async (t) => {
  const folder = testFolder(t)
  const first = await startRelayProcess(t, { folder })
  const bob = await registeredAccount(first)
  const accepted: Buffer[] = []
  const flooding = flood(first, bob, accepted)
  while (accepted.length <= 100) await new Promise((resolve) => setTimeout(resolve, 10))
  await first.kill()
  await flooding

  const second = await startRelayProcess(t, { folder })
  const delivered = await receiveAll(second, bob)

  const bodies = delivered.map(({ body }) => Buffer.from(body).toString('hex'))
  const lost = accepted.filter((body) => !bodies.includes(body.toString('hex')))
  t.equal(lost.length, 0)
  t.equal(new Set(bodies).size, bodies.length)
  t.same(
    delivered.map(({ seq }) => Number(seq)),
    delivered.map((_, index) => index + 1),
  )
})

t.test('a full disk refuses as unavailable, and what was accepted is there later', async (t) => {
  const folder = testFolder(t)
  const full = await startRelayProcess(t, { folder, fileBlocksMax: 3_000 })
  const bob = await registeredAccount(full)
  const sender = await TestDoor.open(full.url, 'anonymous')
  let accepted = 0
  let answer: wire.Result['kind'] = { case: undefined }
  do {
    answer = await sender.ask(submission(bob, [bob.envelope({ body: random(65536) })]))
    if (answer.case === 'submitted') accepted++
  } while (answer.case === 'submitted' && accepted < 1_000)

  t.match(answer, { case: 'error', value: { code: wire.ErrorCode.UNAVAILABLE } })
  await full.kill()
  t.match(full.output(), 'store.failed')
  const roomy = await startRelayProcess(t, { folder })
  t.equal((await receiveAll(roomy, bob)).length, accepted)
})

/** The markers in every form in which they might lie about. */
function formsOf(marker: string): Buffer[] {
  const utf8 = Buffer.from(marker)
  return [
    utf8,
    Buffer.from(marker, 'utf16le'),
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('base64').replace(/=+$/, '')),
    Buffer.from(utf8.toString('base64url')),
  ]
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

t.test('no file and no log holds an address, a username or whose envelope is whose', async (t) => {
  const folder = testFolder(t)
  const relay = await startRelayProcess(t, {
    folder,
    args: ['--registration', 'open', '--trusted-proxy', '127.0.0.1'],
  })
  const address = '203.0.113.77'
  const username = 'plantedmarker.4711'
  const headers = { 'x-forwarded-for': address }
  const bob = new TestAccount(relay.rootKey)
  const answer = await postRegistration(relay.url, bob.registration({ username }), headers)
  if ('registered' in answer) bob.route = new Uint8Array(answer.registered.route)
  const sender = await TestDoor.open(relay.url, 'anonymous', headers)
  await sender.expect({ case: 'checkUsername', value: { hash: usernames.hash(username) } }, 'error')
  await sender.expect(submission(bob, [bob.envelope()], keyLeave(bob)), 'submitted')
  await TestDoor.login(relay.url, bob)

  const contents = filesBelow(folder).map((file) => readFileSync(file))
  await relay.terminate()
  const all = Buffer.concat([...contents, Buffer.from(relay.output())])

  const addressBytes = Buffer.from(address.split('.').map(Number))
  const markers = [
    ...formsOf(address),
    ...formsOf(username),
    ...formsOf('plantedmarker'),
    addressBytes,
  ]
  t.ok(contents.length >= 3, 'database, log and keys were read')
  t.same(
    markers.filter((marker) => all.includes(marker)).map((marker) => marker.toString()),
    [],
  )
})

t.test(
  'a relay whose output nobody reads any more goes on, and is drained as any other',
  async (t) => {
    const relay = await startRelayProcess(t, { folder: testFolder(t) })
    relay.child.stdout?.destroy()
    relay.child.stderr?.destroy()

    const account = await registeredAccount(relay) // It is logged.
    t.ok(account)
    t.equal((await fetch(`${relay.url}/healthz`)).status, 200)
    t.equal(await relay.terminate(), 0)
  },
)

t.test(
  'of many clients that are sent away each gets a time of its own, spread over seconds',
  async (t) => {
    const relay = await startRelayProcess(t, { folder: testFolder(t) })
    const doors = await Promise.all(
      Array.from({ length: 200 }, () => TestDoor.open(relay.url, 'anonymous')),
    )
    const readiness = async () => {
      try {
        return (await fetch(`${relay.url}/readyz`)).status
      } catch {
        return 503 // It takes no new connections any more, which says the same.
      }
    }

    const ended = relay.terminate()
    const hints = await Promise.all(doors.map(async (door) => (await door.next('drain')).afterMs))
    const ready = await readiness()

    t.equal(ready, 503)
    t.ok(hints.every((afterMs) => afterMs >= 0 && afterMs < 5_000))
    // A fifth of 200 in each second; that one has fewer than ten is less likely than one in 1e9.
    const perSecond = [0, 1, 2, 3, 4].map(
      (second) => hints.filter((afterMs) => Math.floor(afterMs / 1_000) === second).length,
    )
    t.same(
      perSecond.filter((count) => count < 10),
      [],
    )
    t.equal(await ended, 0)
  },
)
