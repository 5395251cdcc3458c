import { decode, encode, wire, type Bytes } from '@sotto/protocol'
import { register } from '../accounts/register.js'
import { answerOf, httpStatus, refusal, type ErrorAnswer } from '../answers.js'
import type { Context } from '../context.js'
import type { Origin } from '../limits/network-address.js'
import { BodyTooLargeError } from './body.js'

export interface HttpAnswer {
  readonly status: number
  readonly body: Bytes
  /** Seconds; 0: says nothing about it. */
  readonly retryAfterS: number
}

/** `POST /v1/accounts`: a Register in the body, a Registered or an Error in the answer. */
export async function postAccount(
  context: Context,
  origin: Origin,
  readBody: () => Promise<Bytes>,
): Promise<HttpAnswer> {
  try {
    const request = decode(wire.RegisterSchema, await readBody())
    const registration = await register(context, origin, request)
    if (registration.kind === 'refused') return errorAnswer(registration.answer)
    const { route, certificate } = registration
    const body = encode(wire.RegisteredSchema, { route, certificate })
    return { status: 200, body, retryAfterS: 0 }
  } catch (thrown) {
    return errorAnswer(errorOf(context, thrown))
  }
}

function errorOf(context: Context, thrown: unknown): ErrorAnswer {
  if (thrown instanceof BodyTooLargeError) return refusal(wire.ErrorCode.TOO_LARGE)
  const answer = answerOf(thrown)
  if (answer.value.code === wire.ErrorCode.INTERNAL) context.log.error('request.broke', {})
  return answer
}

function errorAnswer({ value }: ErrorAnswer): HttpAnswer {
  const { code = wire.ErrorCode.INTERNAL, retryAfterMs = 0, work } = value
  return {
    status: httpStatus(code),
    body: encode(wire.ErrorSchema, { code, retryAfterMs, ...(work && { work }) }),
    retryAfterS: Math.ceil(retryAfterMs / 1000),
  }
}
