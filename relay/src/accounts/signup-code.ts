import { createHash } from 'node:crypto'
import {
  SIGNUP_CODE_BYTES,
  SottoError,
  formatSignupCode,
  ownBytes,
  parseSignupCode,
  signupCodeHashBytes,
  wire,
  type Bytes,
} from '@sotto/protocol'
import { refusal, type ErrorAnswer } from '../answers.js'
import type { Context } from '../context.js'
import type { CodeFault, ShownCode } from '../store/port.js'

export interface SignupCodeOptions {
  /** Accounts it makes, from 1. */
  readonly uses: number
  /** Unix milliseconds from which on it makes none. */
  readonly expiresMs: number
}

/**
 * Makes a sign-up code and answers its text once it is on disk; only its hash is kept, so nobody can
 * show it again. If we die before the answer is heard, a code is there that nobody knows.
 */
export async function createSignupCode(
  { commits, random }: Pick<Context, 'commits' | 'random'>,
  { uses, expiresMs }: SignupCodeOptions,
): Promise<string> {
  const code = formatSignupCode(random(SIGNUP_CODE_BYTES))
  await commits.change('create-signup-code', { hash: hashOf(code), uses, expiresMs })
  return code
}

/** What a registration shows for a code, where this relay wants one. */
export function shownCode(
  { registration, clock }: Pick<Context, 'registration' | 'clock'>,
  typed: string,
): ShownCode | undefined {
  if (registration !== 'invite') return undefined
  return { hash: hashOfTyped(typed), nowMs: clock.nowMs() }
}

const NONE: Bytes = new Uint8Array(0)
/** The hash of no code. */
const NO_CODE: Bytes = new Uint8Array(32)

function hashOfTyped(typed: string): Bytes {
  if (typed === '') return NONE
  try {
    return hashOf(parseSignupCode(typed))
  } catch (thrown) {
    if (thrown instanceof SottoError) return NO_CODE
    throw thrown
  }
}

function hashOf(code: string): Bytes {
  return ownBytes(createHash('sha256').update(signupCodeHashBytes(code)).digest())
}

const { ErrorCode } = wire
const FAULTS: Readonly<Record<CodeFault, ErrorAnswer>> = {
  'code-needed': refusal(ErrorCode.REGISTRATION_CLOSED),
  'code-unknown': refusal(ErrorCode.CODE_UNKNOWN),
  'code-expired': refusal(ErrorCode.CODE_EXPIRED),
  'code-used-up': refusal(ErrorCode.CODE_USED_UP),
}

export function codeRefusal(fault: CodeFault): ErrorAnswer {
  return FAULTS[fault]
}
