import { test } from 'tap'

import { refuseUnreadable } from '../src/raw-arguments.js'

const raw = (...words: readonly Buffer[]) =>
  Buffer.concat(words.flatMap((word) => [word, Buffer.of(0)]))
const NODE = [Buffer.from('node'), Buffer.of(0xff), Buffer.from('sotto.js')]

test('an argument that is not UTF-8 is refused, whatever stands before the program', (t) => {
  const argv = ['send', 'me', 'caf\ufffd']
  const bytes = raw(
    ...NODE,
    Buffer.from('send'),
    Buffer.from('me'),
    Buffer.from('caf\xe9', 'latin1'),
  )
  t.throws(() => refuseUnreadable(argv, () => bytes), { code: 'usage/invalid', exitCode: 64 })
  t.end()
})

test('a replacement character that was typed, and an empty word, are arguments like any other', (t) => {
  const argv = ['send', 'me', '', 'caf\ufffd']
  const bytes = raw(...NODE, ...argv.map((word) => Buffer.from(word)))
  t.doesNotThrow(() => refuseUnreadable(argv, () => bytes))
  t.end()
})

test('where the system does not show the bytes, or nothing looks broken, nothing is refused', (t) => {
  const unreadable = () => {
    throw new Error('ENOENT')
  }
  t.doesNotThrow(() => refuseUnreadable(['caf\ufffd'], unreadable))
  t.doesNotThrow(() => refuseUnreadable(['plain'], unreadable))
  t.end()
})
