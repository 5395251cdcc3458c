import { assert } from '@sotto/protocol'
import { noteRestored } from '../account/relay-restored.js'
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
    case 'went-back':
      noteRestored(tx, core, { epoch: verdict.epoch, atMs: verdict.arrivalMs })
      return
    case 'missing':
      recordGap(tx, core, { ...verdict, reason: 'missing' })
      return
    case 'gap':
      recordGap(tx, core, verdict.gap)
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
  if (verdict.kind === 'crashed') return true
  return verdict.kind === 'judged' && verdict.opened.kind === 'refused'
}

function commitOpened(tx: Transactor, core: Core, delivered: Delivered, opened: Opened): void {
  if (opened.kind === 'blocked') return
  const { arrivalMs, stranger } = delivered
  switch (opened.kind) {
    case 'opened':
      if (!tx.inbox.noteOpened(opened.digest, core.relayNowMs())) return // An error, replayed.
      apply(tx, core, { opened, arrivalMs, stranger })
      return
    case 'duplicate':
      // Another one under a key that was used: its author's device has lost its memory, and goes on
      // losing messages until it is told.
      if (opened.unread === undefined || isReplay(tx, opened)) return
      quarantine(tx, core, delivered, { reason: 'ratchet', unread: opened.unread })
      return
    case 'refused':
      if (isReplay(tx, opened)) return
      quarantine(tx, core, delivered, opened)
      return
  }
}

type Unopened = Extract<Opened, { kind: 'duplicate' | 'refused' }>

/** The same ratchet message once more, whatever became of its keys since, is nothing new. */
function isReplay(tx: Transactor, { unread }: Unopened): boolean {
  return unread !== undefined && tx.inbox.wasOpened(unread.digest)
}

function recordGap(
  tx: Transactor,
  core: Core,
  gap: {
    readonly count: number
    readonly reason: 'quota' | 'expired' | 'missing'
    readonly arrivalMs: number
  },
): void {
  const { count, reason, arrivalMs } = gap
  tx.record({ type: 'gap', detail: { count, reason } })
  tx.timeline.add({ account: null, atMs: arrivalMs, happening: { kind: 'gap', reason }, count })
  core.ports.log.warn('inbox.gap', { count })
}
