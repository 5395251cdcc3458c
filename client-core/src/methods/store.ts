import { forgetPeers } from '../account/forget-peers.js'
import { forgetOld } from '../account/upkeep.js'
import { purgeJournal } from '../account/purge-journal.js'
import { timestamp } from '../times.js'
import type { StoreCheckObject } from '../check-objects.js'
import type { StoreGcObject, StoreStatsObject } from '../objects.js'
import { flag, method, optional } from './method.js'

export const storeMethods = {
  /** How much is stored, and how much of the disk that takes. */
  'store.stats': method({}, ({ core: { store } }): StoreStatsObject => {
    const { oldestMs, ...counts } = store.read.counts.all()
    return {
      ...counts,
      ...store.condition.sizes(),
      oldestMessageAt: oldestMs === null ? null : timestamp(oldestMs),
    }
  }),

  /**
   * Forgets what nobody needs any more (old events that every consumer has passed, remembered send
   * keys, copies of what was sent, sessions of who was forgotten) and gives the space back. No message goes.
   */
  'store.gc': method({}, async ({ core }): Promise<StoreGcObject> => {
    const { condition } = core.store
    const before = condition.sizes()
    const eventsForgotten = purgeJournal(core)
    forgetOld(core)
    await forgetPeers(core)
    const vacuumed = condition.compact()
    const after = condition.sizes()
    return {
      bytesBefore: before.databaseBytes + before.walBytes,
      bytesAfter: after.databaseBytes + after.walBytes,
      eventsForgotten,
      vacuumed,
    }
  }),

  /** Lets go of what was read and is kept in memory to be quick: for a screen that is locked. */
  'store.forgetRead': method({}, ({ core }): Record<string, never> => {
    core.store.forgetRead()
    return {}
  }),

  /** Whether the store is whole. `fix` empties the write-ahead log and remakes a bad search index. */
  'store.check': method({ fix: optional(flag) }, ({ core }, { fix }): StoreCheckObject => {
    const { condition, read } = core.store
    const found = condition.faults()
    if (fix === true && found.search) condition.rebuildSearch()
    if (fix === true) condition.checkpoint()
    const faults = fix === true && found.search ? condition.faults() : found
    const { queued, quarantined } = read.counts.all()
    return {
      fileFaults: faults.file,
      searchIsWhole: !faults.search,
      repaired: found.search && !faults.search,
      queued,
      stuck: read.counts.stuck(),
      quarantined,
      oneTimePrekeys: read.counts.oneTimePrekeys(),
      certificateExpiresAt: expiry(read.account.certificate()?.expiresMs),
    }
  }),
}

function expiry(expiresMs: number | undefined): string | null {
  return expiresMs === undefined ? null : timestamp(expiresMs)
}
