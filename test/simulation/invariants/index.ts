import { authorsTrue } from './authors.js'
import { noBug } from './bugs.js'
import { changesConverge } from './changes.js'
import { exactlyOnce } from './exactly-once.js'
import { firstInFirstOut } from './fifo.js'
import { storedOnce } from './idempotency.js'
import { journalTrue } from './journal.js'
import type { Invariant } from './invariant.js'
import { everythingOpens } from './opens.js'
import { everythingArrives, noTimerStays } from './peace.js'
import { invitesCounted, permitsOnce } from './permits.js'
import { prekeysOnce } from './prekeys.js'
import { refusalsAlike } from './refusals.js'
import { everybodyRecovers } from './recovery.js'
import { relayLearnsNothing } from './secrecy.js'
import { nothingGoesUnacknowledged, seqRises } from './sequence.js'
import { statusHonest } from './status.js'
import { typingPasses } from './typing.js'

/**
 * What must hold in every history. Where the relay lied, each says itself what that excuses. Not here, because it is not built: 7, group revisions; of 1 and 5
 * what linked devices and groups add; of 9 file names and group titles. Not here, because a
 * simulation cannot see it: of 8 the time a refusal takes and of 10 the bytes of a process, which
 * the benchmarks measure; of 9 logs and core dumps, which journeys search.
 */
export const INVARIANTS: readonly Invariant[] = [
  noBug,
  exactlyOnce,
  storedOnce,
  seqRises,
  firstInFirstOut,
  nothingGoesUnacknowledged,
  prekeysOnce,
  permitsOnce,
  invitesCounted,
  everythingOpens,
  refusalsAlike,
  relayLearnsNothing,
  authorsTrue,
  statusHonest,
  journalTrue,
  changesConverge,
  typingPasses,
  everythingArrives,
  everybodyRecovers,
  noTimerStays,
]
