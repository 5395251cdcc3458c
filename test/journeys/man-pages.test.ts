import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { COMMANDS, NOUNS, renderHelpAsMan, renderManPages } from '@sotto/cli'
import { test } from 'tap'

import { isInstalled, ROOT, SOTTO_RELAY } from '../harness/index.js'

const FOLDER = join(ROOT, 'docs/man')

test('docs/man is what the command table and the relay’s help say: npm run docs', async (t) => {
  const help = execFileSync(process.execPath, [SOTTO_RELAY, '--help'], { encoding: 'utf8' })
  const wanted = {
    ...renderManPages({ commands: COMMANDS, nouns: NOUNS }),
    'sotto-relay.1': renderHelpAsMan(
      'sotto-relay',
      'carries sealed envelopes it cannot read',
      help,
    ),
  }
  const written = readdirSync(FOLDER).map((name) => [
    name,
    readFileSync(join(FOLDER, name), 'utf8'),
  ])
  t.same(Object.fromEntries(written), wanted)
})

for (const [program, ...flags] of [
  ['mandoc', '-T', 'lint', '-W', 'error'],
  ['groff', '-man', '-w', 'mac', '-W', 'char', '-z', '-Kutf8'],
] as const) {
  test(
    `${program} has nothing to say about any page`,
    { skip: !isInstalled(program) },
    async (t) => {
      for (const name of readdirSync(FOLDER)) {
        const { stdout, stderr } = spawnSync(program, [...flags, join(FOLDER, name)], {
          encoding: 'utf8',
        })
        t.equal(stdout + stderr, '', name)
      }
    },
  )
}

test('a page shows commands as they are typed', { skip: !isInstalled('man') }, async (t) => {
  const shown = execFileSync(
    'man',
    ['-l', '-P', 'cat', '-E', 'utf8', join(FOLDER, 'sotto-send.1')],
    {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '100' },
    },
  )
  t.match(shown, /make 2>&1 \| tail -40 \| sotto send @bob --id build-4312/)
  t.match(shown, /--wait <level>/)
})
