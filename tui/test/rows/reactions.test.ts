import type { ReactionObject } from '@sotto/client-core'
import fc from 'fast-check'
import { test } from 'tap'

import { RowCache } from '../../src/rows/cache.js'
import { reactionRows } from '../../src/rows/reactions.js'
import { placeOf, timelineRows } from '../../src/rows/timeline-rows.js'
import { spansWidth } from '../../src/rows/wrap.js'
import { UNPROBED } from '../../src/text/widths.js'
import { idOf, messageEntry } from '../support/entries.js'
import { look, textOf } from '../support/looks.js'
import { HOSTILE_TEXT } from '../support/texts.js'

const THEM = messageEntry(1).object.sender
const ME = messageEntry(1, { own: true }).object.sender

const by = (sender: ReactionObject['sender'], emoji: string): ReactionObject => ({
  ...{ emoji, sender, at: '2026-10-31T13:00:00.000Z' },
})

function shown(reactions: readonly ReactionObject[], columns = 80): string {
  const rows = reactionRows(messageEntry(1, { message: { reactions } }), look({ columns }))
  return rows.map(textOf).join('\n')
}

test('who reacted alone is named, more are counted, and the most common stand first', async (t) => {
  t.equal(shown([by(THEM, '❤️')]), '  ❤️ @alice.42')
  t.equal(shown([by(THEM, '🎉'), by(ME, '👍'), by(THEM, '👍')]), '  [👍 2]  🎉 @alice.42')
})

test('one’s own stands in brackets, so that no colour is needed to see it', async (t) => {
  t.equal(shown([by(ME, '👀')]), '  [👀 you]')
  t.match(
    reactionRows(messageEntry(1, { message: { reactions: [by(ME, '👀')] } }), look())[0]?.spans,
    [{}, { role: 'own' }],
  )
})

test('an emoji is the same however it is asked to be drawn', async (t) => {
  t.equal(shown([by(ME, '❤'), by(THEM, '❤️')]), '  [❤ 2]')
})

test('a terminal that cannot draw an emoji has its name or its plain style', async (t) => {
  const reactions = [by(THEM, '❤️'), by(ME, '👩🏽‍🚀')]
  const entry = messageEntry(1, { message: { reactions } })
  t.equal(
    reactionRows(entry, look({ probed: UNPROBED }))
      .map(textOf)
      .join(),
    '  ❤ @alice.42  [:woman_astronau… you]',
  )
})

test('ten thousand reactions are one row, which says how many of them are not on it', async (t) => {
  const many = Array.from({ length: 10_000 }, (_, at) => by(THEM, String(at)))
  const rows = reactionRows(messageEntry(1, { message: { reactions: many } }), look())
  t.equal(rows.length, 1)
  t.match(textOf(rows[0]!), /^ {2}0 @alice\.42 .* \+99\d\d$/)
  t.ok(rows[0]!.width <= 80)
})

test('there is no row where nobody reacted, and none below what was deleted', async (t) => {
  t.equal(shown([]), '')
  const deleted = { reactions: [by(THEM, '👍')], deleted: true, text: null }
  t.same(reactionRows(messageEntry(1, { message: deleted }), look()), [])
})

test('whatever somebody sends as an emoji, the row holds it, and nothing of it obeys', async () => {
  fc.assert(
    fc.property(
      fc.array(HOSTILE_TEXT, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 8, max: 130 }),
      (emoji, columns) => {
        const reactions = emoji.map((each, at) => by(at % 2 === 0 ? THEM : ME, each))
        const by80 = look({ columns })
        const rows = reactionRows(messageEntry(1, { message: { reactions } }), by80)
        return rows.every(
          (row) =>
            spansWidth(row.spans, by80.widths.of) <= columns &&
            !/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(textOf(row)),
        )
      },
    ),
  )
})

test('a reaction and an edit make other rows, and what was laid out before is not shown', async (t) => {
  const cache = new RowCache()
  const by80 = look()
  const rowsOf = (entry: ReturnType<typeof messageEntry>) =>
    timelineRows(entry, placeOf(entry, { previous: undefined, nowMs: 0 }, by80), by80, cache)
      .map(textOf)
      .join('\n')
  t.match(rowsOf(messageEntry(1)), /hello$/)
  const reacted = messageEntry(1, { revision: 2, message: { reactions: [by(THEM, '👍')] } })
  t.match(rowsOf(reacted), /hello\n {2}👍 @alice\.42$/)
  const edited = { edited: true, editedAt: '2026-10-31T13:01:00Z' }
  const anew = messageEntry(1, { revision: 3, text: 'hullo', message: edited })
  t.match(rowsOf(anew), /edited 14:01\n {2}hullo$/)
  t.equal(cache.size, 1)
})

test('what was edited on another day says on which', async (t) => {
  const message = { edited: true, editedAt: '2026-11-02T13:01:00Z', status: 'read' as const }
  const entry = messageEntry(1, { own: true, message })
  const place = placeOf(entry, { previous: undefined, nowMs: 0 }, look())
  const text = timelineRows(entry, place, look(), new RowCache()).map(textOf).join('\n')
  t.match(text, /edited Mon 2 Nov 14:01 {2}read ✓✓/)
})

test('a deleted message leaves one dim line, and an answer to it says so', async (t) => {
  const gone = messageEntry(1, { text: null, message: { deleted: true, edited: true } })
  const by80 = look()
  const rows = (entry: typeof gone) =>
    timelineRows(
      entry,
      placeOf(entry, { previous: undefined, nowMs: 0 }, by80),
      by80,
      new RowCache(),
    )
  t.match(rows(gone).at(-1)?.spans, [{}, { text: 'message deleted', role: 'dim' }])
  const replyTo = { id: idOf(1), author: THEM.id, deleted: true as const }
  const answer = messageEntry(2, { message: { replyTo } })
  t.match(rows(answer).map(textOf).join('\n'), /│ @alice\.42: message deleted\n {2}hello$/)
})
