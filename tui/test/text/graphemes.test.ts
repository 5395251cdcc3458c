import fc from 'fast-check'
import { test } from 'tap'

import { graphemesOf, isSeparate } from '../../src/text/graphemes.js'

const CODE_UNITS = 0x1_0000
const AT_ONCE = 256

test('letters and signs that are told apart sooner are those that the segmenter tells apart', async (t) => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const separate = Array.from({ length: CODE_UNITS }, (_, code) => String.fromCharCode(code))
    .filter(isSeparate)
    .map((letter) => letter + letter)
  t.ok(separate.length > 30_000)
  for (let at = 0; at < separate.length; at += AT_ONCE) {
    const text = separate.slice(at, at + AT_ONCE).join('')
    const graphemes = Array.from(segmenter.segment(text), ({ segment }) => segment)
    if (graphemes.length < text.length) t.same(graphemes, text.split(''))
  }
})

test('a long text is told apart piece by piece as it is told apart at once', async (t) => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const part = fc.constantFrom(
    ...['a', ' ', '\t', '\u00a0', '\r', '\n', '\u0301', '\u200b', '\u200d', '\ufe0f', '👩', '🏽'],
    ...[
      '👨\u200d👩\u200d👧',
      '🇩',
      '🇪🇸',
      'क्ष',
      '한',
      '\u1100',
      '\u1161',
      '\ud83d',
      '\udc00',
      'ب',
      '雪',
    ],
  )
  const run = fc
    .tuple(part, fc.integer({ min: 1, max: 700 }))
    .map(([each, times]) => each.repeat(times))
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
      const text = runs.join('')
      const whole = Array.from(segmenter.segment(text), ({ segment }) => segment)
      t.same(graphemesOf(text), whole)
    }),
    { numRuns: 60 },
  )
})
