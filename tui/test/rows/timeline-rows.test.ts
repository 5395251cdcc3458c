import { getHeapSnapshot } from 'node:v8'
import fc from 'fast-check'
import { test } from 'tap'

import { RowCache } from '../../src/rows/cache.js'
import type { Entry } from '../../src/rows/entry.js'
import type { Look } from '../../src/rows/look.js'
import type { Row } from '../../src/rows/row.js'
import { ASCII_SIGNS } from '../../src/rows/signs.js'
import { placeOf, timelineRows, type Surroundings } from '../../src/rows/timeline-rows.js'
import { spansWidth } from '../../src/rows/wrap.js'
import { STANDARD, UNPROBED } from '../../src/text/widths.js'
import { eventEntry, idOf, messageEntry, type MessageOptions } from '../support/entries.js'
import { look, textOf } from '../support/looks.js'
import type { Happening } from '../../src/demo/script.js'
import { GAP, timelineEvent, UNDECRYPTABLE } from '../support/objects.js'
import { HOSTILE_TEXT } from '../support/texts.js'

const NOW_MS = Date.parse('2026-10-31T20:00:00Z')

interface LayOptions extends Partial<Surroundings> {
  readonly by?: Look
}

/** The rows of one entry below another, as they are painted. */
function lay(entry: Entry, { by = look(), ...around }: LayOptions = {}): readonly Row[] {
  const place = placeOf(entry, { previous: undefined, nowMs: NOW_MS, ...around }, by)
  return timelineRows(entry, place, by, new RowCache())
}

function kindsOf(rows: readonly Row[]): readonly string[] {
  return rows.map(({ kind }) => kind)
}

function belowAnother(options: MessageOptions, around: LayOptions = {}): readonly Row[] {
  return lay(messageEntry(2, options), { previous: messageEntry(1), ...around })
}

test('the first of a day stands below its date', async (t) => {
  const [date] = lay(messageEntry(1))
  t.match(date && textOf(date), /^─+ Today ─+$/)
  t.equal(date?.width, 80)
  const yesterday = messageEntry(1, { at: '2026-10-30T12:00:00Z' })
  t.match(textOf(lay(yesterday)[0]!), / Yesterday /)
  t.same(kindsOf(lay(messageEntry(2), { previous: yesterday })), ['date', 'header', 'text'])
})

test('a day begins at midnight of the reader’s clock', async (t) => {
  const before = messageEntry(1, { at: '2026-10-31T22:30:00Z' })
  const after = messageEntry(2, { at: '2026-10-31T23:30:00Z' })
  const nowMs = Date.parse('2026-10-31T23:40:00Z')
  t.match(textOf(lay(after, { previous: before, nowMs })[0]!), / Today /)
})

test('messages of one author within five minutes are one group', async (t) => {
  t.same(kindsOf(belowAnother({ at: '2026-10-31T13:02:59Z' })), ['text'])
  t.same(kindsOf(belowAnother({ at: '2026-10-31T13:03:00Z' })), ['header', 'text'])
  t.same(kindsOf(belowAnother({ own: true })), ['header', 'text'])
})

test('the unread ones begin below a divider that counts them, with a name', async (t) => {
  const rows = belowAnother({}, { firstUnread: { id: idOf(2), count: 1 } })
  t.same(kindsOf(rows), ['unread', 'header', 'text'])
  t.match(textOf(rows[0]!), /^═+ 1 new message ═+$/)
})

test('an own message says how far it got, in words, on the right', async (t) => {
  const [header] = lay(messageEntry(1, { own: true, message: { status: 'read' } })).slice(1)
  t.match(textOf(header!), /^You {2}13:58 +read ✓✓$/)
  t.equal(header?.width, 80)
  const grouped = lay(messageEntry(2, { own: true, message: { status: 'queued' } }), {
    previous: messageEntry(1, { own: true }),
  })
  t.match(grouped.map(textOf), [/^ {2}hello +queued …$/])
})

test('signs can be ASCII', async (t) => {
  const by = look({ signs: ASCII_SIGNS })
  const rows = lay(messageEntry(1, { own: true, message: { status: 'delivered' } }), { by })
  t.match(rows.map(textOf), [/^-+ Today -+$/, /delivered vv$/, /^ {2}hello$/])
})

test('a status that finds no room stands below', async (t) => {
  const text = 'x'.repeat(36)
  const rows = lay(messageEntry(2, { own: true, text, message: { status: 'accepted' } }), {
    ...{ by: look({ columns: 40 }), previous: messageEntry(1, { own: true }) },
  })
  t.same(kindsOf(rows), ['text', 'status'])
})

test('a failed one can be tried again from its row', async (t) => {
  const entry = messageEntry(1, { own: true, message: { status: 'failed' } })
  const header = lay(entry)[1]
  t.match(textOf(header!), /failed ✗ {2}\[R\]etry$/)
  t.same(header?.target, { kind: 'retry', message: entry.id })
})

test('a reply leads to what it answers, whether or not that is known', async (t) => {
  const replyTo = { id: idOf(9), author: messageEntry(1).object.sender.id, quote: 'is it\nready?' }
  const quoted = lay(messageEntry(1, { message: { replyTo } }))[2]
  t.equal(textOf(quoted!), '  │ @alice.42: is it\\x0aready?')
  t.same(quoted?.target, { kind: 'quoted', message: idOf(9) })
  const { quote: _, ...unknown } = replyTo
  const other = lay(messageEntry(1, { own: true, message: { replyTo: unknown } }))[2]
  t.match(textOf(other!), /^ {2}│ @alice\.42: a message that is not here$/)
})

test('edited and silent are said, deleted and unsupported stand for the text', async (t) => {
  const said = (message: MessageOptions['message'] & object) =>
    lay(messageEntry(1, { text: 'secret', message }))
      .map(textOf)
      .slice(1)
      .map((text) => text.trim().replace(/ {3,}/, ' … '))
  t.same(said({ edited: true, silent: true }), ['@alice.42  13:58 … edited  silent', 'secret'])
  t.same(said({ deleted: true, edited: true }), ['@alice.42  13:58', 'message deleted'])
  t.same(said({ unsupported: true, text: null }), ['@alice.42  13:58', '[needs a newer sotto]'])
})

test('a held message says so, what its author claims, and who is known by that name', async (t) => {
  const sender = { claimedHandle: '@bank.01', claimHeldBy: messageEntry(1).object.sender.id }
  const rows = lay(messageEntry(1, { message: { held: true }, sender }))
  t.match(rows.slice(1).map(textOf), [
    /^@alice\.42 \(calls themselves @bank\.01, Bob\) {2}13:58$/,
    /^ {2}request, not accepted yet: you know somebody else by that name$/,
    /^ {2}hello$/,
  ])
})

test('more than sixty rows are shown when they are asked for', async (t) => {
  const text = Array.from({ length: 100 }, (_, at) => `line ${String(at)}`).join('\n')
  const entry = messageEntry(1, { text })
  const rows = lay(entry)
  t.equal(rows.length, 2 + 60 + 1)
  t.equal(textOf(rows.at(-1)!), '  40 more lines (Enter)')
  t.same(rows.at(-1)?.target, { kind: 'expand', message: entry.id })
  t.equal(lay(entry, { expanded: new Set([entry.id]) }).length, 2 + 100)
})

test('what was lost or would not open is said in its place', async (t) => {
  const said = (what: Happening): string =>
    lay(eventEntry(timelineEvent(what)))
      .slice(1)
      .map((row) =>
        textOf(row)
          .trim()
          .replace(/^\d\d:\d\d /, ''),
      )
      .join(' ')
  t.equal(
    said(GAP),
    '3 messages did not arrive: the mailbox at the relay was full; nobody can tell whose.',
  )
  t.equal(
    said({ ...GAP, count: 0, reason: 'relay-restored' }),
    'Messages may be missing: the relay was put back from a backup; nobody can tell whose.',
  )
  t.equal(
    said(UNDECRYPTABLE),
    '1 message of @bob.42 could not be opened: they were asked to send it again.',
  )
  t.equal(
    said({ ...UNDECRYPTABLE, count: 3, resent: 2 }),
    '3 messages of @bob.42 could not be opened: they were asked to send them again; 2 came since.',
  )
  t.equal(
    said({ ...UNDECRYPTABLE, resent: 1 }),
    '1 message of @bob.42 could not be opened at first, and came when sent again.',
  )
})

test('no name, claim or quote brings a sequence along', async (t) => {
  const hostile = '\u001b[2J\u202eevil\n'
  const replyTo = { id: idOf(9), author: messageEntry(1).object.sender.id, quote: hostile }
  const entry = messageEntry(1, {
    ...{ text: hostile, message: { held: true, replyTo } },
    sender: { claimedHandle: hostile, name: hostile },
  })
  const rows = lay({
    ...entry,
    object: { ...entry.object, conversation: { ...entry.object.conversation, name: hostile } },
  })
  t.notOk(rows.some((row) => /[\u0000-\u001f\u202e]/.test(textOf(row))))
})

test('no row is wider than the screen, whatever is said in it', async (t) => {
  const property = fc.property(
    fc.record({ text: HOSTILE_TEXT, quote: HOSTILE_TEXT, name: HOSTILE_TEXT, own: fc.boolean() }),
    fc.integer({ min: 8, max: 100 }),
    fc.constantFrom(STANDARD, UNPROBED),
    ({ text, quote, name, own }, columns, probed) => {
      const by = look({ columns, probed })
      const replyTo = { id: idOf(9), author: messageEntry(1).object.sender.id, quote }
      const message = { held: true, edited: true, status: 'failed', replyTo } as const
      const rows = lay(messageEntry(1, { own, text, message, sender: { name } }), { by })
      const isTrue = (row: Row) => row.width === spansWidth(row.spans, by.widths.of)
      return rows.every((row) => row.width <= columns && isTrue(row))
    },
  )
  fc.assert(property)
  t.pass('for every message that was tried')
})

test('a time that is none does not stop the screen', async (t) => {
  t.equal(lay(messageEntry(1, { at: 'never' })).length, 3)
})

test('rows are laid out once for a revision, a width and a place', async (t) => {
  const cache = new RowCache()
  const entry = messageEntry(1)
  const rows = (of: Entry, by: Look, nowMs = NOW_MS) =>
    timelineRows(of, placeOf(of, { previous: undefined, nowMs }, by), by, cache)
  const first = rows(entry, look())
  t.equal(rows(entry, look()), first)
  t.not(rows({ ...entry, revision: 2 }, look()), first)
  t.not(rows(entry, look({ columns: 60 })), first)
  t.not(rows(entry, look(), NOW_MS + 86_400_000)[0], first[0])
})

test('the cache keeps what was used last, bounded by entries and by rows', async (t) => {
  const row = lay(messageEntry(1))[1]!
  const cache = new RowCache({ entriesMax: 2, rowsMax: 5 })
  const keep = (number: number, rows: number) =>
    cache.rows({ id: idOf(number), revision: 1, options: '' }, () => Array<Row>(rows).fill(row))
  const one = keep(1, 1)
  keep(2, 1)
  t.equal(keep(1, 1), one)
  keep(3, 1)
  t.equal(keep(1, 1), one)
  t.equal(cache.size, 2)
  keep(4, 9)
  t.equal(cache.size, 1)
})

test('once the cache is cleared no text is left in memory', async (t) => {
  const cache = new RowCache()
  const canary = (at: number) => ['canary', String(at * 7919), 'of **the** `mine`'].join('-')
  layMany(cache, canary)
  t.ok((await heapHolds(/canary-\d+-of/g)) > 0, 'they are there before')
  cache.clear()
  t.equal(await heapHolds(/canary-\d+-of/g), 0)
})

/** In a function of its own, so that nothing of it is left on the stack. */
function layMany(cache: RowCache, textAt: (at: number) => string): void {
  const by = look()
  for (let at = 1; at <= 200; at++) {
    const entry = messageEntry(at, { text: textAt(at) })
    timelineRows(entry, placeOf(entry, { previous: undefined, nowMs: NOW_MS }, by), by, cache)
  }
}

/** How often a text is found on the heap; taking a snapshot collects garbage first. */
async function heapHolds(pattern: RegExp): Promise<number> {
  const chunks: Buffer[] = []
  for await (const chunk of getHeapSnapshot()) chunks.push(Buffer.from(chunk as Uint8Array))
  const { strings } = JSON.parse(Buffer.concat(chunks).toString()) as { strings: readonly string[] }
  return strings.filter((each) => new RegExp(pattern).test(each)).length
}
