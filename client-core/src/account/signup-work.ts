import { scrypt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import {
  isWorkDone,
  ownBytes,
  PermissionError,
  UnavailableError,
  WORK_ATTEMPTS_MAX,
  WORK_CHALLENGE_BYTES,
  WORK_HASH_BYTES,
  WORK_SCRYPT,
  workPassword,
  workSalt,
  type AccountId,
  type Bytes,
  type wire,
} from '@sotto/protocol'
import type { Clock } from '../ports.js'
import { sha256 } from '../session/digest.js'

/** Attempts at a time: 16 MiB each, and as many threads as Node has for them. */
const LANES_MAX = 4
/** Not to be done after so many times what it takes on average: that comes once in 10^8 times. */
const ATTEMPTS_FACTOR_MAX = 20

/** How far the work has come; nobody knows before the end which attempt is the last. */
export interface WorkProgress {
  readonly tried: number
  /** What it takes on average. */
  readonly expected: number
}

/** What the relay is shown, with the challenge that it gave. */
export interface WorkProof {
  readonly challenge: Bytes
  readonly solution: number
}

export interface WorkOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Gives the work up. */
  readonly signal?: AbortSignal | undefined
  /** Longer it may not take. Milliseconds. */
  readonly waitMs?: number | undefined
  /** Called before the first attempt and after each. */
  readonly progress?: ((progress: WorkProgress) => void) | undefined
}

/** The work was given up: by its signal, or for its time was over. The relay knows of nothing. */
export class WorkStopped extends Error {
  override readonly name = 'WorkStopped'
}

/**
 * Does the work that a relay wants for a new account (docs/PROTOCOL.md, "Sign-up work"). Undefined where
 * the challenge expired meanwhile. Memory and work are bounded whatever the relay asks. Throws
 * `signup-work/too-much`, and WorkStopped with why.
 */
export async function doSignupWork(
  { challenge: given, attempts, lifetimeMs }: wire.SignupWork,
  account: AccountId,
  options: WorkOptions,
): Promise<WorkProof | undefined> {
  if (given.length !== WORK_CHALLENGE_BYTES || attempts < 1 || attempts > WORK_ATTEMPTS_MAX) {
    throw tooMuch()
  }
  const { clock, signal, waitMs = Infinity, progress } = options
  const challenge = ownBytes(given)
  const salt = workSalt(challenge, account, sha256)
  const begunMs = clock.monotonicMs()
  const tookMs = (): number => clock.monotonicMs() - begunMs
  let tried = 0
  let next = 0
  let solution: number | undefined
  const isOver = (): boolean =>
    solution !== undefined ||
    signal?.aborted === true ||
    next >= attempts * ATTEMPTS_FACTOR_MAX ||
    tookMs() >= Math.min(waitMs, lifetimeMs)
  const lane = async (): Promise<void> => {
    while (!isOver()) {
      const password = next++
      const hash = await attempt(salt, password)
      progress?.({ tried: ++tried, expected: attempts })
      if (isWorkDone(hash, attempts)) solution ??= password
    }
  }
  progress?.({ tried, expected: attempts })
  const lanes = Math.min(LANES_MAX, availableParallelism())
  await Promise.all(Array.from({ length: lanes }, lane))
  if (solution !== undefined) return { challenge, solution }
  if (signal?.aborted === true) throw new WorkStopped('stopped', { cause: signal.reason })
  if (tookMs() >= waitMs) throw new WorkStopped('its time is over', { cause: timedOut() })
  return undefined
}

function attempt(salt: Bytes, password: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(workPassword(password), salt, WORK_HASH_BYTES, WORK_SCRYPT, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}

function tooMuch(): PermissionError {
  return new PermissionError(
    'signup-work/too-much',
    'the relay wants more work for a new account than sotto does',
    { fix: 'Nothing was made. The relay is broken or dishonest, or this sotto too old for it.' },
  )
}

function timedOut(): UnavailableError {
  return new UnavailableError(
    'temporary/timeout',
    'the work that the relay wants for a new account was not done in time',
    { fix: 'Nothing was made. Try again, with a longer --timeout.' },
  )
}
