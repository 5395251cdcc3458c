import type { Client } from '@sotto/client-core'

import type { Line } from '../lines.js'
import type { Output } from '../print/output.js'
import type { Choice } from './choice.js'

export type ReceivingClient = Pick<Client, 'call' | 'subscribe'>

export interface ReceiveOptions {
  readonly client: ReceivingClient
  readonly output: Output
  readonly choice: Choice
  /** Whose cursor it is. */
  readonly consumer: string
  /** Print what came after this seq, wherever the cursor stands; undefined: what comes after that. */
  readonly since: number | undefined
  /** Lines that acknowledge by hand; undefined: what was handed over is acknowledged. */
  readonly acknowledgements: AsyncIterable<Line> | undefined
  /** Stop after printing so many. */
  readonly max: number | undefined
  /** Wait that long for more: 0 only for what waits at the relay, Infinity for ever. */
  readonly waitMs: number
  /** Try that long to reach the relay. */
  readonly connectMs: number
  readonly nowMs: () => number
}
