import { test } from 'tap'

import { chipsToConfirm } from '../../src/composer/chips.js'
import * as composing from '../../src/composer/composer.js'
import { type Composer, openComposer } from '../../src/composer/composer.js'
import { selectionOf } from '../../src/composer/draft.js'

const MOVE = { extend: false }
const SELECT = { extend: true }
const FAMILY = '👩‍👩‍👧'
const LINES = 'one\ntwo\nthree\nfour\n'

/** A composer in which that was typed. */
function typed(...texts: readonly string[]): Composer {
  return texts.reduce(composing.type, openComposer())
}

/** The text with a bar where the cursor is. */
function shown({ draft }: Composer): string {
  return `${draft.text.slice(0, draft.cursor)}|${draft.text.slice(draft.cursor)}`
}

test('the cursor passes over what is read as one character, and erases it as one', async (t) => {
  const family = typed(`a${FAMILY}e\u0301`)
  const left = composing.move(family, 'left', MOVE)
  t.equal(shown(left), `a${FAMILY}|e\u0301`)
  t.equal(shown(composing.move(left, 'left', MOVE)), `a|${FAMILY}e\u0301`)
  t.equal(shown(composing.erase(left, 'left')), 'a|e\u0301')
  t.equal(shown(composing.erase(left, 'right')), `a${FAMILY}|`)
})

test('words end where Unicode ends them, in lines and across them', async (t) => {
  const start = composing.move(typed("don't stop, привет\nworld"), 'start', MOVE)
  const first = composing.move(start, 'word-right', MOVE)
  t.equal(shown(first), "don't| stop, привет\nworld")
  const third = composing.move(composing.move(first, 'word-right', MOVE), 'word-right', MOVE)
  t.equal(shown(third), "don't stop, привет|\nworld")
  t.equal(shown(composing.move(third, 'word-right', MOVE)), "don't stop, привет\nworld|")
  t.equal(shown(composing.move(third, 'word-left', MOVE)), "don't stop, |привет\nworld")
})

test('lines begin and end at line ends', async (t) => {
  const middle = composing.moveTo(typed('one\ntwo\nthree'), 5, MOVE)
  t.equal(shown(composing.move(middle, 'line-start', MOVE)), 'one\n|two\nthree')
  t.equal(shown(composing.move(middle, 'line-end', MOVE)), 'one\ntwo|\nthree')
})

test('what is typed takes the place of what is selected', async (t) => {
  const selected = composing.move(typed('one two'), 'word-left', SELECT)
  t.same(selectionOf(selected.draft), { start: 4, end: 7 })
  t.equal(shown(composing.type(selected, '2')), 'one 2|')
  t.equal(shown(composing.erase(selected, 'left')), 'one |')
  t.equal(shown(composing.move(selected, 'left', MOVE)), 'one |two')
  t.same(selectionOf(composing.selectAll(selected).draft), { start: 0, end: 7 })
})

test('typing is undone by words, and redone as it was', async (t) => {
  const whole = typed(...Array.from('one two  x'))
  const once = composing.undo(whole)
  t.equal(shown(once), 'one two  |')
  const twice = composing.undo(once)
  t.equal(shown(twice), 'one |')
  t.equal(shown(composing.undo(twice)), '|')
  t.same(composing.redo(composing.redo(twice)).draft, whole.draft)
  const beginning = composing.undo(composing.undo(twice))
  t.equal(composing.undo(beginning), beginning, 'nothing is left to undo')
})

test('moving the cursor ends what is undone as one', async (t) => {
  const back = composing.move(typed('a', 'b'), 'left', MOVE)
  t.equal(shown(composing.undo(composing.type(back, 'c'))), 'a|b')
})

test('what was taken back is gone when something else is typed', async (t) => {
  const other = composing.type(composing.undo(typed('a')), 'b')
  t.equal(composing.redo(other), other)
})

test('kills in a row come back as one, in their order', async (t) => {
  const middle = composing.moveTo(typed('one two three four'), 8, MOVE)
  const killed = composing.kill(
    composing.kill(composing.kill(middle, 'word-left'), 'word-right'),
    'line-start',
  )
  t.equal(shown(killed), '| four')
  t.equal(shown(composing.yank(killed)), 'one two three| four')
})

test('killing to the end of a line, once there, kills the line end', async (t) => {
  const start = composing.move(typed('one\ntwo'), 'start', MOVE)
  t.equal(shown(composing.kill(composing.kill(start, 'line-end'), 'line-end')), '|two')
})

test('a yank can be turned into what was killed before it', async (t) => {
  const first = composing.kill(typed('first'), 'line-start')
  const second = composing.kill(composing.type(first, 'second'), 'line-start')
  const yanked = composing.yank(second)
  t.equal(shown(yanked), 'second|')
  t.equal(shown(composing.yankOlder(yanked)), 'first|')
  t.equal(shown(composing.yankOlder(composing.yankOlder(yanked))), 'second|')
  t.equal(composing.yankOlder(second), second, 'only right after a yank')
})

test('a short paste is text, a long one a chip', async (t) => {
  const short = composing.paste(typed('see '), 'one\r\ntwo\rthree')
  t.equal(shown(short), 'see one\ntwo\nthree|')
  t.same(short.draft.chips, [])
  const { draft } = composing.paste(typed('see '), LINES)
  t.same(draft.chips, [{ start: 4, end: 4 + LINES.length, confirmed: false }])
  t.equal(draft.text, `see ${LINES}`, 'all of it is sent')
})

test('a chip is passed over, killed, yanked and erased as one', async (t) => {
  const chip = composing.paste(typed('a'), LINES)
  const { cursor } = composing.move(chip, 'left', MOVE).draft
  t.equal(cursor, 1)
  t.equal(composing.move(chip, 'line-start', MOVE).draft.cursor, 0)
  t.equal(shown(composing.erase(chip, 'left')), 'a|')
  t.same(composing.yank(composing.kill(chip, 'word-left')).draft, chip.draft)
})

test('a chip can be expanded, and is one again when that is undone', async (t) => {
  const chip = composing.paste(openComposer(), LINES)
  const expanded = composing.expandChip(chip)
  t.same([expanded.draft.chips, expanded.draft.text], [[], LINES])
  t.same(composing.undo(expanded).draft, chip.draft)
})

test('a chip waits for a yes before it is sent', async (t) => {
  const chip = composing.paste(openComposer(), LINES)
  t.equal(chipsToConfirm(chip.draft).length, 1)
  const confirmed = composing.confirmChips(chip)
  t.same(chipsToConfirm(confirmed.draft), [])
  t.equal(composing.confirmChips(confirmed), confirmed)
})

test('a text that would be too long is refused whole, and by how much', async (t) => {
  const full = composing.type(openComposer({ bytesMax: 5 }), 'abcd')
  const refused = composing.paste(full, 'éé')
  t.equal(shown(refused), 'abcd|')
  t.same(refused.last, { kind: 'refused', bytesOver: 3 })
  t.equal(composing.bytesOf(composing.type(refused, 'e')), 5)
})

test('what was sent can be recalled, and what stood there comes back', async (t) => {
  const sent = composing.afterSending(composing.type(composing.afterSending(typed('one')), 'two'))
  t.equal(shown(sent), '|')
  t.equal(composing.undo(sent), sent, 'what was sent is not undone')
  const draft = composing.type(sent, 'draft')
  const older = composing.recall(composing.recall(draft, 'older'), 'older')
  t.equal(shown(older), 'one|')
  t.equal(composing.recall(older, 'older'), older)
  const newer = composing.recall(composing.recall(older, 'newer'), 'newer')
  t.equal(shown(newer), 'draft|')
  t.equal(composing.recall(newer, 'newer'), newer)
})

test('a cleared draft can be had back', async (t) => {
  t.equal(shown(composing.undo(composing.clear(typed('draft')))), 'draft|')
})

test('half a character becomes one that shows it', async (t) => {
  t.equal(typed('a\ud83d').draft.text, 'a\ufffd')
})
