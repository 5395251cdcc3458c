import { Database } from '@signalapp/sqlcipher'
import { conversationIdFromHash } from '@sotto/protocol'
import { test } from 'tap'
import { parseSearchQuery } from '../../src/conversation/search-query.js'
import { migrate } from '../../src/store/database.js'
import { Store } from '../../src/store/store.js'
import type { StoredMessage } from '../../src/store/tables/messages.js'
import type { Search } from '../../src/store/tables/search.js'
import { ManualClock } from '../net/manual-clock.js'
import { add, ALICE, beginStore, BOB, CONVERSATION, messageId, messageOf } from './scene.js'

const MARKS = ['<mark-of-a-test>', '</mark-of-a-test>'] as const

function find(store: Store, query: string, more: Partial<Search> = {}) {
  const { all, none } = parseSearchQuery(query)
  return store.read.search.find({
    ...{ all, none, authors: { any: [], none: [] }, conversations: { any: [], none: [] } },
    ...{ beforeMs: undefined, afterMs: undefined },
    ...{ beforeMessage: undefined, afterMessage: undefined },
    ...{ links: false, limit: 50, marks: MARKS },
    ...more,
  })
}

function bodies(found: readonly { readonly message: StoredMessage }[]) {
  return found.map(({ message }) => message.body)
}

/** The texts that the first matches point at. */
function matches(store: Store, query: string): readonly (string | undefined)[] {
  return find(store, query).map(({ message, match }) =>
    match === null ? undefined : message.body?.slice(match.start, match.end),
  )
}

function saying(...texts: readonly string[]): readonly StoredMessage[] {
  return texts.map((body, index) => messageOf(index + 1, { body }))
}

test('messages are found newest first, no more than asked for', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('deploy one', 'nothing', 'deploy two', 'a deploy three'))
  t.same(bodies(find(store, 'deploy')), ['a deploy three', 'deploy two', 'deploy one'])
  t.same(bodies(find(store, 'deploy', { limit: 2 })), ['a deploy three', 'deploy two'])
  t.same(find(store, 'absent'), [])
  t.end()
})

test('words, phrases, alternatives, beginnings and exclusions', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('roll back the deploy', 'back to roll', 'deploy failed', 'deployment'))
  t.same(bodies(find(store, 'roll back')), ['back to roll', 'roll back the deploy'])
  t.same(bodies(find(store, '"roll back"')), ['roll back the deploy'])
  t.same(bodies(find(store, 'roll OR failed')).length, 3)
  t.same(bodies(find(store, 'deploy*')).length, 3)
  t.same(bodies(find(store, 'deploy -failed')), ['roll back the deploy'])
  t.same(bodies(find(store, '-deploy* -"back to"')), [])
  t.same(bodies(find(store, '-deploy')), ['deployment', 'back to roll'])
  t.same(bodies(find(store, 'deploy* -"roll back" -failed')), ['deployment'])
  t.end()
})

test('what people type is found: numbers, addresses, hyphens, other scripts, any case', (t) => {
  const { store } = beginStore(t)
  const text = 'Deploy #4312: Über-naïve café, mail bob@example.com, well-known Привет 東京都に'
  add(store, ...saying(text))
  const queries = [
    '#4312',
    '4312',
    'UBER',
    'naive',
    'cafe',
    'café',
    'bob@example.com',
    'well-known',
  ]
  const scripts = ['привет', 'ПРИВЕТ', '東京', '"東京都"', 'example.com', 'über-naïve']
  t.same(
    [...queries, ...scripts].filter((query) => find(store, query).length === 0),
    [],
  )
  t.end()
})

test('a match is where it stands in the text, in UTF-16 code units', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('😀 a naïve über plan, über'))
  t.same(matches(store, 'uber'), ['über'])
  t.same(find(store, 'naive')[0]?.match, { start: 5, end: 10 })
  t.same(matches(store, '"naive uber"'), ['naïve über'])
  t.same(matches(store, 'plan a'), ['a'], 'the first of several')
  t.same(matches(store, '-absent'), [undefined])
  t.end()
})

test('decomposed letters match composed ones, and the match spans their marks', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('un cafe\u0301 noir'))
  t.same(matches(store, 'café'), ['cafe\u0301'])
  t.end()
})

test('signs without letters or digits are looked for as they stand', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('well done 👍', 'a != b', 'ok then', 'party 🎉 ok'))
  t.same(matches(store, '👍'), ['👍'])
  t.same(matches(store, '!='), ['!='])
  t.same(bodies(find(store, 'ok 🎉')), ['party 🎉 ok'])
  t.same(bodies(find(store, 'ok -🎉')), ['ok then'])
  t.same(bodies(find(store, '👍 OR ok')).length, 3)
  t.same(bodies(find(store, '-👍 -ok')), ['a != b'])
  t.end()
})

test('a message that holds NULs or looks like a mark is found, and no match is invented', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('a\0needle', `${MARKS[0]} needle ${MARKS[1]}`))
  t.equal(find(store, 'needle').length, 2)
  t.same(matches(store, 'needle'), [undefined, undefined])
  t.end()
})

test('who wrote and where narrow a search, and stand for one by themselves', (t) => {
  const { store } = beginStore(t)
  const other = conversationIdFromHash(new Uint8Array(16).fill(2))
  add(
    store,
    messageOf(1, { body: 'here from bob' }),
    messageOf(2, { body: 'here from alice', author: ALICE }),
    messageOf(3, { body: 'there from bob', conversation: other }),
  )
  const authors = { any: [BOB], none: [] }
  const conversations = { any: [CONVERSATION], none: [] }
  t.same(bodies(find(store, 'here', { authors })), ['here from bob'])
  t.same(bodies(find(store, '', { authors })), ['there from bob', 'here from bob'])
  t.same(bodies(find(store, '', { authors, conversations })), ['here from bob'])
  t.same(bodies(find(store, '', { authors: { any: [], none: [BOB] } })), ['here from alice'])
  t.same(bodies(find(store, 'from', { authors: { any: [ALICE, BOB], none: [] } })).length, 3)
  t.same(find(store, CONVERSATION), [], 'the place is not text')
  t.same(find(store, BOB.replaceAll('-', '')), [])
  t.end()
})

test('time bounds a search by arrival, however messages were stored', (t) => {
  const { store } = beginStore(t)
  add(
    store,
    messageOf(1, { body: 'x late', arrivalMs: 5_000 }),
    messageOf(2, { body: 'x early', arrivalMs: 1_000 }),
    messageOf(3, { body: 'x middle', arrivalMs: 3_000 }),
  )
  t.same(bodies(find(store, 'x', { beforeMs: 3_000 })), ['x early'])
  t.same(bodies(find(store, 'x', { afterMs: 3_000 })), ['x middle', 'x late'])
  t.same(bodies(find(store, '', { afterMs: 1_001, beforeMs: 5_000 })), ['x middle'])
  t.same(find(store, 'x', { beforeMs: 0 }), [])
  t.end()
})

test('pages by message give every hit once', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('x 1', 'x 2', 'x 3', 'x 4', 'x 5'))
  const first = find(store, 'x', { limit: 2 })
  const second = find(store, 'x', { limit: 2, beforeMessage: first[1]!.message })
  const third = find(store, 'x', { limit: 2, beforeMessage: second[1]!.message })
  t.same(bodies([...first, ...second, ...third]), ['x 5', 'x 4', 'x 3', 'x 2', 'x 1'])
  t.same(bodies(find(store, 'x', { afterMessage: second[1]!.message })), ['x 5', 'x 4', 'x 3'])
  t.end()
})

test('messages with links', (t) => {
  const { store } = beginStore(t)
  add(store, ...saying('see https://example.com/a', 'https is a word', 'HTTP://x no', 'http://b'))
  t.same(bodies(find(store, '', { links: true })), ['http://b', 'see https://example.com/a'])
  t.same(bodies(find(store, 'see', { links: true })), ['see https://example.com/a'])
  t.end()
})

test('what is held is not found until it is released, and what has no text never', (t) => {
  const { store } = beginStore(t)
  add(
    store,
    messageOf(1, { body: 'needle', held: true }),
    messageOf(2, { body: null, raw: new Uint8Array([1]) }),
  )
  t.same(find(store, 'needle'), [])
  t.same(find(store, '', { authors: { any: [BOB], none: [] } }), [])
  store.transact((tx) => {
    tx.messages.release(BOB)
  })
  t.same(bodies(find(store, 'needle')), ['needle'])
  t.end()
})

test('the index follows what is changed and deleted, and is the same when it is rebuilt', (t) => {
  const { store, database } = beginStore(t)
  add(store, ...saying('first needle', 'second needle', 'third'), messageOf(4, { body: null }))
  const check = () => {
    database.exec(`INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)`)
  }
  database.prepare('UPDATE message SET body = ? WHERE id = ?').run(['changed', messageId(1)])
  database.prepare('UPDATE message SET body = ? WHERE id = ?').run(['needle now', messageId(4)])
  database.prepare('DELETE FROM message WHERE id = ?').run([messageId(2)])
  t.same(bodies(find(store, 'needle')), ['needle now'])
  t.same(bodies(find(store, 'changed')), ['changed'])
  t.doesNotThrow(check)
  database.exec(`INSERT INTO message_search (message_search) VALUES ('rebuild')`)
  t.doesNotThrow(check)
  t.same(bodies(find(store, 'needle')), ['needle now'])
  t.end()
})

test('a deleted message leaves none of its words in the index', (t) => {
  const { store, database } = beginStore(t)
  add(store, ...saying('plantedneedle one', 'two'))
  const holds = () =>
    database
      .prepare('SELECT block FROM message_search_data')
      .all<{ block: Uint8Array<ArrayBuffer> }>([])
      .some(({ block }) => Buffer.from(block).includes('plantedneedle'))
  t.equal(holds(), true)
  database.prepare('DELETE FROM message WHERE id = ?').run([messageId(1)])
  t.equal(holds(), false)
  t.end()
})

test('messages from before there was a search are found, once the schema is there', (t) => {
  const database = new Database(':memory:')
  database.initTokenizer()
  migrate(database, 1)
  const columns = 'conversation, author, id, device, sent_ms, arrival_ms, body, status'
  database.exec(`INSERT INTO conversation VALUES ('c', 'direct', 'a', 1);
    INSERT INTO message (${columns}) VALUES ('c', 'a', 'm', 1, 7, 7, 'an old needle', 'received')`)
  migrate(database)
  const store = new Store(database, new ManualClock())
  t.same(bodies(find(store, 'needle')), ['an old needle'])
  t.equal(store.read.conversations.list('all', 1)[0]?.activeMs, 7)
  store.close()
  t.end()
})

test('time bounds hold over many rows, and where an arrival is corrected', (t) => {
  const { store } = beginStore(t)
  const many = Array.from({ length: 3_000 }, (_, index) => messageOf(index + 1, { body: 'x' }))
  add(store, ...many)
  const count = (more: Partial<Search>) => find(store, 'x', { limit: 5_000, ...more }).length
  t.equal(count({ beforeMs: many[1_500]!.arrivalMs }), 1_500)
  t.equal(count({ afterMs: many[1_500]!.arrivalMs }), 1_500)
  t.equal(count({ afterMs: many[2_999]!.arrivalMs, beforeMs: many[2_999]!.arrivalMs }), 0)
  store.transact((tx) => {
    tx.messages.setArrival(BOB, messageId(1), 1_000_000)
    tx.messages.setArrival(BOB, messageId(3_000), 1)
  })
  t.equal(count({ afterMs: 1_000_000 }), 1)
  t.equal(count({ beforeMs: 2 }), 1)
  t.end()
})
