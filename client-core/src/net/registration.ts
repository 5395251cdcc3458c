import {
  decode,
  encode,
  openParameters,
  relayError,
  SottoError,
  wire,
  type Bytes,
  type Parameters,
  type Verify,
} from '@sotto/protocol'
import type { Transport } from '../ports.js'
import type { RegisterInit } from './requests.js'
import { unreachable } from './unreachable.js'

export const PARAMETERS_PATH = '/v1/parameters'
export const ACCOUNTS_PATH = '/v1/accounts'
export const EXCHANGE_MS_MAX = 30_000

/**
 * What the relay says of itself. The signature by `rootKey` is checked; whether that is the pinned
 * root key is the caller's to check. Throws `relay/unreachable`, `wire/malformed`, or what the
 * relay answered.
 */
export async function fetchParameters(options: {
  readonly origin: string
  readonly transport: Transport
  readonly verify: Verify
}): Promise<Parameters & { readonly rootKey: Bytes }> {
  const url = options.origin + PARAMETERS_PATH
  const answer = await options.transport.exchange({
    method: 'GET',
    url,
    timeoutMs: EXCHANGE_MS_MAX,
  })
  const signed = decode(wire.SignedParametersSchema, bodyOf(url, answer))
  return openParameters(signed, options.verify)
}

export type RegisterAnswer =
  | { readonly kind: 'registered'; readonly registered: wire.Registered }
  /** The relay does not know the account, and wants this done before it does. */
  | { readonly kind: 'work'; readonly work: wire.SignupWork }

/**
 * Makes the account known to its relay. The same request again gets the same answer, so if we die
 * before or after the answer, it is sent again. Throws `username/taken`,
 * `relay/registration-closed`, `signup-code/…`, `relay/rate-limited`, `relay/unreachable`.
 */
export async function register(options: {
  readonly origin: string
  readonly transport: Transport
  readonly request: RegisterInit
}): Promise<RegisterAnswer> {
  const url = options.origin + ACCOUNTS_PATH
  const answer = await options.transport.exchange({
    method: 'POST',
    url,
    body: encode(wire.RegisterSchema, options.request),
    timeoutMs: EXCHANGE_MS_MAX,
  })
  const work = answer.status === 200 ? undefined : errorIn(answer.body)?.work
  if (work !== undefined) return { kind: 'work', work }
  return { kind: 'registered', registered: decode(wire.RegisteredSchema, bodyOf(url, answer)) }
}

/** The body of a 200; else throws the error the relay named, or that this is no relay. */
function bodyOf(url: string, answer: { readonly status: number; readonly body: Bytes }): Bytes {
  if (answer.status === 200) return answer.body
  const error = errorIn(answer.body)
  throw error === undefined ? unreachable(url, { status: answer.status }) : relayError(error)
}

function errorIn(body: Bytes): wire.Error | undefined {
  try {
    const error = decode(wire.ErrorSchema, body)
    return error.code === wire.ErrorCode.UNSPECIFIED ? undefined : error
  } catch (thrown) {
    if (thrown instanceof SottoError) return undefined // A web server's page, not a relay's answer.
    throw thrown
  }
}
