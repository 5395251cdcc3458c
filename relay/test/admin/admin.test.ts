import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { askRelay } from '../../src/admin/ask-relay.js'
import { adminPath } from '../../src/admin/socket-path.js'
import { runRelay, startRelayProcess } from '../harness/relay-process.js'
import { registeredAccount, submission } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testFolder, testRelay } from '../harness/test-relay.js'

async function admin(folder: string, ...args: readonly string[]) {
  const { code, output } = await runRelay(['admin', ...args, '--data', folder, '--json'])
  return { code, object: JSON.parse(output) as Readonly<Record<string, unknown>> }
}

t.test('the admin socket is for its user only, and gone with the relay', async (t) => {
  const relay = await testRelay(t)
  const mode = statSync(adminPath(relay.folder)).mode & 0o777
  await relay.close()

  t.equal(mode, 0o600)
  t.notOk(existsSync(adminPath(relay.folder)))
})

t.test('stats tell what the relay does and holds', async (t) => {
  const relay = await testRelay(t)
  const bob = await registeredAccount(relay)
  const sender = await TestDoor.open(relay.url, 'anonymous')
  await sender.expect(submission(bob, [bob.envelope()]), 'submitted')

  const { code, object } = await admin(relay.folder, 'stats')

  t.equal(code, 0)
  t.match(object, {
    v: 1,
    stats: {
      ...{ url: relay.url, draining: false, sockets: 1, epoch: 1 },
      ...{ accounts: 1, devices: 1, waitingEnvelopes: 1, waitingBytes: 1024, fullestMailbox: 1 },
    },
  })
})

t.test('limits are those in force', async (t) => {
  const relay = await testRelay(t, { limits: { retentionDays: 3 } })

  t.match((await admin(relay.folder, 'limits')).object, { limits: { retentionDays: 3 } })
})

t.test('a code is made and makes an account', async (t) => {
  const relay = await testRelay(t, { registration: 'invite' })

  const { code, object } = await admin(relay.folder, 'code', '--uses', '2', '--expires', '1h')

  t.equal(code, 0)
  t.same(Object.keys(object), ['v', 'code'])
  t.match(object, { v: 1, code: /^[\w-]{8,}$/ })
})

t.test('uses and times that are none are refused with 64', async (t) => {
  const folder = testFolder(t)

  t.match(await admin(folder, 'code', '--uses', '0'), { code: 64 })
  t.match(await admin(folder, 'code', '--expires', 'tomorrow'), { code: 64 })
  t.match(await admin(folder, 'code', '--expires', '366d'), { code: 64 })
})

t.test('a drain sends clients away, and the relay ends with 0', async (t) => {
  const relay = await startRelayProcess(t, { folder: testFolder(t) })
  const bob = await registeredAccount(relay)
  const door = await TestDoor.login(relay.url, bob)

  const drained = admin(relay.folder, 'drain')

  t.ok((await door.next('drain')).afterMs < 5_000)
  await door.closed
  t.match(await drained, { code: 0, object: { v: 1, drained: { sockets: 1 } } })
  t.equal((await relay.ended)[0], 0)
})

t.test('where no relay runs is told, with what to do, and exits 69', async (t) => {
  const { code, object } = await admin(testFolder(t), 'stats')

  t.equal(code, 69)
  t.match(object, { error: { code: 'admin/no-relay', fix: /--data/ } })
})

t.test(
  'a socket that a dead relay left is told as such, and the next relay takes its place',
  async (t) => {
    const folder = testFolder(t)
    const dead = await startRelayProcess(t, { folder })
    await dead.kill()
    t.ok(existsSync(adminPath(folder)))

    const asked = await admin(folder, 'limits')
    await startRelayProcess(t, { folder })
    const again = await admin(folder, 'limits')

    t.match(asked, { code: 69, object: { error: { code: 'admin/no-relay', message: /is gone/ } } })
    t.equal(again.code, 0)
  },
)

t.test(
  'a folder whose path is longer than a socket’s address has a socket all the same',
  async (t) => {
    const folder = join(testFolder(t), 'deep'.repeat(20), 'deeper'.repeat(20))
    mkdirSync(folder, { recursive: true })
    const relay = await testRelay(t, { folder })

    t.ok(Buffer.byteLength(adminPath(folder)) > 107)
    t.match((await admin(relay.folder, 'limits')).code, 0)
  },
)

t.test('a link to the folder leads to the same relay', async (t) => {
  const relay = await testRelay(t)
  const link = join(testFolder(t), 'link')
  symlinkSync(relay.folder, link)

  t.equal((await admin(link, 'limits')).code, 0)
})

/** A line on the admin socket, and what comes back until it closes or answers. */
async function say(t: Test, folder: string, text: string): Promise<string> {
  const socket = connect(adminPath(folder))
  t.teardown(() => socket.destroy())
  const heard: Buffer[] = []
  socket.on('data', (chunk) => {
    heard.push(chunk)
    socket.end()
  })
  socket.on('error', () => undefined)
  socket.write(text)
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(heard).toString()
}

t.test('what the relay does not understand is answered, and what is too long is cut', async (t) => {
  const { folder } = await testRelay(t)

  t.match(JSON.parse(await say(t, folder, 'hello\n')), { error: { code: 'usage/invalid' } })
  t.match(JSON.parse(await say(t, folder, '{"v":1,"ask":"root"}\n')), {
    error: { code: 'usage/invalid' },
  })
  t.equal(await say(t, folder, 'x'.repeat(200_000)), '')
  t.match(JSON.parse(await say(t, folder, '{"v":1,"ask":"limits"}\n')), { answer: {} })
})

t.test('a relay that answers nonsense is no relay', async (t) => {
  const folder = testFolder(t)
  const server = createServer((socket) => socket.write('nonsense\n')).listen(adminPath(folder))
  t.teardown(() => server.close())
  await once(server, 'listening')

  await t.rejects(askRelay(folder, { ask: 'stats' }), { code: 'admin/no-relay' })
})

const ONLY_ROOT = { skip: process.getuid?.() === 0 ? false : 'only root can be another user' }

t.test('another user’s folder is told as such, and exits 77', ONLY_ROOT, async (t) => {
  const folder = testFolder(t)
  const relay = await testRelay(t, { folder })
  chmodSync(relay.folder, 0o700)

  const { code, output } = await runRelay(['admin', 'stats', '--data', folder], { uid: 65_534 })

  t.equal(code, 77)
  t.match(output, /belongs to another user[^]*sudo -u/)
})

t.test(
  'a backup is made while the relay runs, restored when it does not, and clients hear of it',
  async (t) => {
    const folder = testFolder(t)
    const file = join(testFolder(t), 'backup')
    const first = await startRelayProcess(t, { folder })
    await registeredAccount(first)

    const made = await admin(folder, 'backup', '--out', file)
    const refused = await admin(folder, 'restore', file)
    await first.terminate()
    const restored = await admin(folder, 'restore', file)
    const second = await startRelayProcess(t, { folder })
    const stats = await admin(folder, 'stats')

    t.match(made, { code: 0, object: { backup: { file, withKeys: false } } })
    t.match(first.output(), /"event":"backup.made"/)
    t.match(refused, { code: 83, object: { error: { code: 'account/busy' } } })
    t.match(restored, { code: 0, object: { restored: { keysFromBackup: false } } })
    t.ok((stats.object['stats'] as { epoch: number }).epoch > 1)
    t.same(second.rootKey, first.rootKey)
  },
)
