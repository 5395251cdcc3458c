import fc from 'fast-check'
import { test } from 'tap'
import { formatUsername, parseUsername } from '../src/username.js'
import { codeOf } from './refusal.js'

test('a username survives formatting and parsing', async (t) => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{2,31}$/),
      fc.stringMatching(/^(0[1-9]|[1-9][0-9]{1,8})$/),
      (nickname, discriminator) => {
        t.same(parseUsername(formatUsername({ nickname, discriminator })), {
          nickname,
          discriminator,
        })
      },
    ),
  )
})

test('a username has a name, a dot and a number', async (t) => {
  t.equal(
    codeOf(() => parseUsername('alice.42')),
    undefined,
  )
  t.equal(
    codeOf(() => parseUsername('alice')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseUsername('al.42')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseUsername('alice.4')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseUsername('alice.00')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseUsername('alice.042')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseUsername('4lice.42')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseUsername('ālice.42')),
    'usage/invalid',
  )
})

test('any text is a username or a usage error', async (t) => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const code = codeOf(() => parseUsername(value))
      return code === undefined || code === 'usage/invalid'
    }),
  )
  t.pass('for all text')
})
