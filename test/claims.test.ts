import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { ROOT } from './harness/repository.js'

/** Those that touch a client. */
const COMPLAINTS = 41

interface Claim {
  readonly file: string
  readonly name: string
}

/** The rows of a document that name a test. */
function readClaims(path: string): readonly Claim[] {
  const document = readFileSync(join(ROOT, path), 'utf8')
  const rows = [...document.matchAll(/^\|[^|]*\|\s*`([^`]+\.test\.ts)`\s*\|\s*([^|]+?)\s*\|$/gm)]
  return rows.map(([, file = '', name = '']) => ({ file, name }))
}

function isThere({ file, name }: Claim): boolean {
  const path = join(ROOT, file)
  return existsSync(path) && testNames(readFileSync(path, 'utf8')).includes(name)
}

/** As they stand in the source, `…` for what a template fills in. */
function testNames(source: string): readonly string[] {
  const calls = source.matchAll(/\btest\(\s*(?:'((?:\\.|[^'\\])*)'|`([^`]*)`)/g)
  return [...calls].map(([, plain, template]) =>
    plain === undefined
      ? (template ?? '').replaceAll(/\$\{[^}]*\}/g, '…')
      : plain.replaceAll("\\'", "'"),
  )
}

test('every claim names a test that exists', async (t) => {
  const claims = readClaims('docs/CLAIMS.md')
  t.ok(claims.length > 50, `${String(claims.length)} claims were read`)
  t.same(
    claims.filter((claim) => !isThere(claim)).map(({ file, name }) => `${file}: ${name}`),
    [],
  )
})

test('every complaint of others names a test that exists, or says what is missing', async (t) => {
  const document = readFileSync(join(ROOT, 'docs/COMPLAINTS.md'), 'utf8')
  const rows = [...document.matchAll(/^\| (\d+)\. /gm)].map(([, number]) => Number(number))
  t.same(
    rows,
    Array.from({ length: COMPLAINTS }, (_, index) => index + 1),
  )
  t.same(
    readClaims('docs/COMPLAINTS.md').filter((claim) => !isThere(claim)),
    [],
  )
})
