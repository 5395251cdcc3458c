import type { MethodName, MethodParams, MethodResult } from '@sotto/client-core'
import type { SottoError } from '@sotto/protocol'

import type { Call } from './effect.js'

/** What the core answered to an `ask`, beside what it was asked. */
export type Answer = {
  readonly [Name in MethodName]: {
    readonly method: Name
    readonly params: MethodParams<Name>
    readonly result: MethodResult<Name>
  }
}[MethodName]

/** What the core would not or could not do. */
export interface Refusal {
  readonly call: Call
  readonly error: SottoError
}

/** How something that was asked from an overlay stands. */
export type Asked =
  | { readonly state: 'idle' }
  | { readonly state: 'waiting' }
  | { readonly state: 'refused'; readonly error: SottoError }

export const IDLE: Asked = { state: 'idle' }
export const WAITING: Asked = { state: 'waiting' }
