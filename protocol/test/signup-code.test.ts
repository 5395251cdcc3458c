import fc from 'fast-check'
import { test } from 'tap'
import { formatSignupCode, parseSignupCode, SIGNUP_CODE_BYTES } from '../src/signup-code.js'
import { codeOf } from './refusal.js'

test('a sign-up code is read however it is typed', async (t) => {
  const random = Uint8Array.from({ length: SIGNUP_CODE_BYTES }, (_, index) => index)
  const code = formatSignupCode(random)

  t.equal(code, '01234-56789-ABCDE-FGHJK')
  t.equal(parseSignupCode('o1234 56789abcde-fghjk\n'), code)
  t.equal(parseSignupCode('Oi234-56789-abcde-fghjk'), code)
})

test('every sign-up code survives being typed', async (t) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: SIGNUP_CODE_BYTES, maxLength: SIGNUP_CODE_BYTES }),
      (random) => parseSignupCode(formatSignupCode(random)) === formatSignupCode(random),
    ),
  )
  t.pass('each of them')
})

test('what is no sign-up code is refused with what one looks like', async (t) => {
  for (const typed of ['', '01234', '01234-56789-ABCDE-FGHJU', '01234-56789-ABCDE-FGHJKM'])
    t.equal(
      codeOf(() => parseSignupCode(typed)),
      'usage/invalid',
    )
})
