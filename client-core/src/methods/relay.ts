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
