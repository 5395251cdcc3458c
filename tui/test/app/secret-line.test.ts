import { test } from 'tap'

import { SecretLine } from '../../src/app/secret-line.js'

const taken = (line: SecretLine): string => Buffer.from(line.take()).toString()

test('what is typed and erased blindly is what is taken, character by character', (t) => {
  const line = new SecretLine()
  line.type('öffne dich€')
  line.erase()
  line.erase()
  line.type('h!\n')
  t.equal(taken(line), 'öffne dich!')
  t.equal(taken(line), '', 'it is taken once')
  t.end()
})

test('erasing nothing is nothing, and what is beyond the bound is dropped', (t) => {
  const line = new SecretLine()
  line.erase()
  line.type('a'.repeat(1_000))
  line.type('b'.repeat(1_000))
  t.equal(taken(line), 'a'.repeat(1_000))
  t.end()
})
