import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type Test } from 'tap'
import { isOwnSocket, withShortPath } from '../../src/daemon/socket-path.js'
import { makeSocketFolder, socketPlaces } from '../../src/daemon/socket-places.js'

const FOLDER = { name: 'abcdefgh', path: '/nowhere' }

function tempFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-socket-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function listenAt(t: Test, path: string): Promise<Server> {
  const server = createServer((socket) => socket.end())
  t.teardown(() => server.close())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    withShortPath(path, (short) => server.listen(short, resolve))
  })
  return server
}

test('sockets lie in the runtime folder, else in the home, else among temporary files', async (t) => {
  const dataDir = tempFolder(t)
  const runtimeDir = tempFolder(t)
  const temporaryDir = tempFolder(t)
  const [first, second, third] = socketPlaces({ dataDir }, FOLDER, { runtimeDir, temporaryDir })
  t.match(first, new RegExp(`^${runtimeDir}/sotto/abcdefgh-[0-9a-f]{12}\\.sock$`))
  t.equal(second, join(dataDir, 'run', 'abcdefgh.sock'))
  t.match(third, new RegExp(`^${temporaryDir}/sotto-\\d+/abcdefgh-[0-9a-f]{12}\\.sock$`))
})

test('a runtime folder that is relative or not there is not used', async (t) => {
  const dataDir = tempFolder(t)
  const inHome = join(dataDir, 'run', 'abcdefgh.sock')
  for (const runtimeDir of [undefined, 'relative', '/nowhere/at/all'])
    t.equal(socketPlaces({ dataDir }, FOLDER, { runtimeDir })[0], inHome)
})

test('two homes have two names in one runtime folder, even for accounts of one name', async (t) => {
  const runtimeDir = tempFolder(t)
  const [one] = socketPlaces({ dataDir: tempFolder(t) }, FOLDER, { runtimeDir })
  const [other] = socketPlaces({ dataDir: tempFolder(t) }, FOLDER, { runtimeDir })
  t.not(one, other)
})

test('the folder of a socket is made for this user alone', async (t) => {
  const path = join(tempFolder(t), 'sotto', 'a.sock')
  t.ok(makeSocketFolder(path))
  t.equal(lstatSync(dirname(path)).mode & 0o777, 0o700)
})

test('a folder into which others can look is refused, and so is a link to one', async (t) => {
  const folder = tempFolder(t)
  mkdirSync(join(folder, 'open'))
  chmodSync(join(folder, 'open'), 0o750)
  mkdirSync(join(folder, 'own'), { mode: 0o700 })
  symlinkSync(join(folder, 'own'), join(folder, 'link'))
  t.notOk(makeSocketFolder(join(folder, 'open', 'a.sock')))
  t.notOk(makeSocketFolder(join(folder, 'link', 'a.sock')))
  t.notOk(makeSocketFolder(join(folder, 'not', 'there', 'a.sock')))
})

const AS_ROOT = process.getuid?.() === 0

test(
  'a folder that is another user’s is refused',
  { skip: !AS_ROOT && 'needs root' },
  async (t) => {
    const { chownSync } = await import('node:fs')
    const folder = join(tempFolder(t), 'sotto')
    mkdirSync(folder, { mode: 0o700 })
    chownSync(folder, 12345, 12345)
    t.notOk(makeSocketFolder(join(folder, 'a.sock')))
    const path = join(tempFolder(t), 'a.sock')
    await listenAt(t, path)
    t.ok(isOwnSocket(path))
    chownSync(path, 12345, 12345)
    t.notOk(isOwnSocket(path))
  },
)

test('a socket in a folder of others, or a file, is not believed to be an owner’s', async (t) => {
  const folder = tempFolder(t)
  const path = join(folder, 'a.sock')
  await listenAt(t, path)
  t.ok(isOwnSocket(path))
  chmodSync(folder, 0o755)
  t.notOk(isOwnSocket(path))
  t.notOk(isOwnSocket('/etc/passwd'))
  t.notOk(isOwnSocket('/nowhere/a.sock'))
})

test(
  'a path that is too long for a socket works all the same',
  { skip: process.platform !== 'linux' && 'needs /proc' },
  async (t) => {
    const folder = join(tempFolder(t), 'x'.repeat(120))
    mkdirSync(folder, { mode: 0o700 })
    const path = join(folder, 'a.sock')
    await listenAt(t, path)
    t.ok(lstatSync(path).isSocket())
    const socket = withShortPath(path, (short) => connect(short))
    await new Promise((resolve) => socket?.once('connect', resolve))
    socket?.destroy()
  },
)
