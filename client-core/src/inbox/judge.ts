import type { Core } from '../core.js'
import type { Delivered, Gap } from '../net/identified-door.js'
import { open, type Opened } from '../session/open.js'
import type { Stage } from '../session/stage.js'
import type { InboxCursor } from '../store/tables/inbox.js'
import { beginOpening } from './opening.js'

/** What came through the identified door. */
export type Arrived =
  | { readonly kind: 'envelope'; readonly delivered: Delivered }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'queue-empty' }

/** What is to be done about something that arrived. */
export type Verdict =
  | { readonly kind: 'known' }
  /** Seqs of a mailbox have no holes: what was left out without a word was withheld. */
  | { readonly kind: 'missing'; readonly count: number }
  | { readonly kind: 'gap'; readonly gap: Gap }
  /** Its opening has killed us too often: it is not opened again. */
  | { readonly kind: 'crashed'; readonly delivered: Delivered }
  | { readonly kind: 'judged'; readonly delivered: Delivered; readonly opened: Opened }

/** Where the mailbox begins is not known: of a hole before the first envelope nothing can be said. */
const NOWHERE: InboxCursor = { epoch: -1, seq: 0 }

type Item = Exclude<Arrived, { kind: 'queue-empty' }>

/** Opens what is new, in order, into the stage. Throws only faults of the store. */
export async function judge(core: Core, stage: Stage, batch: readonly Arrived[]) {
  const verdicts: Verdict[] = []
  let cursor: InboxCursor = core.store.read.inbox.cursor() ?? NOWHERE
  const items = batch.filter((arrived) => arrived.kind !== 'queue-empty')
  const mayOpen = beginOpening(core, newEnvelopes(items, cursor))
  for (const item of items) {
    const { epoch, seq } = placeOf(item)
    if (!isNew(item, cursor)) {
      verdicts.push({ kind: 'known' })
      continue
    }
    const count = withheldBefore(item, cursor)
    if (count > 0) verdicts.push({ kind: 'missing', count })
    cursor = { epoch, seq }
    verdicts.push(await judgeNew(core, stage, { item, mayOpen }))
  }
  const last = items.at(-1)
  return { verdicts, cursor, last: last === undefined ? undefined : placeOf(last) }
}

async function judgeNew(
  core: Core,
  stage: Stage,
  { item, mayOpen }: { readonly item: Item; readonly mayOpen: boolean },
): Promise<Verdict> {
  if (item.kind === 'gap') return { kind: 'gap', gap: item.gap }
  const { delivered } = item
  if (!mayOpen) return { kind: 'crashed', delivered }
  return { kind: 'judged', delivered, opened: await openInto(core, stage, delivered) }
}

function newEnvelopes(items: readonly Item[], cursor: InboxCursor): readonly Delivered[] {
  return items.flatMap((item) =>
    item.kind === 'envelope' && isNew(item, cursor) ? [item.delivered] : [],
  )
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

async function openInto(core: Core, stage: Stage, delivered: Delivered): Promise<Opened> {
  const fork = stage.fork()
  const opened = await open(fork, core.own, delivered)
  core.ports.crashpoint('receive.opening')
  if (opened.kind === 'opened') stage.adopt(fork)
  return opened
}
