import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { StorageError } from '@sotto/protocol'
import { test, type Test } from 'tap'

import { crashReports, writeCrashReport } from '../src/crash-report.js'

const NOW_MS = Date.UTC(2026, 10, 21, 12)
const MARKER = 'MARKER-of-somebodys-text'

interface Report {
  readonly errors: readonly {
    readonly name: string
    readonly code: string | null
    readonly positions: readonly string[]
  }[]
}

function begin(t: Test) {
  const dir = mkdtempSync(join(tmpdir(), 'sotto-crash-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const [folder, programDir] = [join(dir, 'home', 'crashes'), dir]
  writeFileSync(join(programDir, 'sotto.js'), '')
  const env = { TERM: 'xterm-256color', TERM_PROGRAM: `${MARKER} 1` }
  const write = (thrown: unknown, nowMs = NOW_MS) =>
    writeCrashReport(folder, thrown, { ...{ columns: 80, rows: 24, env, nowMs, programDir } })
  return { dir, folder, write }
}

function broken(message: string, stack: string): Error {
  return Object.assign(new Error(message), { stack })
}

test('a report says where the program broke and on what, and nothing of anybody', (t) => {
  const { write } = begin(t)
  const stack = [
    `Error: ${MARKER}`,
    `    at ${MARKER} (${MARKER}.js:1:2)`,
    `    at sotto.js:${MARKER}:9`,
    `    at Object.${MARKER} [as ${MARKER}] (file:///home/${MARKER}/dist/sotto.js:12:34)`,
    '    at new Promise (<anonymous>)',
    `    at async /home/${MARKER}/dist/sotto.js:56:7`,
    '    at process.processImmediate (node:internal/timers:476:21)',
  ].join('\n')
  const cause = new StorageError('store/damaged', `${MARKER}, the disk`)
  const path = write(Object.assign(broken(MARKER, stack), { cause, name: MARKER, code: MARKER }))
  const text = readFileSync(path ?? '', 'utf8')
  t.notMatch(text, /MARKER/)
  const { errors, ...rest } = JSON.parse(text) as Report
  t.match(errors, [
    {
      ...{ name: 'Error', code: null },
      positions: ['sotto.js:12:34', 'sotto.js:56:7', 'node:internal/timers:476:21'],
    },
    { name: 'StorageError', code: 'store/damaged' },
  ])
  t.match(rest, {
    ...{ v: 1, at: '2026-11-21T12:00:00.000Z', node: process.version, columns: 80, rows: 24 },
    terminal: ['xterm-256color', 'another'],
  })
  t.end()
})

test('a message that looks like a stack adds nothing but positions that there are', (t) => {
  const { write } = begin(t)
  const path = write(new Error(`x\n    at ${MARKER} (/${MARKER}.js:1:1)\n    at ${MARKER}:1:1`))
  t.notMatch(readFileSync(path ?? '', 'utf8'), /MARKER/)
  t.notMatch(readFileSync(write(MARKER) ?? '', 'utf8'), /MARKER/, 'nor does what is no error')
  t.end()
})

test('the newest five stay, and nobody else can read them', (t) => {
  const { folder, write } = begin(t)
  for (let crash = 0; crash < 8; crash++) write(new Error('x'), NOW_MS + crash * 1000)
  const reports = crashReports(folder)
  t.equal(reports.length, 5)
  t.equal(readdirSync(folder).length, 5)
  t.match(reports[0], /crash-2026-11-21T12-00-07-000Z\.json$/)
  t.equal(statSync(folder).mode & 0o777, 0o700)
  t.equal(statSync(reports[0] ?? '').mode & 0o777, 0o600)
  t.end()
})

test('where it cannot be written nothing is thrown', (t) => {
  const { dir } = begin(t)
  const scene = { columns: 80, rows: 24, env: {}, nowMs: NOW_MS, programDir: dir }
  t.equal(writeCrashReport(join(dir, 'sotto.js', 'crashes'), new Error('x'), scene), undefined)
  t.end()
})
