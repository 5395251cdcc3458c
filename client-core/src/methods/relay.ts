import { asSottoError, equalBytes, errorObject } from '@sotto/protocol'
import { fetchParameters } from '../net/registration.js'
import type { RelayCheckObject } from '../check-objects.js'
import type { ErrorObject } from '../objects.js'
import { verify } from '../session/digest.js'
import { count, method } from './method.js'

export const relayMethods = {
  /** Opens the identified door and keeps it open; 0 tries once. Throws `relay/unreachable`. */
  'relay.connect': method(
    { timeoutMs: count },
    async ({ connection }, { timeoutMs }) => {
      await connection.whenOnline(timeoutMs)
      return {}
    },
    () => true,
  ),

  /** Resolves when everything that waited at the relay is committed here. */
  'relay.catchUp': method(
    {},
    async (open): Promise<Record<string, never>> => {
      open.connection.start()
      for (;;) {
        open.check()
        if (open.isCaughtUp()) return {}
        await open.changed.next()
      }
    },
    () => true,
  ),

  /** Whether the relay can be reached, is the one we know, and agrees about the time and our name. */
  'relay.check': method({ timeoutMs: count }, async ({ core, connection }, { timeoutMs }) => {
    const { relay, relayRoot } = core.account
    const { clock, transport } = core.ports
    const answer = (
      error: ErrorObject | null,
      { rootMatches = true, usernameIsOurs = true } = {},
    ): RelayCheckObject => {
      const skewMs = error === null ? clock.nowMs() - core.relayNowMs() : 0
      return { relay, error, rootMatches, usernameIsOurs, skewMs }
    }
    try {
      const { rootKey } = await fetchParameters({ origin: relay, transport, verify })
      if (!equalBytes(rootKey, relayRoot)) return answer(null, { rootMatches: false })
      await connection.whenOnline(timeoutMs)
      return answer(null, { usernameIsOurs: await connection.isUsernameOurs() })
    } catch (thrown) {
      return answer(errorObject(asSottoError(thrown)))
    }
  }),

  /**
   * Waits until due receipts and queued messages have been tried, at most `timeoutMs`; what is left
   * stays on disk. A one-shot command asks for it before it ends.
   */
  'relay.flush': method(
    { timeoutMs: count },
    async (open, { timeoutMs }) => {
      const { clock } = open.core.ports
      const untilMs = clock.monotonicMs() + timeoutMs
      open.worker.kick()
      while (!open.worker.isSettled() || !open.claims.isSettled()) {
        open.check()
        const leftMs = untilMs - clock.monotonicMs()
        if (leftMs <= 0) break
        await open.changed.nextWithin(leftMs, clock)
      }
      return {}
    },
    () => true,
  ),
}
