import { StorageError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import type { InboxCursor, Opening } from '../store/tables/inbox.js'

/** Opened and committed together at most: half of the relay's window, so that the other is on its way. */
const BATCH_MAX = 128
/** An envelope whose opening has killed us this often is not opened again. */
const ATTEMPTS_MAX = 3

/**
 * How many of what waits may be opened together. After a death while opening: one at a time, until
 * we are past what was being opened then, for one of them may have been the cause.
 */
export function openedTogether(core: Core): number {
  return core.store.read.inbox.opening() === undefined ? BATCH_MAX : 1
}

/**
 * Notes that these are being opened, so that a death can be laid at their door. False: they have
 * killed us too often already.
 */
export function beginOpening(core: Core, envelopes: readonly InboxCursor[]): boolean {
  const [first, last] = [envelopes[0], envelopes.at(-1)]
  if (first === undefined || last === undefined) return true
  const before = core.store.read.inbox.opening()
  const isSuspect = before !== undefined && isWithin(before, first)
  const attempts = isSuspect ? attemptsOf(before, first) : 0
  if (attempts >= ATTEMPTS_MAX) return false
  const through = isSuspect ? before.through : last.seq
  core.store.note((tx) => {
    const { epoch, seq } = first
    tx.inbox.saveOpening({ epoch, seq, through, attempts: attempts + 1 })
  })
  return true
}

/** Part of the commit: everything up to `last` was opened or given up, and we live. */
export function endOpening(tx: Transactor, last: InboxCursor): void {
  const opening = tx.inbox.opening()
  if (opening === undefined) return
  if (opening.epoch === last.epoch && last.seq < opening.seq) return // Known long ago.
  if (isWithin(opening, last) && last.seq < opening.through)
    tx.inbox.saveOpening({ ...opening, seq: last.seq + 1, attempts: 1 })
  else tx.inbox.clearOpening()
}

/** The store failed us while they were being opened: that attempt does not count. */
export function restoreOpening(core: Core, before: Opening | undefined): void {
  try {
    core.store.note((tx) => {
      if (before === undefined) tx.inbox.clearOpening()
      else tx.inbox.saveOpening(before)
    })
  } catch (thrown) {
    if (!(thrown instanceof StorageError)) throw thrown // The fault is told already.
  }
}

/** Whether an envelope was among those that were being opened. */
export function isWithin(opening: Opening, { epoch, seq }: InboxCursor): boolean {
  return opening.epoch === epoch && seq >= opening.seq && seq <= opening.through
}

/** Those behind the first were being opened with it, once. */
function attemptsOf(opening: Opening, { seq }: InboxCursor): number {
  return seq === opening.seq ? opening.attempts : 1
}
