import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'

import { ROOT } from '../harness/repository.js'
import { readAttacks, withAttacks } from './table.js'

test('the table of attacks in the threat model is what the tests carry out', async (t) => {
  const document = readFileSync(join(ROOT, 'docs/THREAT-MODEL.md'), 'utf8')
  t.equal(document, withAttacks(document), 'npm run docs makes it anew')
})

test('what a person is said to see is what the test looks at', async (t) => {
  const rows = readAttacks()
  t.ok(rows.length > 30, `${String(rows.length)} attacks were read`)
  t.same(
    rows.flatMap(({ test: name, seen, body }) =>
      [...seen.matchAll(/`([^`]+)`|exit (\d+)/g)]
        .map(([, code, exit]) => (code ?? exit ?? '').replace(/^sotto /, ''))
        .filter((word) => !mentions(body, word))
        .map((word) => `${name}: ${word}`),
    ),
    [],
  )
})

/** Whether a test names it, as text, in a pattern or as words of a command. */
function mentions(body: string, word: string): boolean {
  const plain = body.replaceAll('\\', '')
  return [word, word.split(' ').join("', '")].some((each) => plain.includes(each))
}
