import fc from 'fast-check'
import { test, type Test } from 'tap'
import { purgeJournal } from '../../src/account/purge-journal.js'
import { readJournal } from '../../src/conversation/journal-events.js'
import { eventMethods } from '../../src/methods/events.js'
import type { OpenAccount } from '../../src/open-account.js'
import { friends, type Desk } from '../support/desk.js'
import { ManualClock } from '../net/manual-clock.js'
import { beginStore } from './scene.js'

const DAY_MS = 24 * 60 * 60_000

function journalOf(t: Test, events: number) {
  const { store, database } = beginStore(t)
  store.transact((tx) => {
    for (let count = 0; count < events; count++) tx.journal.append({ type: 'gap' }, count * DAY_MS)
  })
  const seqs = () => store.read.journal.after(0, 1000).map(({ seq }) => seq)
  const purge = (nowMs: number) => store.transact((tx) => tx.journal.purge(nowMs))
  const move = (name: string, seq: number, nowMs: number) => {
    store.transact((tx) => {
      tx.journal.moveCursor(name, seq, nowMs)
    })
  }
  return { store, database, seqs, purge, move }
}

test('what everybody has seen goes after seven days, and not before', async (t) => {
  const { seqs, purge, move } = journalOf(t, 10)
  move('default', 10, 0)
  t.equal(purge(9 * DAY_MS), 2)
  t.same(seqs(), [3, 4, 5, 6, 7, 8, 9, 10])
})

test('what nobody gave a name for has not seen is held, however old', async (t) => {
  const { seqs, purge, move } = journalOf(t, 10)
  t.equal(purge(100 * DAY_MS), 0, 'nobody has ever received')
  move('default', 4, 0)
  purge(100 * DAY_MS)
  t.same(seqs(), [5, 6, 7, 8, 9, 10])
})

test('a named consumer holds what it has not acknowledged for seven days after it last did', async (t) => {
  const { seqs, purge, move } = journalOf(t, 10)
  move('default', 10, 0)
  move('backup', 2, 95 * DAY_MS)
  purge(100 * DAY_MS)
  t.same(seqs().length, 8)
  purge(103 * DAY_MS)
  t.same(seqs(), [])
})

test('a seq is never given again, though all events are gone', async (t) => {
  const { store, purge, move } = journalOf(t, 10)
  move('default', 10, 0)
  purge(100 * DAY_MS)
  t.equal(store.read.journal.newest(), 10)
  t.equal(
    store.transact((tx) => tx.journal.append({ type: 'gap' }, 0)),
    11,
  )
})

test('a cursor of a time is the last event before it', async (t) => {
  const { store } = journalOf(t, 10)
  t.equal(store.read.journal.seqBefore(3 * DAY_MS), 3)
  t.equal(store.read.journal.seqBefore(3 * DAY_MS + 1), 4)
  t.equal(store.read.journal.seqBefore(-1), 0)
  t.equal(store.read.journal.seqBefore(100 * DAY_MS), 10)
})

test('even unseen, no more than a million events are held', async (t) => {
  const { store, database, purge } = journalOf(t, 0)
  database.exec(`INSERT INTO journal (at_ms, type, detail)
    WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < 1000010)
    SELECT 0, 'gap', '{}' FROM some`)
  t.equal(purge(1), 10)
  t.equal(store.read.journal.purged().seq, 10)
})

test('events that come faster than days pass are bounded as they come', async (t) => {
  const { store, database } = journalOf(t, 0)
  database.exec(`INSERT INTO journal (at_ms, type, detail)
    WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < 1009999)
    SELECT 0, 'gap', '{}' FROM some`)
  store.transact((tx) => tx.journal.append({ type: 'gap' }, 0))
  t.equal(store.read.journal.purged().seq, 10_000)
  t.same(database.prepare('SELECT COUNT(*) AS count FROM journal').get(), { count: 1_000_000 })
})

test('a named consumer holds a gigabyte, and the default one more', async (t) => {
  const { store, database, purge, move } = journalOf(t, 0)
  // 20,000 events of 60 KiB: what is beyond a gigabyte is the oldest 2,500 or so.
  database.exec(`INSERT INTO message (conversation, author, id, device, sent_ms, arrival_ms, raw, status)
    VALUES ('c', 'a', 'm', 1, 0, 0, NULL, 'received')`)
  database.exec(`UPDATE message SET body = printf('%.*c', 61440, 'x') WHERE id = 'm'`)
  database.exec(`INSERT INTO journal (at_ms, type, message, detail)
    WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < 20000)
    SELECT 0, 'message.received', 'm', '{}' FROM some`)
  move('backup', 100, 1)
  t.equal(purge(1), 0, 'the default consumer has seen nothing')
  move('default', 20_000, 1)
  purge(1)
  const { seq } = store.read.journal.purged()
  t.ok(seq > 2_000 && seq < 3_000, String(seq))
})

/** Alice's journal, looked at long after the beginning, when a consumer has passed some of it. */
async function longAfter(t: Test) {
  const office = await friends(t)
  const { core } = office.alice.person
  const ask = (consumer: string) =>
    eventMethods['events.cursor'].run(openOf(office.alice), { consumer })
  return { ...office, core, ask, head: core.store.read.journal.newest() }
}

const openOf = ({ person }: Desk) => ({ core: person.core }) as OpenAccount

test('a consumer that was away for too long gets one gap first, and then what is kept', async (t) => {
  const { core, alice, ask, head, clock } = await longAfter(t)
  await ask('backup')
  core.store.transact((tx) => {
    tx.journal.moveCursor('backup', 2, clock.nowMs())
    tx.journal.moveCursor('default', head, clock.nowMs())
  })
  clock.advance(8 * DAY_MS)
  core.store.transact((tx) => {
    tx.record({ type: 'gap', detail: { count: 1, reason: 'quota' } })
  })
  t.equal(purgeJournal(core), head)

  const page = readJournal(core, await ask('backup'))
  t.match(page, {
    events: [
      { type: 'gap', seq: head, count: head - 2, reason: 'purged', id: /^e_/ },
      { type: 'gap', seq: head + 1, reason: 'quota' },
    ],
    through: head + 1,
  })
  t.same(readJournal(core, head).events.length, 1, 'whoever has passed it gets none')
  t.equal(alice.read.journal.cursor('default'), head)
})

test('a consumer that is new begins with what is kept, and holds from then on', async (t) => {
  const { core, ask, head, clock } = await longAfter(t)
  core.store.transact((tx) => {
    tx.journal.moveCursor('default', head, clock.nowMs())
  })
  clock.advance(8 * DAY_MS)
  purgeJournal(core)
  t.equal(await ask('new'), head)
  core.store.transact((tx) => {
    tx.record({ type: 'gap', detail: { count: 1, reason: 'quota' } })
    tx.journal.moveCursor('default', head + 1, clock.nowMs())
  })
  clock.advance(6 * DAY_MS)
  t.equal(purgeJournal(core), 0)
})

test('a clock that is ahead makes no event old', async (t) => {
  const relay = new ManualClock()
  const { alice, clock } = await friends(t, { relayNowMs: () => relay.nowMs() })
  const { core } = alice.person
  core.store.transact((tx) => {
    tx.journal.moveCursor('default', tx.journal.newest(), clock.nowMs())
  })
  clock.jump(365 * DAY_MS)
  t.equal(purgeJournal(core), 0)
})

test('nobody acknowledges what is not there yet', async (t) => {
  const { alice } = await friends(t)
  const { run } = eventMethods['events.acknowledge']
  const seq = alice.read.journal.newest() + 1
  t.throws(() => run(openOf(alice), { consumer: 'default', seq }), { code: 'content/invalid' })
  t.equal(alice.read.journal.cursor('default'), undefined)
})

const NAMES = ['default', 'backup', 'bot'] as const
const journalSteps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('append' as const) }),
    fc.record({
      kind: fc.constant('move' as const),
      name: fc.constantFrom(...NAMES),
      seq: fc.nat({ max: 40 }),
    }),
    fc.record({ kind: fc.constant('purge' as const), days: fc.nat({ max: 6 }) }),
  ),
  { maxLength: 60 },
)

test('cursors never go back, and nothing goes that a living consumer has not passed', async (t) => {
  fc.assert(
    fc.property(journalSteps, (steps) => {
      const { store, seqs, purge, move } = journalOf(t, 5)
      let nowMs = 100 * DAY_MS
      const moved = new Map<string, { readonly seq: number; readonly atMs: number }>()
      let newest = 5
      for (const step of steps) {
        const before = NAMES.map((name) => store.read.journal.cursor(name) ?? 0)
        if (step.kind === 'append') {
          const append = () => store.transact((tx) => tx.journal.append({ type: 'gap' }, nowMs))
          if (append() !== ++newest) return false
        } else if (step.kind === 'move') {
          const seq = Math.min(step.seq, newest)
          move(step.name, seq, nowMs)
          moved.set(step.name, {
            seq: Math.max(seq, moved.get(step.name)?.seq ?? 0),
            atMs: nowMs,
          })
        } else {
          nowMs += step.days * DAY_MS
          const there = seqs()
          purge(nowMs)
          const kept = new Set(seqs())
          const gone = there.filter((seq) => !kept.has(seq))
          const living = [...moved].filter(
            ([name, { atMs }]) => name === 'default' || atMs >= nowMs - 7 * DAY_MS,
          )
          const least = Math.min(
            moved.get('default')?.seq ?? 0,
            ...living.map(([, { seq }]) => seq),
          )
          if (gone.some((seq) => seq > least)) return false
        }
        const after = NAMES.map((name) => store.read.journal.cursor(name) ?? 0)
        if (after.some((seq, index) => seq < before[index]!)) return false
        if (NAMES.some((name, index) => after[index] !== (moved.get(name)?.seq ?? 0))) return false
        if (store.read.journal.newest() !== newest) return false
      }
      return true
    }),
    { numRuns: 15 },
  )
  t.pass('for every sequence that was tried')
})
