import type { Client } from '@sotto/client-core'

import type { Output } from '../print/output.js'
import type { Choice } from './choice.js'

export type ReceivingClient = Pick<Client, 'call' | 'subscribe'>

export interface ReceiveOptions {
  readonly client: ReceivingClient
  readonly output: Output
  readonly choice: Choice
  /** Stop after printing so many. */
  readonly max: number | undefined
  /** Wait that long for more: 0 only for what waits at the relay, Infinity for ever. */
  readonly waitMs: number
  /** Try that long to reach the relay. */
  readonly connectMs: number
  readonly nowMs: () => number
}
