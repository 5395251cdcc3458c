import { test } from 'tap'
import {
  asSottoError,
  assert,
  InputError,
  InvariantError,
  UnavailableError,
} from '../src/errors.js'
import { codeOf } from './refusal.js'

test('an error knows its code, its exit code, its remedy and when to try again', async (t) => {
  const error = new UnavailableError('relay/unavailable', 'not now', {
    fix: 'Wait.',
    retryAfterMs: 1500,
  })
  t.match(error, {
    name: 'UnavailableError',
    message: 'not now',
    code: 'relay/unavailable',
    exitCode: 69,
    fix: 'Wait.',
    retryAfterMs: 1500,
    retryable: true,
  })
})

test('an error without a remedy has an empty one, and no cause where there was none', async (t) => {
  const error = new InputError('content/invalid', 'no')
  t.equal(error.fix, '')
  t.equal(error.retryAfterMs, undefined)
  t.notOk('cause' in error)
})

test('whatever is not ours becomes a bug, once, with its cause', async (t) => {
  const cause = new TypeError('x is undefined')
  const wrapped = asSottoError(cause)
  t.ok(wrapped instanceof InvariantError)
  t.equal(wrapped.exitCode, 70)
  t.equal(wrapped.cause, cause)
  t.equal(asSottoError(wrapped), wrapped)
  t.equal(asSottoError('thrown text').message, 'unexpected: thrown text')
})

test('a broken belief stops the work', async (t) => {
  t.equal(
    codeOf(() => assert(1 + 1 === 2, 'sums')),
    undefined,
  )
  t.equal(
    codeOf(() => assert(1 + 1 === 3, 'sums')),
    'bug/invariant',
  )
})
