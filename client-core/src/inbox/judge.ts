import type { Core } from '../core.js'
import type { Delivered, Gap } from '../net/identified-door.js'
import { open, type Opened } from '../session/open.js'
import type { Stage } from '../session/stage.js'
import type { InboxCursor } from '../store/tables/inbox.js'
import { beginOpening, isWithin } from './opening.js'
import type { Unsealed, Unsealing } from './unsealing.js'

/** What came through the identified door. */
export type Arrived =
  | { readonly kind: 'envelope'; readonly delivered: Delivered }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'queue-empty' }

/** What is to be done about something that arrived. */
export type Verdict =
  | { readonly kind: 'known' }
  /** The relay gives out numbers a second time: it was put back from a backup and does not say so. */
  | { readonly kind: 'went-back'; readonly epoch: number; readonly arrivalMs: number }
  /** Seqs of a mailbox have no holes: what was left out without a word was withheld. */
  | {
      readonly kind: 'missing'
      readonly count: number
      /** When what stands behind the hole arrived. */
      readonly arrivalMs: number
    }
  | { readonly kind: 'gap'; readonly gap: Gap }
  /** Its opening has killed us too often: it is not opened again. */
  | { readonly kind: 'crashed'; readonly delivered: Delivered }
  | { readonly kind: 'judged'; readonly delivered: Delivered; readonly opened: Opened }

/** Where the mailbox begins is not known: of a hole before the first envelope nothing can be said. */
const NOWHERE: InboxCursor = { epoch: -1, seq: 0 }

type Item = Exclude<Arrived, { kind: 'queue-empty' }>

/** Opens what is new, in order, into the stage. Throws only faults of the store. */
export async function judge(
  core: Core,
  stage: Stage,
  { batch, unsealing }: { readonly batch: readonly Arrived[]; readonly unsealing: Unsealing },
) {
  const verdicts: Verdict[] = []
  let cursor: InboxCursor = core.store.read.inbox.cursor() ?? NOWHERE
  const items = batch.filter((arrived) => arrived.kind !== 'queue-empty')
  const noted = dangerous(core, items, cursor)
  const mayOpen = beginOpening(core, noted)
  const unsealed = await unsealing.begin(mayOpen ? noted : [])
  for (const item of items) {
    const { epoch, seq, arrivalMs } = placeOf(item)
    if (!isNew(item, cursor)) {
      const verdict = await judgeOld(core, stage, { item, mayOpen, unsealed })
      if (verdict.kind === 'judged' && verdict.opened.kind === 'opened') {
        verdicts.push({ kind: 'went-back', epoch, arrivalMs })
        cursor = { epoch, seq }
      }
      verdicts.push(verdict)
      continue
    }
    const count = withheldBefore(item, cursor)
    if (count > 0) verdicts.push({ kind: 'missing', count, arrivalMs })
    cursor = { epoch, seq }
    verdicts.push(await judgeNew(core, stage, { item, mayOpen, unsealed }))
  }
  const last = items.at(-1)
  return { verdicts, cursor, last: last === undefined ? undefined : placeOf(last) }
}

interface Judged {
  readonly item: Item
  readonly mayOpen: boolean
  readonly unsealed: Unsealed
}

async function judgeNew(
  core: Core,
  stage: Stage,
  { item, mayOpen, unsealed }: Judged,
): Promise<Verdict> {
  if (item.kind === 'gap') return { kind: 'gap', gap: item.gap }
  const { delivered } = item
  if (!mayOpen) return { kind: 'crashed', delivered }
  const opened = await openInto(core, stage, delivered, unsealed)
  core.ports.crashpoint('receive.opening')
  return { kind: 'judged', delivered, opened }
}

/**
 * Under a number that is behind us: redelivered, since our acknowledgement was lost, or else new,
 * under a number that a relay gives out for the second time. What was opened or quarantined before
 * is known. What was not is judged like any other, for the first messages after a relay went back may
 * be just those that do not open: it hands out one-time keys a second time. That the relay went back
 * is proven only by what opens; anybody can make up what does not. A relay that lies gains nothing:
 * what it makes up it can put under a new number as well.
 */
async function judgeOld(
  core: Core,
  stage: Stage,
  { item, mayOpen, unsealed }: Judged,
): Promise<Verdict> {
  if (item.kind === 'gap') return { kind: 'known' }
  const { delivered } = item
  if (core.store.read.inbox.isQuarantined(delivered)) return { kind: 'known' }
  if (!mayOpen) return { kind: 'crashed', delivered }
  const opened = await openInto(core, stage, delivered, unsealed)
  if (opened.kind === 'opened' && core.store.read.inbox.wasOpened(opened.digest))
    return { kind: 'known' }
  return { kind: 'judged', delivered, opened }
}

/**
 * Envelopes whose opening may kill us. After it has, those behind us that were not being opened then
 * are none of them, and must not be taken for the cause.
 */
function dangerous(
  { store }: Core,
  items: readonly Item[],
  cursor: InboxCursor,
): readonly Delivered[] {
  const suspects = store.read.inbox.opening()
  return items.flatMap((item) => {
    if (item.kind === 'gap') return []
    const { delivered } = item
    if (isNew(item, cursor)) return [delivered]
    const isSuspect = suspects === undefined || isWithin(suspects, delivered)
    return isSuspect && !store.read.inbox.isQuarantined(delivered) ? [delivered] : []
  })
}

function placeOf(item: Item): Delivered | Gap {
  return item.kind === 'gap' ? item.gap : item.delivered
}

function isNew(item: Item, cursor: InboxCursor): boolean {
  const { epoch, seq } = placeOf(item)
  return epoch !== cursor.epoch || seq > cursor.seq
}

/** A gap of expired envelopes stands in the place of the last of them. */
function withheldBefore(item: Item, cursor: InboxCursor): number {
  const { epoch, seq } = placeOf(item)
  if (epoch !== cursor.epoch) return 0
  const told = item.kind === 'gap' && item.gap.reason === 'expired' ? item.gap.count - 1 : 0
  return Math.max(0, seq - cursor.seq - 1 - told)
}

async function openInto(
  core: Core,
  stage: Stage,
  delivered: Delivered,
  unsealed: Unsealed,
): Promise<Opened> {
  const fork = stage.fork()
  const { body, arrivalMs } = delivered
  const opened = await open(fork, core.own, {
    ...{ body, arrivalMs },
    unsealed: await unsealed(delivered),
  })
  if (opened.kind === 'opened') stage.adopt(fork)
  return opened
}
