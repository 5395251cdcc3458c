import { test } from 'tap'
import { decode } from '../src/codec.js'
import { relayError } from '../src/relay-error.js'
import { ErrorCode, ErrorSchema } from '../src/wire.js'

test('every answer of a relay has an error with a code and an exit code', async (t) => {
  const codes = Object.values(ErrorCode).filter((code) => typeof code === 'number')
  const answers = codes.map((code) => [
    ErrorCode[code],
    relayError({ code, retryAfterMs: 0 }).code,
    relayError({ code, retryAfterMs: 0 }).exitCode,
  ])
  t.same(answers, [
    ['UNSPECIFIED', 'wire/unexpected', 76],
    ['REFUSED', 'relay/refused', 77],
    ['UNAUTHENTICATED', 'device/unlinked', 84],
    ['NOT_FOUND', 'recipient/unknown', 67],
    ['RATE_LIMITED', 'relay/rate-limited', 82],
    ['QUOTA', 'relay/quota', 82],
    ['INVALID', 'wire/malformed', 76],
    ['TOO_LARGE', 'content/too-large', 65],
    ['CONFLICT', 'username/taken', 77],
    ['VERSION', 'wire/version', 76],
    ['UNAVAILABLE', 'relay/unavailable', 69],
    ['INTERNAL', 'relay/unavailable', 69],
    ['REPLACED', 'account/busy', 83],
    ['REGISTRATION_CLOSED', 'relay/registration-closed', 77],
    ['CODE_UNKNOWN', 'signup-code/unknown', 77],
    ['CODE_EXPIRED', 'signup-code/expired', 77],
    ['CODE_USED_UP', 'signup-code/used-up', 77],
    ['PERMIT', 'permit/refused', 76],
    ['WORK', 'signup-work/refused', 75],
  ])
})

test('every answer of a relay says what to do next', async (t) => {
  const codes = Object.values(ErrorCode).filter((code) => typeof code === 'number')

  t.same(
    codes.filter((code) => relayError({ code, retryAfterMs: 0 }).fix === ''),
    [],
  )
})

test('a code from a newer relay is an error that it did not name', async (t) => {
  t.equal(relayError(decode(ErrorSchema, Uint8Array.of(0x08, 99))).code, 'wire/unexpected')
})

test('when to try again is what the relay said, where it said so', async (t) => {
  t.equal(relayError({ code: ErrorCode.QUOTA, retryAfterMs: 2500 }).retryAfterMs, 2500)
  t.equal(relayError({ code: ErrorCode.QUOTA, retryAfterMs: 0 }).retryAfterMs, undefined)
})
