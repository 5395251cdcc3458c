import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { test } from 'tap'

import { isolatedEnvironment, SOTTO, sotto, succeed, tempDir } from '../harness/index.js'
import { moveProgram } from './support/move-program.js'
import { openTerminal } from './support/terminal.js'

/** As `--help` is where the program itself has to make it. */
async function madeHelp(home: string): Promise<string> {
  return (await succeed(sotto(home, ['--no-color', '--help']))).stdout
}

test('the help that lies ready is what the program would make', async (t) => {
  const home = tempDir(t)
  const made = await madeHelp(home)
  t.match(made, /^Usage: sotto/)
  t.equal((await succeed(sotto(home, ['--help']))).stdout, made)
  t.equal((await succeed(sotto(home, ['-h']))).stdout, made)
})

test('on a terminal the help that lies ready is shown too', async (t) => {
  const env = isolatedEnvironment(tempDir(t))
  const terminal = openTerminal(t, { program: SOTTO, args: ['--help'], env })
  await terminal.shows(/Usage: sotto/)
  t.equal(await terminal.ended, 0)
})

test('a program without its ready help makes it', async (t) => {
  const folder = tempDir(t)
  const program = moveProgram(SOTTO, folder, ['prebuilds'])
  rmSync(join(dirname(program), 'help'), { recursive: true })
  const { stdout } = await succeed(sotto(folder, ['--help'], { program }))
  t.equal(stdout, await madeHelp(folder))
})
