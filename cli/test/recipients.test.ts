import { NotFoundError, UsageError } from '@sotto/protocol'
import { test } from 'tap'

import { isRecipient, requireRecipient, splitAddressed } from '../src/recipients.js'

test('a recipient is known by how it begins', async (t) => {
  const recipients = ['@bob', '@bob.42', '#ops', 'me', 'id:c_01', 'acct:0199', 'sotto://x']
  const others = ['bob', 'bob.42', '', '@', '#', 'id:', 'acct:', 'meal', 'hello @bob', '-']
  t.same(recipients.filter(isRecipient), recipients)
  t.same(others.filter(isRecipient), [])
})

test('a bare word is never guessed to be a recipient, and what was meant is named', async (t) => {
  t.throws(() => requireRecipient('bob.42'), {
    code: 'recipient/unknown',
    exitCode: 67,
    fix: /Did you mean @bob\.42\?/,
  })
  t.throws(() => splitAddressed(['bob', 'hello'], 0), NotFoundError)
})

test('the first argument that is no recipient is the text', async (t) => {
  t.same(splitAddressed(['@bob.42', '@carol', 'hello'], 0), {
    to: ['@bob.42', '@carol'],
    text: 'hello',
  })
})

test('without a text, or with -, the text is stdin', async (t) => {
  t.same(splitAddressed(['@bob'], 0), { to: ['@bob'], text: undefined })
  t.same(splitAddressed(['@bob', '-'], 0), { to: ['@bob'], text: undefined })
})

test('behind -- everything is text, recipients and dashes too', async (t) => {
  t.same(splitAddressed(['@bob', '@carol'], 1), { to: ['@bob'], text: '@carol' })
  t.same(splitAddressed(['@bob', '-'], 1), { to: ['@bob'], text: '-' })
})

test('a text in several words is refused, and says how to quote it', async (t) => {
  t.throws(() => splitAddressed(['@bob', 'hello', 'world'], 0), {
    code: 'usage/invalid',
    fix: /Quote/,
  })
})

test('a recipient after the text is refused, and named', async (t) => {
  t.throws(() => splitAddressed(['@bob', 'hello', '@carol'], 0), {
    code: 'usage/invalid',
    fix: /@carol/,
  })
})

test('a text without any recipient is a usage error', async (t) => {
  t.throws(() => splitAddressed(['hello'], 1), UsageError)
})
