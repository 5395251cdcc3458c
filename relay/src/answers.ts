import type { MessageInitShape } from '@bufbuild/protobuf'
import { InputError, ProtocolError, UnavailableError, wire } from '@sotto/protocol'
import { PRESSURE_RETRY_MS, UNAVAILABLE_RETRY_MS } from './limits/bounds.js'
import type { PrekeyCounts } from './store/port.js'

/** What answers a request: the body of a Result. */
export type Answer = NonNullable<MessageInitShape<typeof wire.ResultSchema>['kind']>
export type ErrorAnswer = Extract<Answer, { case: 'error' }>

const { ErrorCode } = wire

export const DONE: Answer = { case: 'done', value: {} }
/** Unknown, blocked and wrong look the same: this one answer, nothing in it. */
export const REFUSED = refusal(ErrorCode.REFUSED)
export const INVALID = refusal(ErrorCode.INVALID)
export const CONFLICT = refusal(ErrorCode.CONFLICT)
/** No permit that is good for this: forged, expired, spent on something else. */
export const PERMIT_REFUSED = refusal(ErrorCode.PERMIT)

/** The relay has too much to do, or too little room, for this just now. */
export const PRESSED = refusal(ErrorCode.UNAVAILABLE, PRESSURE_RETRY_MS)

export function refusal(code: wire.ErrorCode, retryAfterMs = 0): ErrorAnswer {
  return { case: 'error', value: { code, retryAfterMs } }
}

export function rateLimited(retryAfterMs: number): ErrorAnswer {
  return refusal(ErrorCode.RATE_LIMITED, retryAfterMs)
}

/** What a request that threw is answered with. Only codes cross the wire. */
export function answerOf(thrown: unknown): ErrorAnswer {
  if (thrown instanceof ProtocolError || thrown instanceof InputError) return INVALID
  if (thrown instanceof UnavailableError) {
    return refusal(ErrorCode.UNAVAILABLE, thrown.retryAfterMs ?? UNAVAILABLE_RETRY_MS)
  }
  return refusal(ErrorCode.INTERNAL)
}

export function prekeysAnswer(counts: PrekeyCounts): Answer {
  return { case: 'prekeys', value: { ...counts } }
}

const HTTP_STATUS: Readonly<Record<wire.ErrorCode, number>> = {
  [ErrorCode.UNSPECIFIED]: 500,
  [ErrorCode.REFUSED]: 403,
  [ErrorCode.UNAUTHENTICATED]: 401,
  [ErrorCode.NOT_FOUND]: 404,
  [ErrorCode.RATE_LIMITED]: 429,
  [ErrorCode.QUOTA]: 507,
  [ErrorCode.INVALID]: 400,
  [ErrorCode.TOO_LARGE]: 413,
  [ErrorCode.CONFLICT]: 409,
  [ErrorCode.VERSION]: 505,
  [ErrorCode.UNAVAILABLE]: 503,
  [ErrorCode.INTERNAL]: 500,
  [ErrorCode.REPLACED]: 409,
  [ErrorCode.REGISTRATION_CLOSED]: 403,
  [ErrorCode.CODE_UNKNOWN]: 403,
  [ErrorCode.CODE_EXPIRED]: 403,
  [ErrorCode.CODE_USED_UP]: 403,
  [ErrorCode.PERMIT]: 403,
  [ErrorCode.WORK]: 403,
}

/** The HTTP status that goes with an error code. */
export function httpStatus(code: wire.ErrorCode): number {
  return HTTP_STATUS[code]
}
