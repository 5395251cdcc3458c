import type { EventObject, HistoryObject, MessageStatus } from '@sotto/client-core'
import fc from 'fast-check'
import { test } from 'tap'

import type { UiState } from '../../src/model/state.js'
import {
  answered,
  chatOf,
  conversationId,
  EVENT,
  feed,
  line,
  lines,
  NOW_MS,
  opening,
  press,
  scene,
} from './scene.js'

type Stored = readonly HistoryObject[]

/** Something that happens to the store; `from` the end of it, where nearly everything happens. */
interface Change {
  readonly kind: 'comes' | 'advances' | 'moves' | 'goes'
  readonly from: number
}

interface Moment {
  readonly changes: readonly Change[]
  /** How many of them the screen has heard of when it asks; of the others it hears with the next. */
  readonly heard: number
  readonly key: 'page-up' | 'page-down' | 'ctrl+end' | undefined
}

const moments = fc.array(
  fc.record({
    changes: fc.array(
      fc.record<Change>({
        kind: fc.constantFrom('comes', 'comes', 'comes', 'advances', 'moves', 'goes'),
        from: fc.nat(12),
      }),
      { maxLength: 6 },
    ),
    heard: fc.nat(6),
    key: fc.constantFrom('page-up', 'page-down', 'ctrl+end', undefined, undefined),
  }),
  { maxLength: 12 },
)

/** The store after a change, and what is told of it. */
function changed(stored: Stored, { kind, from }: Change, number: number): [Stored, EventObject] {
  const at = Math.max(0, stored.length - 1 - from)
  const old = stored[at]
  if (kind === 'comes' || old === undefined) {
    const came = line(number, { own: number % 3 === 0 })
    const place = from > 8 ? at : stored.length
    return [stored.toSpliced(place, 0, came), { ...EVENT, type: 'message.received', ...came }]
  }
  const status: MessageStatus = kind === 'goes' ? 'failed' : 'delivered'
  const { id } = old.message
  const event: EventObject = {
    ...{ ...EVENT, type: 'message.status', conversation: old.conversation },
    message: { id, status },
  }
  const without = stored.toSpliced(at, 1)
  if (kind === 'goes') return [without, event]
  const now = { ...old, message: { ...old.message, status, text: `advanced ${String(number)}` } }
  return [without.toSpliced(kind === 'moves' ? Math.max(0, at - 2) : at, 0, now), event]
}

async function lived(happened: readonly Moment[]): Promise<{ state: UiState; stored: Stored }> {
  let stored: Stored = lines(1, 150)
  let number = stored.length
  let { state } = await answered(opening(scene(), conversationId(1)), stored)
  let untold: EventObject[] = []
  for (const { changes, heard, key } of [...happened, { changes: [], heard: 0, key: undefined }]) {
    const events = untold
    untold = []
    for (const [index, change] of changes.entries()) {
      const [next, event] = changed(stored, change, ++number)
      stored = next
      if (index < heard) events.push(event)
      else untold.push(event)
    }
    const told = feed(state, { kind: 'events', events, nowMs: NOW_MS })
    ;({ state } = await answered(told, stored))
    if (key !== undefined) ({ state } = await answered(press(state, key), stored))
  }
  return { state, stored }
}

test('once all is told, what is loaded is what is stored: in its order, without a hole, as it is now', async (t) => {
  await fc.assert(
    fc.asyncProperty(moments, async (happened) => {
      const { state, stored } = await lived(happened)
      const { entries, atStart, atEnd } = chatOf(state)
      const loaded = entries.map(({ object }) => object)
      const first = stored.findIndex(({ message }) => message.id === entries[0]?.id)
      const end = first + loaded.length
      t.strictSame(loaded, stored.slice(first, end))
      if (atStart) t.equal(first, 0)
      if (atEnd) t.equal(end, stored.length)
    }),
    { numRuns: 60 },
  )
})
