import { WIRE_VERSION_MAX, WIRE_VERSION_MIN, encode, wire, type Bytes } from '@sotto/protocol'
import type { Context } from '../context.js'
import { wireLimits } from '../limits/limits.js'

/** The first frame on either door; the anonymous one has no nonce. */
export function helloFrame(
  context: Context,
  challenge: { readonly nonce: Bytes; readonly timeMs: number },
): Bytes {
  return encode(wire.RelayFrameSchema, {
    kind: {
      case: 'hello',
      value: {
        versionMin: WIRE_VERSION_MIN,
        versionMax: WIRE_VERSION_MAX,
        timeMs: BigInt(challenge.timeMs),
        nonce: challenge.nonce,
        limits: wireLimits(context.limits),
      },
    },
  })
}
