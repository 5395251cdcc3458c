import { concatBytes, utf8, type Bytes } from './bytes.js'
import { UsageError } from './errors.js'

/** Random bytes in a code, of each of which five bits count: 100 bits that nobody guesses. */
export const SIGNUP_CODE_BYTES = 20

const GROUP_LETTERS = 5
/** Crockford's base32: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LABEL = utf8('sotto sign-up code 1\0')

/** A sign-up code of random bytes, as people type it: `4F7QX-M2K9T-0VHJ8-R3WCD`. */
export function formatSignupCode(random: Uint8Array): string {
  if (random.length !== SIGNUP_CODE_BYTES) throw new RangeError('a code is made of 20 bytes')
  const letters = Array.from(random, (byte) => ALPHABET[byte & 31] ?? '').join('')
  return letters.replace(/.{5}(?=.)/g, '$&-')
}

/**
 * A code in its one form, whatever case, spaces and hyphens it was typed with, and O for 0, I and L
 * for 1. Throws `usage/invalid` for what is none.
 */
export function parseSignupCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  const isCode = /^[0-9A-HJKMNP-TV-Z]{20}$/.test(letters)
  if (!isCode) {
    throw new UsageError('usage/invalid', 'that is no sign-up code', {
      fix: `A code has ${SIGNUP_CODE_BYTES} letters and digits in groups of ${GROUP_LETTERS}, as the relay’s operator gave it.`,
    })
  }
  return letters.replace(/.{5}(?=.)/g, '$&-')
}

/** What is hashed of a code in its one form: a relay keeps the hash alone. */
export function signupCodeHashBytes(code: string): Bytes {
  return concatBytes(LABEL, utf8(code))
}
