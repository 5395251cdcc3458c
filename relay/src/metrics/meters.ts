import { wire } from '@sotto/protocol'
import type { Answer } from '../answers.js'
import type { DoorName } from '../socket/door-name.js'

/** What a request came to: the code of its error, or that it was done. */
export type AnswerOutcome = (typeof OUTCOMES)[wire.ErrorCode] | 'done'

/**
 * What the relay counts as it works. Numbers only: nothing that goes in here names anybody, so that
 * nothing that comes out can.
 */
export interface Meters {
  /** Milliseconds by a clock of its own that only goes forwards; for `tookMs` below. */
  nowMs(): number
  opened(door: DoorName): void
  closed(door: DoorName): void
  answered(answer: Answer, tookMs: number): void
  accepted(envelopes: number, bytes: number): void
  delivered(bytes: number): void
  /** A device logged in, and so many envelopes waited for it. */
  foundWaiting(envelopes: number): void
  committed(operations: number, tookMs: number): void
}

const nothing = (): void => undefined

export const SILENT_METERS: Meters = {
  nowMs: () => 0,
  opened: nothing,
  closed: nothing,
  answered: nothing,
  accepted: nothing,
  delivered: nothing,
  foundWaiting: nothing,
  committed: nothing,
}

const { ErrorCode } = wire
const OUTCOMES = {
  [ErrorCode.UNSPECIFIED]: 'unspecified',
  [ErrorCode.REFUSED]: 'refused',
  [ErrorCode.UNAUTHENTICATED]: 'unauthenticated',
  [ErrorCode.NOT_FOUND]: 'not-found',
  [ErrorCode.RATE_LIMITED]: 'rate-limited',
  [ErrorCode.QUOTA]: 'quota',
  [ErrorCode.INVALID]: 'invalid',
  [ErrorCode.TOO_LARGE]: 'too-large',
  [ErrorCode.CONFLICT]: 'conflict',
  [ErrorCode.VERSION]: 'version',
  [ErrorCode.UNAVAILABLE]: 'unavailable',
  [ErrorCode.INTERNAL]: 'internal',
  [ErrorCode.REPLACED]: 'replaced',
  [ErrorCode.REGISTRATION_CLOSED]: 'registration-closed',
  [ErrorCode.CODE_UNKNOWN]: 'code-unknown',
  [ErrorCode.CODE_EXPIRED]: 'code-expired',
  [ErrorCode.CODE_USED_UP]: 'code-used-up',
  [ErrorCode.PERMIT]: 'permit',
  [ErrorCode.WORK]: 'work',
} as const satisfies Readonly<Record<wire.ErrorCode, string>>

export const ANSWER_OUTCOMES: readonly AnswerOutcome[] = ['done', ...Object.values(OUTCOMES)]

export function outcomeOf(answer: Answer): AnswerOutcome {
  return answer.case === 'error' ? OUTCOMES[answer.value.code ?? ErrorCode.UNSPECIFIED] : 'done'
}
