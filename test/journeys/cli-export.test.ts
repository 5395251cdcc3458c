import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { makePair, startRelay, succeed, tempDir } from '../harness/index.js'
import { smallDisk } from '../harness/small-disk.js'
import { beginPair } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

interface Line {
  readonly export?: { readonly conversations: number; readonly messages: number }
  readonly contact?: { readonly handle: string }
  readonly message?: { readonly text: string }
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
const textsIn = (lines: readonly Line[]) => lines.flatMap(({ message }) => message?.text ?? [])

test('export prints what follows, the contacts, then each conversation, oldest first', async (t) => {
  const { alice, bob } = await beginPair(t)
  for (const text of ['one', 'two']) await succeed(alice.run(['send', bob.handle, text]))
  await succeed(alice.run(['send', 'me', 'note']))

  const { stdout } = await succeed(alice.run(['export']))

  const lines = linesOf(stdout)
  t.same(schemaFaults('export', stdout), [])
  t.match(lines[0], { export: { conversations: 2, messages: 3 } })
  t.match(lines[1], { contact: { handle: bob.handle } })
  t.same(textsIn(lines).sort(), ['note', 'one', 'two'])
  t.ok(textsIn(lines).indexOf('one') < textsIn(lines).indexOf('two'))
})

test('export --conversation and --since leave out the rest', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'to bob']))
  await succeed(alice.run(['send', 'me', 'note']))
  const texts = async (...args: string[]) =>
    textsIn(linesOf((await succeed(alice.run(['export', ...args]))).stdout))

  t.same(await texts('--conversation', 'me'), ['note'])
  t.same(await texts('--conversation', bob.handle), ['to bob'])
  t.same(await texts('--since', 'tomorrow 00:00'), [])
  t.same((await texts('--since', 'yesterday 00:00')).length, 2)
  t.match((await alice.run(['export', '--conversation', '@nobody.99', '--json'])).error(), {
    ...{ code: 'recipient/unknown', exit: 67 },
  })
  t.match((await alice.run(['export', '--since', 'soon', '--json'])).error(), { exit: 64 })
})

test('an account without messages exports as that', async (t) => {
  const { bob } = await beginPair(t)
  const { stdout } = await succeed(bob.run(['export', '--conversation', 'me']))
  t.match(linesOf(stdout), [{ export: { conversations: 0, messages: 0 } }])
})

test('export --out writes a file of one’s own, whole or not at all', async (t) => {
  const { dir, alice } = await beginPair(t)
  await succeed(alice.run(['send', 'me', 'note']))
  const path = join(dir, 'out.ndjson')
  const write = (...args: string[]) => alice.run(['export', '--out', path, '--json', ...args])

  const first = await succeed(write())
  const refused = await write()
  await succeed(alice.run(['send', 'me', 'another']))
  await succeed(write('--yes'))
  const lost = await alice.run(['export', '--out', join(dir, 'none/out'), '--json'])

  t.same(schemaFaults('export', first.stdout), [])
  t.match(first.json<object>(), { export: { messages: 1, path } })
  t.match(refused.error(), { code: 'file/exists', exit: 64 })
  t.same(textsIn(linesOf(readFileSync(path, 'utf8'))), ['note', 'another'])
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.match(lost.error(), { code: 'file/unknown', exit: 66 })
  t.same(
    readdirSync(dir).filter((name) => name.endsWith('.part')),
    [],
  )
})

const NO_MOUNT = 'needs the right to mount a small file system'

test('on a full disk export leaves nothing behind, and says so', async (t) => {
  const dir = tempDir(t)
  const disk = smallDisk(t, join(dir, 'disk'), 1)
  if (disk === undefined) {
    t.pass(NO_MOUNT, { skip: NO_MOUNT })
    return
  }
  const { alice } = await makePair(await startRelay(t, { dir }), dir)
  await succeed(alice.run(['send', 'me'], { input: 'x'.repeat(50_000) }))
  disk.fill()

  const full = await alice.run(['export', '--out', join(disk.dir, 'out.ndjson'), '--json'])

  t.match(full.error(), { code: 'store/full', exit: 74 })
  t.notOk(existsSync(join(disk.dir, 'out.ndjson')))
  t.same(readdirSync(disk.dir), ['filler'])
})

test('an export that replaces nothing never touches a file that is there', async (t) => {
  const { dir, alice } = await beginPair(t)
  const path = join(dir, 'precious')
  writeFileSync(path, 'keep me')
  await alice.run(['export', '--out', path])
  t.equal(readFileSync(path, 'utf8'), 'keep me')
})
