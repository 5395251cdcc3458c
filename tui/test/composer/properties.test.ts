import { Buffer } from 'node:buffer'

import fc from 'fast-check'
import { test } from 'tap'

import { snap } from '../../src/composer/boundaries.js'
import * as composing from '../../src/composer/composer.js'
import { type Composer, openComposer } from '../../src/composer/composer.js'
import type { Motion } from '../../src/composer/motions.js'
import { parseDraft, serialiseDraft } from '../../src/composer/saved-draft.js'
import { UNDO_STEPS_MAX } from '../../src/composer/undo.js'
import { wrapDraft } from '../../src/composer/wrap.js'
import { displayWidth } from '../../src/text/width.js'

type Operation = (composer: Composer) => Composer

/** Small, so that it is reached. */
const BYTES_MAX = 24
const MOTIONS: readonly Motion[] = [
  ...(['left', 'right', 'word-left', 'word-right'] as const),
  ...(['line-start', 'line-end', 'start', 'end'] as const),
]
const MOTION = fc.constantFrom(...MOTIONS)
const OPTIONS = fc.record({ extend: fc.boolean() })
const TEXT = fc.oneof(
  fc.constantFrom(
    'a',
    'word',
    ' ',
    '\n',
    'e',
    '\u0301',
    '\u200d',
    '👩',
    '🏽',
    '🇫',
    '🇷',
    '한',
    '\u1161',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const PASTED = fc.oneof(TEXT, fc.constantFrom('a\nb\nc\nd', '\n\n\n\n', '\u0301\n1\n2\n3\u200d'))

const wrap = (draft: Composer['draft']) => wrapDraft(draft, 5, displayWidth)

const OPERATION: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: TEXT.map(
      (text): Operation =>
        (each) =>
          composing.type(each, text),
    ),
  },
  {
    weight: 2,
    arbitrary: PASTED.map(
      (text): Operation =>
        (each) =>
          composing.paste(each, text),
    ),
  },
  MOTION.map(
    (motion): Operation =>
      (each) =>
        composing.erase(each, motion),
  ),
  MOTION.map(
    (motion): Operation =>
      (each) =>
        composing.kill(each, motion),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(MOTION, OPTIONS).map(
      ([motion, options]): Operation =>
        (each) =>
          composing.move(each, motion, options),
    ),
  },
  fc.tuple(fc.nat({ max: BYTES_MAX }), OPTIONS).map(
    ([at, options]): Operation =>
      (each) =>
        composing.moveTo(each, at, options),
  ),
  fc.tuple(fc.constantFrom(-1 as const, 1 as const), OPTIONS).map(
    ([by, options]): Operation =>
      (each) =>
        composing.moveRow(each, by, wrap, options),
  ),
  fc.constantFrom<Operation[]>(
    ...[composing.yank, composing.yankOlder, composing.undo, composing.redo],
    ...[composing.selectAll, composing.expandChip, composing.confirmChips, composing.clear],
    (each) => composing.recall(each, 'older'),
    (each) => composing.recall(each, 'newer'),
  ),
)
const OPERATIONS = fc.array(OPERATION, { maxLength: 40 })

function opened(): Composer {
  return composing.afterSending(composing.type(openComposer({ bytesMax: BYTES_MAX }), 'sent'))
}

/** What is wrong with a composer: nothing. */
function faultsOf({ draft, bytesMax }: Composer): string[] {
  const { text, chips, cursor, anchor } = draft
  const rules = {
    'the cursor is where one may be': snap(draft, cursor) === cursor,
    'the selection ends where a cursor may be':
      anchor === undefined || snap(draft, anchor) === anchor,
    'a selection is not empty': anchor !== cursor,
    'the text fits': Buffer.byteLength(text) <= bytesMax,
    'the text is well-formed': text.isWellFormed() && !text.includes('\r'),
    'chips are in order': chips.every(
      ({ start, end }, at) =>
        (chips[at - 1]?.end ?? 0) <= start && start < end && end <= text.length,
    ),
  }
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]))
}

test('whatever is done, the cursor stays between graphemes and the text within its bound', async (t) => {
  fc.assert(
    fc.property(OPERATIONS, (operations) => {
      let composer = opened()
      for (const operation of operations) {
        composer = operation(composer)
        t.same(faultsOf(composer), [])
      }
    }),
    { numRuns: 300 },
  )
})

test('undoing everything is the beginning, and redoing it the end', async (t) => {
  fc.assert(
    fc.property(OPERATIONS, (operations) => {
      const end = operations.reduce((each, operation) => operation(each), opened())
      const last = Array.from(end.undo.future).reduce(composing.redo, end)
      const beginning = repeat(composing.undo, last)
      t.same([beginning.draft.text, beginning.draft.chips], ['', []])
      const again = repeat(composing.redo, beginning)
      t.same([again.draft.text, again.draft.chips], [last.draft.text, last.draft.chips])
    }),
    { numRuns: 200 },
  )
})

test('a draft that was saved is the draft that is read', async (t) => {
  fc.assert(
    fc.property(OPERATIONS, (operations) => {
      const { draft } = operations.reduce((each, operation) => operation(each), opened())
      const read = parseDraft(serialiseDraft(draft))
      t.same(read, { kind: 'draft', draft: { ...draft, anchor: undefined } })
    }),
  )
})

test('motions to one side lead to its end', async (t) => {
  fc.assert(
    fc.property(OPERATIONS, (operations) => {
      const composer = operations.reduce((each, operation) => operation(each), opened())
      const to = (motion: Motion) => (each: Composer) =>
        composing.move(each, motion, { extend: false })
      t.equal(repeat(to('right'), composer).draft.cursor, composer.draft.text.length)
      t.equal(repeat(to('word-right'), composer).draft.cursor, composer.draft.text.length)
      t.equal(repeat(to('left'), composer).draft.cursor, 0)
      t.equal(repeat(to('word-left'), composer).draft.cursor, 0)
    }),
  )
})

test('the oldest steps are forgotten past a bound', async (t) => {
  const words = Array.from({ length: UNDO_STEPS_MAX + 50 }, (_, at) => `${at} `)
  const composer = words.reduce(composing.type, openComposer())
  t.equal(composer.undo.past.length, UNDO_STEPS_MAX)
})

/** Until it changes nothing more. */
function repeat(operation: Operation, composer: Composer): Composer {
  let now = composer
  for (let times = 0; times < 1000; times += 1) {
    const next = operation(now)
    if (next === now) return now
    now = next
  }
  throw new Error('it goes on for ever')
}
