import fc from 'fast-check'
import { test } from 'tap'
import type { MessageStatus } from '../../src/objects.js'
import {
  isAdvance,
  placeAfter,
  placeBefore,
  placeOf,
  type FailureDetail,
  type Place,
  type StoredMessage,
} from '../../src/store/tables/messages.js'
import { add, ALICE, beginStore, BOB, CONVERSATION, messageId, messageOf } from './scene.js'

const PROPERTY_RUNS = 50

function bodies(messages: readonly StoredMessage[]): readonly (string | null)[] {
  return messages.map(({ body }) => body)
}

test('messages stand by arrival, then author, then id', (t) => {
  const { store } = beginStore(t)
  add(
    store,
    messageOf(3, { arrivalMs: 20, body: 'fourth' }),
    messageOf(2, { arrivalMs: 10, body: 'third' }),
    messageOf(1, { arrivalMs: 10, body: 'second' }),
    messageOf(9, { arrivalMs: 10, author: ALICE, body: 'first' }),
  )
  const page = store.read.messages.page({ conversation: CONVERSATION, limit: 10 })
  t.same(bodies(page), ['first', 'second', 'third', 'fourth'])
  t.end()
})

test('what waits stands last, in the order in which it was written, until the relay has it', (t) => {
  const { store } = beginStore(t)
  const expired: FailureDetail = {
    ...{ code: 'message/expired', message: '', fix: '', exit: 69, retryable: false },
    retryAfterMs: null,
  }
  add(
    store,
    ...[1, 2, 3].map((n) => messageOf(n, { author: ALICE, status: 'queued', arrivalMs: 10 })),
    messageOf(4, { arrivalMs: 20 }),
  )
  const page = (): readonly (string | null)[] =>
    bodies(store.read.messages.page({ conversation: CONVERSATION, limit: 9 }))
  t.same(page(), ['text 4', 'text 1', 'text 2', 'text 3'])
  store.transact((tx) => {
    tx.messages.setArrival(ALICE, messageId(1), 30)
    tx.messages.advance(ALICE, messageId(1), 'accepted')
  })
  t.same(page(), ['text 4', 'text 1', 'text 2', 'text 3'])
  store.transact((tx) => {
    tx.messages.fail(ALICE, messageId(2), expired)
    tx.messages.setArrivalAfterSent(ALICE, messageId(2))
  })
  t.same(page(), ['text 4', 'text 1', 'text 2', 'text 3'], 'what failed stays behind what was sent')
  t.equal(store.read.messages.last(CONVERSATION)?.id, messageId(3))
  t.same(
    bodies(
      store.read.messages.page({ conversation: CONVERSATION, limit: 2, after: placeAfter(25) }),
    ),
    ['text 1', 'text 2'],
  )
  t.end()
})

test('a page is the latest of its range, oldest first; with after alone, the earliest', (t) => {
  const { store } = beginStore(t)
  add(store, messageOf(1), messageOf(2), messageOf(3), messageOf(4), messageOf(5))
  const page = (range: { readonly before?: Place; readonly after?: Place }) =>
    bodies(store.read.messages.page({ conversation: CONVERSATION, limit: 2, ...range }))
  t.same(page({}), ['text 4', 'text 5'])
  t.same(page({ before: placeOf(messageOf(4)) }), ['text 2', 'text 3'])
  t.same(page({ after: placeOf(messageOf(2)) }), ['text 3', 'text 4'])
  t.same(page({ after: placeOf(messageOf(1)), before: placeOf(messageOf(5)) }), [
    'text 3',
    'text 4',
  ])
  t.end()
})

test('a time as a place stands before or after all that arrived at it', (t) => {
  const { store } = beginStore(t)
  add(store, messageOf(1), messageOf(2), messageOf(3))
  const page = (range: { readonly before?: Place; readonly after?: Place }) =>
    bodies(store.read.messages.page({ conversation: CONVERSATION, limit: 9, ...range }))
  t.same(page({ before: placeBefore(1_002) }), ['text 1'])
  t.same(page({ after: placeAfter(1_002) }), ['text 3'])
  t.end()
})

test('pages backwards give every message once, in order, however they were stored', (t) => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 })
  const property = fc.property(arrivals, fc.integer({ min: 1, max: 7 }), (arrivalsMs, limit) => {
    const { store } = beginStore(t)
    add(store, ...arrivalsMs.map((arrivalMs, index) => messageOf(index, { arrivalMs })))
    const whole = store.read.messages.page({ conversation: CONVERSATION, limit: 1000 })
    const paged: StoredMessage[] = []
    for (;;) {
      const [oldest] = paged
      const range = oldest === undefined ? {} : { before: placeOf(oldest) }
      const page = store.read.messages.page({ conversation: CONVERSATION, limit, ...range })
      if (page.length === 0) break
      paged.unshift(...page)
    }
    return whole.length === arrivalsMs.length && String(bodies(paged)) === String(bodies(whole))
  })
  fc.assert(property, { numRuns: PROPERTY_RUNS })
  t.end()
})

test('what is held is in no page, is told in the order it came, and is in its place when it is released', (t) => {
  const { store } = beginStore(t)
  add(store, messageOf(2, { held: true }), messageOf(1, { held: true }), messageOf(3))
  const page = () => bodies(store.read.messages.page({ conversation: CONVERSATION, limit: 9 }))
  t.same(page(), ['text 3'])
  t.same(bodies(store.read.messages.heldOf(BOB)), ['text 2', 'text 1'])
  store.transact((tx) => {
    tx.messages.release(BOB)
  })
  t.same(page(), ['text 1', 'text 2', 'text 3'])
  t.same(store.read.messages.heldOf(BOB), [])
  t.end()
})

test('of two messages with one author and id the first stays', (t) => {
  const { store } = beginStore(t)
  const added = store.transact((tx) => [
    tx.messages.add(messageOf(1)),
    tx.messages.add(messageOf(1, { body: 'another' })),
  ])
  t.same(added, [true, false])
  t.equal(store.read.messages.get(BOB, messageId(1))?.body, 'text 1')
  t.end()
})

test('a status only ever advances', (t) => {
  const ALL: readonly MessageStatus[] = ['failed', 'queued', 'accepted', 'delivered', 'read']
  const advances = ALL.map((from) => ({ from, to: ALL.filter((to) => isAdvance(from, to)) }))
  t.same(advances, [
    // A message that failed here may have reached its recipient all the same.
    { from: 'failed', to: ['queued', 'accepted', 'delivered', 'read'] },
    { from: 'queued', to: ['failed', 'accepted', 'delivered', 'read'] },
    { from: 'accepted', to: ['delivered', 'read'] },
    { from: 'delivered', to: ['read'] },
    { from: 'read', to: [] },
  ])
  t.end()
})

test('a message of others has no status that could advance', (t) => {
  const { store } = beginStore(t)
  add(store, messageOf(1))
  const advanced = store.transact((tx) => tx.messages.advance(BOB, messageId(1), 'read'))
  t.equal(advanced, false)
  t.equal(store.read.messages.get(BOB, messageId(1))?.status, 'received')
  t.end()
})

test('the relay’s arrival puts an own message in its place', (t) => {
  const { store } = beginStore(t)
  add(store, messageOf(1, { author: ALICE, status: 'queued', arrivalMs: 5_000 }), messageOf(2))
  store.transact((tx) => {
    tx.messages.setArrival(ALICE, messageId(1), 1)
    tx.messages.advance(ALICE, messageId(1), 'accepted')
  })
  const page = store.read.messages.page({ conversation: CONVERSATION, limit: 9 })
  t.same(bodies(page), ['text 1', 'text 2'])
  t.end()
})

test('a prefix finds at most two messages: enough to tell one from several', (t) => {
  const { store } = beginStore(t)
  add(store, messageOf(1), messageOf(2), messageOf(3))
  const prefix = messageId(1).slice(0, 10)
  t.equal(store.read.messages.byIdPrefix(prefix).length, 2)
  t.equal(store.read.messages.byIdPrefix(messageId(2)).length, 1)
  t.equal(store.read.messages.byIdPrefix('m_ZZZZZZ').length, 0)
  t.end()
})

test('unseen are only messages of others that are not held', (t) => {
  const { store } = beginStore(t)
  add(
    store,
    messageOf(1),
    messageOf(2, { held: true }),
    messageOf(3, { seen: true }),
    messageOf(4, { author: ALICE, status: 'accepted' }),
  )
  t.same(bodies(store.read.messages.unseenOf(CONVERSATION)), ['text 1'])
  t.end()
})
