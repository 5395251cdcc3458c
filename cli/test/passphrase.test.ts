import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { fromUtf8 } from '@sotto/protocol'
import { test, type Test } from 'tap'

import { promptSecret } from '../src/passphrase/prompt.js'
import { readPassphrase } from '../src/passphrase/read.js'
import { Interrupted } from '../src/world.js'

const nobody = (message: string): void => {
  throw new Error(message)
}

function fileWith(t: Test, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-pass-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'passphrase')
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

function read(t: Test, content: string | Uint8Array): string {
  const secret = readPassphrase({ kind: 'file', path: fileWith(t, content) }, nobody)
  return fromUtf8(secret.reveal())
}

test('one line end is cut from a passphrase in a file, and nothing else', async (t) => {
  t.equal(read(t, 'open sesame'), 'open sesame')
  t.equal(read(t, 'open sesame\n'), 'open sesame')
  t.equal(read(t, 'open sesame\r\n'), 'open sesame')
  t.equal(read(t, ' open sesame \n\n'), ' open sesame \n')
})

test('the same characters are the same passphrase, however they were composed', async (t) => {
  t.equal(read(t, 'cafe\u0301'), 'caf\u00e9')
  t.equal(read(t, 'caf\u00e9'), 'caf\u00e9')
})

test('what is no passphrase is refused', async (t) => {
  t.throws(() => read(t, ''), { code: 'store/passphrase-needed', exitCode: 86 })
  t.throws(() => read(t, '\n'), { code: 'store/passphrase-needed', exitCode: 86 })
  t.throws(() => read(t, Uint8Array.of(0xff, 0xfe)), { code: 'content/invalid', exitCode: 65 })
  t.throws(() => read(t, 'x'.repeat(1025)), { code: 'content/too-large', exitCode: 65 })
  t.equal(read(t, 'x'.repeat(1024)).length, 1024)
  const gone = { kind: 'file', path: '/nowhere/at/all' } as const
  t.throws(() => readPassphrase(gone, nobody), { code: 'file/unknown', exitCode: 66 })
  const folder = { kind: 'file', path: tmpdir() } as const
  t.throws(() => readPassphrase(folder, nobody), { code: 'file/unknown', exitCode: 66 })
  const closed = { kind: 'fd', fd: 987 } as const
  t.throws(() => readPassphrase(closed, nobody), { code: 'usage/invalid', exitCode: 64 })
})

test('a passphrase file that others can read is warned of, and used', async (t) => {
  const path = fileWith(t, 'open sesame\n')
  chmodSync(path, 0o644)
  const warnings: string[] = []
  const secret = readPassphrase({ kind: 'file', path }, (message) => warnings.push(message))
  t.equal(fromUtf8(secret.reveal()), 'open sesame')
  t.match(warnings, [/^other users can read .*chmod go=/])
})

function terminal() {
  const stdin = Object.assign(new PassThrough(), {
    raw: [] as boolean[],
    setRawMode(raw: boolean) {
      this.raw.push(raw)
    },
  })
  const stderr = new PassThrough()
  const shown = () => String(stderr.read())
  return { stdin, stderr, shown, signal: new AbortController().signal }
}

test('a prompt shows nothing of what is typed, and the terminal is as before', async (t) => {
  const { stdin, stderr, signal, shown } = terminal()
  const typed = promptSecret('passphrase: ', { stdin, stderr, signal })
  stdin.write('opem')
  stdin.write('\x7fn sesam\u00e9\x7fe\r')

  t.equal(fromUtf8((await typed)!.reveal()), 'open sesame')
  t.equal(shown(), 'passphrase: \n')
  t.same(stdin.raw, [true, false])
})

test('Ctrl-U begins anew, and an empty line is no passphrase', async (t) => {
  const again = terminal()
  again.stdin.write('wrong\x15right\r')
  t.equal(fromUtf8((await promptSecret('? ', again))!.reveal()), 'right')
  const empty = terminal()
  empty.stdin.write('\r')
  t.equal(await promptSecret('? ', empty), undefined)
})

test('Ctrl-C at a prompt ends like an interrupt, with the terminal as before', async (t) => {
  const { stdin, stderr, signal } = terminal()
  stdin.write('open ses\x03')
  await t.rejects(promptSecret('? ', { stdin, stderr, signal }), new Interrupted(130))
  t.same(stdin.raw, [true, false])
})
