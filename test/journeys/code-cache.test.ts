import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

import { test, type Test } from 'tap'

import { sotto, SOTTO, SOTTO_RELAY, tempDir } from '../harness/index.js'
import { moveProgram } from './support/move-program.js'

function codeCacheOf(program: string): string {
  const dist = dirname(program)
  const [folder, ...others] = readdirSync(dist).filter((name) => name.startsWith('code-'))
  if (folder === undefined || others.length > 0) throw new Error(`one code cache is in ${dist}`)
  return join(dist, folder)
}

function moveSotto(t: Test): string {
  return moveProgram(SOTTO, join(tempDir(t), 'program'), ['prebuilds'])
}

for (const program of [SOTTO, SOTTO_RELAY]) {
  const name = program.split('/').at(-1) ?? ''

  test(`what ${name} loads first has been compiled for the Node that built it`, async (t) => {
    const folder = codeCacheOf(program)
    const [start = ''] = /part-start-\w+\.js/.exec(readFileSync(program, 'utf8')) ?? []

    t.ok(folder.endsWith(`code-${process.version}-${process.platform}-${process.arch}`))
    t.ok(statSync(join(folder, start)).size > 0)
  })
}

const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  'is empty': (file) => truncateSync(file, 0),
  'was cut off': (file) => truncateSync(file, Math.floor(statSync(file).size / 3)),
  'is something else': (file) => writeFileSync(file, 'something else'),
  'has a flipped bit': flipBit,
}

for (const [what, damage] of Object.entries(DAMAGES)) {
  test(`a program whose code cache ${what} does what it always does`, async (t) => {
    const home = tempDir(t)
    const program = moveSotto(t)
    const folder = codeCacheOf(program)
    for (const name of readdirSync(folder)) damage(join(folder, name))

    await doesWhatItDoes(t, home, program)
  })
}

test('a program without a code cache does what it always does', async (t) => {
  const home = tempDir(t)
  const program = moveSotto(t)
  rmSync(codeCacheOf(program), { recursive: true })

  await doesWhatItDoes(t, home, program)
})

test('a code cache of another version of Node is left alone', async (t) => {
  const home = tempDir(t)
  const program = moveSotto(t)
  const folder = codeCacheOf(program)
  const other = join(dirname(folder), 'code-v0.0.0-other-machine')
  renameSync(folder, other)

  await doesWhatItDoes(t, home, program)
  t.same(
    readdirSync(dirname(folder)).filter((name) => name.startsWith('code-')),
    ['code-v0.0.0-other-machine'],
  )
})

test('under flags that V8 compiles differently for, a program does what it always does', async (t) => {
  const home = tempDir(t)
  const env = { NODE_OPTIONS: '--max-old-space-size=200' }

  const account = await sotto(home, ['account', 'show', '--json'], { env })

  t.match(account.error(), { code: 'account/none', exit: account.code })
})

async function doesWhatItDoes(t: Test, home: string, program: string): Promise<void> {
  const help = await sotto(home, ['--help'], { program })
  const usualHelp = await sotto(home, ['--help'])
  const account = await sotto(home, ['account', 'show', '--json'], { program })

  t.match(help, { code: 0, stdout: usualHelp.stdout, stderr: '' })
  t.match(account.error(), { code: 'account/none', exit: account.code })
}

/** V8 itself would not notice, and crash or do as the bit says. */
function flipBit(file: string): void {
  const bytes = readFileSync(file)
  const at = Math.floor(bytes.length / 3)
  bytes[at] = (bytes[at] ?? 0) ^ 4
  writeFileSync(file, bytes)
}
