import { assert } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Delivered } from '../net/identified-door.js'
import type { Opened } from '../session/open.js'
import type { Transactor } from '../store/store.js'
import { apply } from './apply.js'
import type { Verdict } from './judge.js'
import { quarantine } from './quarantine.js'

/** Writes what follows from a verdict; part of the transaction that moves the cursor past it. */
export function commitVerdict(tx: Transactor, core: Core, verdict: Verdict): void {
  switch (verdict.kind) {
    case 'known':
      return
    case 'missing':
      recordGap(tx, core, { count: verdict.count, reason: 'missing' })
      return
    case 'gap':
      recordGap(tx, core, { count: verdict.gap.count, reason: verdict.gap.reason })
      return
    case 'crashed':
      quarantine(tx, core, verdict.delivered, { reason: 'crashed' })
      return
    case 'judged':
      commitOpened(tx, core, verdict.delivered, verdict.opened)
      return
  }
}

export function isRefused(verdict: Verdict): boolean {
  assert(verdict.kind !== 'judged' || verdict.delivered.seq > 0, 'seqs begin at 1')
  return verdict.kind === 'judged' && verdict.opened.kind === 'refused'
}

function commitOpened(tx: Transactor, core: Core, delivered: Delivered, opened: Opened): void {
  if (opened.kind === 'blocked') return
  const { arrivalMs, stranger } = delivered
  // The same ratchet message once more, whatever became of its keys since, is nothing new.
  const digest = opened.kind === 'opened' ? opened.digest : opened.unread?.digest
  if (digest !== undefined && tx.inbox.wasOpened(digest)) return
  switch (opened.kind) {
    case 'opened':
      tx.inbox.noteOpened(opened.digest, core.relayNowMs())
      apply(tx, core, { opened, arrivalMs, stranger })
      return
    case 'duplicate':
      // Another one under a key that was used: its author's device has lost its memory, and goes on
      // losing messages until it is told.
      if (opened.unread === undefined) return
      quarantine(tx, core, delivered, { reason: 'ratchet', unread: opened.unread })
      return
    case 'refused':
      quarantine(tx, core, delivered, opened)
      return
  }
}

function recordGap(
  tx: Transactor,
  core: Core,
  gap: { readonly count: number; readonly reason: 'quota' | 'expired' | 'missing' },
): void {
  tx.record({ type: 'gap', detail: gap })
  core.ports.log.warn('inbox.gap', { count: gap.count })
}
