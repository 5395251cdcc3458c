import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'
import { WebSocket } from 'ws'

import {
  filesBelow,
  findInText,
  findMarkers,
  personAt,
  startRelay,
  succeed,
  tempDir,
} from '../harness/index.js'
import { isInstalled } from '../harness/installed.js'
import { findInFile } from '../harness/memory.js'
import { holds, readRelayRows, traitsOf } from '../harness/relay-rows.js'
import { HeapSnapshots } from './support/heap-snapshots.js'

const TEXT = 'yttrium-plaintext-marker'
const ALICE = 'alicetracemark'
const BOB = 'bobtracemark'
/** Addresses of this machine that nothing else comes from. */
const ADDRESSES = ['127.45.67.89', '127.98.76.54']
/** Whoever comes from here does not leave. */
const STAYING = '127.11.22.33'

interface Shown {
  readonly account: { readonly id: string }
}

/** Alice has written to Bob, who has it; what she wrote later waits. Both came once; both have left. */
async function beginTraces(t: Test) {
  const dir = tempDir(t)
  const snapshots = new HeapSnapshots(dir)
  const relay = await startRelay(t, { dir, env: snapshots.env })
  const alice = personAt(join(dir, 'a'), ALICE)
  const bob = personAt(join(dir, 'b'), BOB)
  const create = ['account', 'create', '--relay', relay.url, '--username']
  await succeed(alice.run([...create, `${ALICE}.42`]))
  await succeed(bob.run([...create, `${BOB}.42`]))
  await succeed(alice.run(['send', bob.handle, TEXT]))
  await succeed(bob.run(['receive']))
  await succeed(alice.run(['send', bob.handle, `${TEXT} again`]))
  const idOf = async ({ run }: typeof alice): Promise<string> =>
    (await succeed(run(['account', 'show', '--json']))).json<Shown>().account.id
  const ids = { alice: await idOf(alice), bob: await idOf(bob) }
  const snapshot = (): Promise<string> => snapshots.take(relay.pid)
  return { dir, relay, ids, snapshot }
}

/** Comes to a door from an address, and is greeted. */
async function enter(url: string, door: string, localAddress: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/${door}`, { localAddress })
  await new Promise((resolve, reject) => {
    socket.once('message', resolve)
    socket.once('error', reject)
  })
  return socket
}

test(
  'nobody’s address is in the relay’s files, its logs or what it holds on to once they have left',
  { skip: process.platform !== 'linux' && 'only Linux has more than one address of loopback' },
  async (t) => {
    const { relay, snapshot } = await beginTraces(t)
    for (const door of ['identified', 'anonymous']) {
      for (const address of ADDRESSES) {
        const socket = await enter(relay.url, door, address)
        socket.close()
        await new Promise((resolve) => socket.once('close', resolve))
      }
    }
    await enter(relay.url, 'anonymous', STAYING)

    const held = await snapshot()
    await relay.kill()

    const all = [...ADDRESSES, STAYING]
    t.ok(held.includes(STAYING), 'of who is still connected the socket has it, and it is found')
    t.same(findInText('heap', held, ADDRESSES), [])
    t.same(findMarkers(filesBelow(relay.dataDir), all), [])
    t.same(findInText('stderr', relay.output.stderr, all), [])
    t.same(findInText('stdout', relay.output.lines.join('\n'), all), [])
  },
)

test('no row of the relay’s database ties who wrote to whom it was for, and no live object names a pair', async (t) => {
  const { relay, ids, snapshot } = await beginTraces(t)

  const held = await snapshot()
  await relay.kill()
  const rows = readRelayRows(relay.dataDir)
  const [alice, bob] = [traitsOf(rows, ids.alice), traitsOf(rows, ids.bob)]

  t.ok(alice.length > 0 && bob.length > 0, 'both have accounts')
  t.ok(
    rows.some((row) => row.table === 'envelope' && holds(row, bob)),
    'what waits is found by whom it is for',
  )
  t.same(
    rows.filter((row) => holds(row, alice) && holds(row, bob)).map(({ table }) => table),
    [],
    'no row has anything of both, in what is sealed neither',
  )
  t.same(findInText('heap', held, [ids.alice, ids.alice.replaceAll('-', '')]), [])
})

test(
  'nothing that was said, and nobody’s name, is in a core file of the relay',
  { skip: !isInstalled('gdb') && 'there is no gdb' },
  async (t) => {
    const { dir, relay } = await beginTraces(t)
    const core = join(dir, 'core')

    const write = ['-batch', '-p', String(relay.pid), '-ex', `generate-core-file ${core}`]
    spawnSync('gdb', write, { stdio: 'ignore' })

    t.same(existsSync(core) && findInFile(core, ['envelope', TEXT, ALICE, BOB]), ['envelope'], {
      skip: !existsSync(core) && 'this machine lets nobody look',
    })
  },
)
