import type { Core } from '../core.js'
import { PURGE_ROWS_MAX } from '../store/tables/journal.js'

const DAY_MS = 24 * 60 * 60_000

/** Once a day: events that nobody needs any more are forgotten. */
export function purgeDaily(core: Core): void {
  const sinceMs = core.ports.clock.nowMs() - core.store.read.journal.purged().atMs
  if (sinceMs < 0 || sinceMs > DAY_MS) purgeJournal(core)
}

/**
 * Forgets what the journal need not keep, in steps of bounded size, and answers how many events
 * went. A clock that is ahead makes nothing old: the relay's counts where it is behind ours. If we
 * die between two steps, the next purge goes on.
 */
export function purgeJournal(core: Core): number {
  const nowMs = Math.min(core.ports.clock.nowMs(), core.relayNowMs())
  for (let total = 0; ;) {
    const purged = core.store.transact((tx) => tx.journal.purge(nowMs))
    total += purged
    if (purged < PURGE_ROWS_MAX) return total
  }
}
