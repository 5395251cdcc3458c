import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { SottoError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { createAccountFolder, ownerNotePath, type AccountFolder } from '../../src/home/home.js'
import { acquireOwner } from '../../src/home/owner-lock.js'
import { tempHome } from './temp-home.js'

const OWNER_LOCK = new URL('../../src/home/owner-lock.js', import.meta.url).href
const ME = { command: 'send', pid: process.pid }
/** No process has it: the kernel's limit is 2^22. */
const NO_PID = 2 ** 30

/** A process that owns `folder` until it is killed. */
async function startOwner(t: Test, folder: AccountFolder): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { acquireOwner } from ${JSON.stringify(OWNER_LOCK)}
       acquireOwner(${JSON.stringify(folder)}, { command: 'receive', pid: process.pid })
       console.log('owns')
       setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

function refusal(folder: AccountFolder): SottoError {
  try {
    acquireOwner(folder, ME)
  } catch (error) {
    if (error instanceof SottoError) return error
    throw error
  }
  throw new Error('the account was free')
}

test('a second process is refused at once, and told who owns the account', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const owner = await startOwner(t, folder)
  const begunMs = performance.now()
  const error = refusal(folder)
  t.ok(performance.now() - begunMs < 100, 'at once')
  t.match(error, { code: 'account/busy', exitCode: 83, retryable: true })
  t.match(
    error.message,
    new RegExp(`^sotto receive \\(process ${owner.pid!}, since \\d{4}-.*Z\\) owns this account$`),
  )
  t.match(error.fix, new RegExp(`kill ${owner.pid!}`))
})

test('the lock goes with a process that is killed, and its note misleads nobody', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const child = await startOwner(t, folder)
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.ok(existsSync(ownerNotePath(folder)), 'the note stayed behind')
  const owner = acquireOwner(folder, ME)
  t.match(JSON.parse(readFileSync(ownerNotePath(folder), 'utf8')), ME)
  owner.release()
})

test('releasing lets the next one in, and leaves no note', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  acquireOwner(folder, ME).release()
  t.notOk(existsSync(ownerNotePath(folder)))
  acquireOwner(folder, ME).release()
})

test('one process cannot own an account twice', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const owner = acquireOwner(folder, ME)
  t.match(refusal(folder), { code: 'account/busy' })
  t.match(refusal(folder), { code: 'account/busy' }, 'a refusal does not loosen the lock')
  owner.release()
})

test('a refused process loosens nothing for a third', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const owner = await startOwner(t, folder)
  refusal(folder)
  refusal(folder)
  t.match(refusal(folder).message, new RegExp(String(owner.pid!)))
})

test('an owner whose note is another’s is not named wrongly', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  await startOwner(t, folder)
  writeFileSync(
    ownerNotePath(folder),
    JSON.stringify({ pid: NO_PID, command: 'chat', since: '2026-01-01T00:00:00.000Z' }),
  )
  t.match(refusal(folder), {
    code: 'account/busy',
    message: 'another sotto process owns this account',
  })
})

test('a note that does not parse only explains less', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  await startOwner(t, folder)
  writeFileSync(ownerNotePath(folder), '{"pid":')
  t.match(refusal(folder), { message: 'another sotto process owns this account' })
})

test('an account in a folder that cannot be written is not locked but failed', async (t) => {
  const folder = createAccountFolder(tempHome(t))
  const gone = { ...folder, path: `${folder.path}/gone` }
  t.match(refusal(gone), { code: 'store/failed', exitCode: 74 })
})
