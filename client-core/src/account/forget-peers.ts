import type { Core } from '../core.js'

/**
 * What they sealed waits no longer than this: 30 days in our mailbox, 14 in their outbox, and a day in
 * which they seal in a session that nobody has answered.
 */
export const FORGOTTEN_MS_MAX = 60 * 24 * 60 * 60_000
/** At most so many at a time: each step is a commit of bounded size. */
const STEP_ACCOUNTS = 500

/**
 * Lets go sessions and keys of accounts that were forgotten long ago (a request that gave way, a contact
 * who was removed with all that was said): nothing that they sealed can come any more. What refuses
 * replays stays: `kyber_seen` as long as its key, and one-time keys are used up. In the lane, so that no
 * stage holds what goes. If we die between two steps, the next upkeep goes on.
 */
export async function forgetPeers(core: Core): Promise<void> {
  const beforeMs = Math.min(core.ports.clock.nowMs(), core.relayNowMs()) - FORGOTTEN_MS_MAX
  for (let more = core.store.read.peers.hasForgotten(beforeMs); more;) {
    await core.lane.run(async () => {
      core.store.transact((tx) => {
        tx.peers.letGo(beforeMs, STEP_ACCOUNTS)
      })
    })
    more = core.store.read.peers.hasForgotten(beforeMs)
  }
}
