import { assert, asSottoError, type Bytes, type SottoError } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Delivered, Gap } from '../net/identified-door.js'
import { open, type Opened } from '../session/open.js'
import { Stage } from '../session/stage.js'
import type { Transactor } from '../store/store.js'
import type { InboxCursor } from '../store/tables/inbox.js'
import { apply } from './apply.js'

/** Opened and committed together at most; the relay's window bounds what waits. */
const BATCH_MAX = 64

type Arrived =
  | { readonly kind: 'envelope'; readonly delivered: Delivered }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'queue-empty' }

/**
 * What the relay delivered, in order: open in a stage, commit ratchets, messages and cursor in one
 * transaction, then acknowledge, then tell. If we die before the commit the relay delivers again;
 * if we die before the acknowledgement, what comes again is recognised by the cursor.
 */
export class Inbox {
  readonly #core: Core
  readonly #fatal: (error: SottoError) => void
  readonly #caughtUp: () => void
  #waiting: Arrived[] = []
  #working: Promise<void> | undefined
  #stopped = false

  constructor(options: {
    readonly core: Core
    /** Everything that waited at the relay when we connected is committed. */
    readonly caughtUp: () => void
    /** The store cannot be used: nothing was acknowledged. */
    readonly fatal: (error: SottoError) => void
  }) {
    this.#core = options.core
    this.#caughtUp = options.caughtUp
    this.#fatal = options.fatal
  }

  deliver(delivered: Delivered): void {
    this.#arrive({ kind: 'envelope', delivered })
  }

  gap(gap: Gap): void {
    this.#arrive({ kind: 'gap', gap })
  }

  queueEmpty(): void {
    this.#arrive({ kind: 'queue-empty' })
  }

  /** The socket is gone: what it brought and was not begun comes again on the next. */
  disconnected(): void {
    this.#waiting = []
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#waiting = []
    await this.#working
  }

  #arrive(arrived: Arrived): void {
    if (this.#stopped) return
    this.#waiting.push(arrived)
    this.#working ??= this.#work()
      .catch((thrown: unknown) => {
        this.#stopped = true
        this.#fatal(asSottoError(thrown))
      })
      .finally(() => {
        this.#working = undefined
      })
  }

  async #work(): Promise<void> {
    // A moment for the rest of what one read from the socket brought: one commit for all of it.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX)
      await this.#core.lane.run(() => receive(this.#core, batch))
      if (batch.some((arrived) => arrived.kind === 'queue-empty')) this.#caughtUp()
    }
  }
}

type Verdict =
  | { readonly kind: 'known' }
  /** Seqs of a mailbox have no holes: what was left out without a word was withheld. */
  | { readonly kind: 'missing'; readonly count: number }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'judged'; readonly delivered: Delivered; readonly opened: Opened }

async function receive(core: Core, batch: readonly Arrived[]): Promise<void> {
  const stage = new Stage(core.store.read)
  const { verdicts, cursor, last } = await judge(core, stage, batch)
  if (last === undefined) return
  core.ports.crashpoint('receive.opened')
  const nowMs = core.ports.clock.nowMs()
  core.store.transact((tx) => {
    stage.commit(tx, nowMs)
    for (const verdict of verdicts) commitVerdict(tx, core, verdict)
    tx.inbox.moveCursor(cursor)
  })
  if (verdicts.some(isRefused)) core.ports.crashpoint('receive.quarantined')
  core.ports.crashpoint('receive.committed')
  last.acknowledge()
  core.ports.crashpoint('receive.acknowledged')
}

/** Opens what is new, in order, into the stage. */
async function judge(core: Core, stage: Stage, batch: readonly Arrived[]) {
  const verdicts: Verdict[] = []
  let cursor: InboxCursor = core.store.read.inbox.cursor() ?? { epoch: 0, seq: 0 }
  let last: { readonly acknowledge: () => void } | undefined
  for (const arrived of batch) {
    if (arrived.kind === 'queue-empty') continue
    const item = arrived.kind === 'gap' ? arrived.gap : arrived.delivered
    last = item
    if (item.epoch === cursor.epoch && item.seq <= cursor.seq) {
      verdicts.push({ kind: 'known' })
      continue
    }
    const count = withheldBefore(arrived, item, cursor)
    if (count > 0) verdicts.push({ kind: 'missing', count })
    cursor = { epoch: item.epoch, seq: item.seq }
    if (arrived.kind === 'gap') verdicts.push({ kind: 'gap', gap: arrived.gap })
    else
      verdicts.push({
        kind: 'judged',
        delivered: arrived.delivered,
        opened: await openInto(core, stage, arrived.delivered),
      })
  }
  return { verdicts, cursor, last }
}

/** A gap of expired envelopes stands in the place of the last of them. */
function withheldBefore(
  arrived: Exclude<Arrived, { kind: 'queue-empty' }>,
  item: InboxCursor,
  cursor: InboxCursor,
): number {
  if (item.epoch !== cursor.epoch || cursor.seq === 0) return 0
  const told =
    arrived.kind === 'gap' && arrived.gap.reason === 'expired' ? arrived.gap.count - 1 : 0
  return Math.max(0, item.seq - cursor.seq - 1 - told)
}

async function openInto(core: Core, stage: Stage, delivered: Delivered): Promise<Opened> {
  const fork = stage.fork()
  const opened = await open(fork, core.own, delivered)
  if (opened.kind === 'opened') stage.adopt(fork)
  return opened
}

function commitVerdict(tx: Transactor, core: Core, verdict: Verdict): void {
  if (verdict.kind === 'known') return
  if (verdict.kind === 'missing') {
    recordGap(tx, core, { count: verdict.count, reason: 'missing' })
    return
  }
  if (verdict.kind === 'gap') {
    recordGap(tx, core, { count: verdict.gap.count, reason: verdict.gap.reason })
    return
  }
  const { delivered, opened } = verdict
  switch (opened.kind) {
    case 'duplicate':
      return
    case 'opened':
      apply(tx, core, { opened, arrivalMs: delivered.arrivalMs })
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

/** Kept whole and acknowledged: it never blocks the mailbox and is never hidden. */
function quarantine(
  tx: Transactor,
  core: Core,
  delivered: Delivered,
  refused: Extract<Opened, { kind: 'refused' }>,
): void {
  const body: Bytes = delivered.body
  tx.inbox.quarantine({
    epoch: delivered.epoch,
    seq: delivered.seq,
    arrivalMs: delivered.arrivalMs,
    account: refused.claimed?.account ?? null,
    device: refused.claimed?.device ?? null,
    reason: refused.reason,
    body,
  })
  core.ports.log.warn('inbox.quarantined', { bytes: body.length })
  // The certificate proves nothing: only a contact's claim is shown with a name.
  const claimed =
    refused.claimed === undefined ? undefined : tx.contacts.byAccount(refused.claimed.account)
  if (claimed?.trust === 'known' && refused.claimed !== undefined) {
    const { account, device } = refused.claimed
    tx.record({ type: 'message.undecryptable', account, device, detail: { reason: UNOPENED } })
  } else {
    tx.record({ type: 'message.undecryptable', detail: { reason: UNOPENED } })
  }
}

const UNOPENED = 'could not be opened'

function isRefused(verdict: Verdict): boolean {
  assert(verdict.kind !== 'judged' || verdict.delivered.seq > 0, 'seqs begin at 1')
  return verdict.kind === 'judged' && verdict.opened.kind === 'refused'
}
