import { existsSync, readFileSync } from 'node:fs'

import { rpcSchema } from '@sotto/client-core'
import { ERROR_CODES } from '@sotto/protocol'
import { test } from 'tap'

import { COMMANDS, EXITS, NOUNS, renderCommandDocs, renderManPages, VERSION } from '../src/index.js'

const ROOT = new URL('../../../', import.meta.url)

function read(path: string): string {
  const url = new URL(path, ROOT)
  return existsSync(url) ? readFileSync(url, 'utf8') : ''
}

test('docs/CLI.md is what the command table says: npm run docs', async (t) => {
  t.equal(readFileSync(new URL('docs/CLI.md', ROOT), 'utf8'), renderCommandDocs())
})

test('docs/CLI.md has every command that is not hidden, and no other', async (t) => {
  const headings = [...read('docs/CLI.md').matchAll(/^### sotto (.+)$/gm)].map(([, name]) => name)
  const shown = COMMANDS.filter(({ hidden }) => hidden !== true).map(({ path }) => path.join(' '))
  t.same([...headings].sort(), [...shown].sort())
})

test('docs/man is what the command table says: npm run docs', async (t) => {
  const pages = Object.entries(renderManPages({ commands: COMMANDS, nouns: NOUNS }))
  t.same(
    pages.filter(([name, page]) => read(`docs/man/${name}`) !== page).map(([name]) => name),
    [],
  )
})

test('docs/schemas/rpc.json is what the table of methods says: npm run docs', async (t) => {
  const written = readFileSync(new URL('docs/schemas/rpc.json', ROOT), 'utf8')
  t.equal(written, `${JSON.stringify(rpcSchema(), undefined, 2)}\n`)
})

test('the version is the package’s', async (t) => {
  const manifest = readFileSync(new URL('cli/package.json', ROOT), 'utf8')
  t.match(JSON.parse(manifest), { version: VERSION })
})

test('every exit code that an error or a command names is explained', async (t) => {
  const named = [...Object.values(ERROR_CODES), ...COMMANDS.flatMap(({ exits }) => exits)]
  t.same(
    named.filter((exit) => EXITS[exit] === undefined),
    [],
  )
})
