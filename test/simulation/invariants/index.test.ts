import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../../harness/repository.js'
import type { History } from '../history.js'
import { INVARIANTS } from './index.js'
import {
  TEXT,
  registered,
  wrote,
  came,
  found,
  shown,
  alice,
  bob,
  bobWithout,
  GOOD,
  gapOf,
} from './made-history.js'

/** Of `import { one, two } from './module.js'`: names and module. */
const IMPORTED = /^import \{ (.+) \} from '\.\/(.+)\.js'$/gm
const FOLDER = join(ROOT, 'test/simulation/invariants')

t.test('every invariant is shown to fail, beside it', async (t) => {
  const exported = [...readFileSync(join(FOLDER, 'index.ts'), 'utf8').matchAll(IMPORTED)].flatMap(
    ([, names = '', module = '']) => names.split(', ').map((name) => ({ name, module })),
  )
  const shown = exported.filter(({ name, module }) => {
    const test = join(FOLDER, `${module}.test.ts`)
    return existsSync(test) && readFileSync(test, 'utf8').includes(`breaks(${name}, {\n`)
  })

  t.equal(exported.length, INVARIANTS.length)
  t.same(
    exported.filter((each) => !shown.includes(each)),
    [],
  )
})

t.test('what a relay withholds, reorders or says of itself is excused where it lied', async (t) => {
  const lies = ['withholds an envelope']
  const accepted = { ...alice, conversations: shown('bob', [TEXT], 'accepted') }
  const gap = { ...bobWithout, journal: [gapOf('missing', 1)] }

  t.same(brokenIn({ lies, findings: [accepted, gap], records: [registered(1), registered(2)] }), [])
})

t.test(
  'no lie excuses a text shown twice, to somebody else or as from somebody else',
  async (t) => {
    const lies = ['gives a username to another account']
    const swapped = new Set(['bob as dave'])
    const carol = found('carol', { journal: [came(1)], conversations: shown('alice', [TEXT]) })
    const twice = { ...bob, conversations: shown('alice', [TEXT, TEXT]) }
    const asCarols = { ...bob, conversations: shown('carol', [TEXT]) }

    t.same(brokenIn({ lies, swapped, findings: [alice, twice] }), ['exactly once'])
    t.same(brokenIn({ lies, swapped, findings: [alice, bob, carol] }), ['exactly once'])
    t.ok(brokenIn({ lies, swapped, findings: [alice, asCarols] }).includes('authors are true'))
  },
)

t.test('who is given another’s account for a name they never met writes to that one', async (t) => {
  const lies = ['gives a username to another account']
  const carol = found('carol', { journal: [came(1)], conversations: shown('alice', [TEXT]) })
  const author = { ...alice, journal: [wrote(1)], conversations: shown('carol', [TEXT]) }
  const history = { lies, heard: [], findings: [author, bobWithout, carol] }

  t.same(brokenIn({ ...history, swapped: new Set(['bob as carol']) }), [])
  t.not(brokenIn({ ...history, swapped: new Set() }).length, 0)
})

/** The names of the invariants that a history breaks. */
function brokenIn(history: Partial<History>): readonly string[] {
  return INVARIANTS.filter(({ check }) => check({ ...GOOD, ...history }).length > 0).map(
    ({ name }) => name,
  )
}
