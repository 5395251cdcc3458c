import fc from 'fast-check'
import { test } from 'tap'

import { graphemesOf } from '../../src/text/graphemes.js'
import { PROBE_REPORTS, probeBytes, readProbe } from '../../src/text/probe.js'
import { makeWidths, STANDARD, UNPROBED } from '../../src/text/widths.js'
import { ANY_TEXT } from '../support/texts.js'

const FAMILY = '👨\u200d👩\u200d👧'
/** What tmux 3.3a advanced for the samples, in their order. */
const TMUX = [2, 2, 2, 5, 3, 3, 2, 3]

test('every sample is printed at the beginning of a line and asks for the cursor behind it', async (t) => {
  const asked = probeBytes().split('\u001b[6n').slice(0, -1)
  t.equal(asked.length, PROBE_REPORTS)
  t.ok(asked.every((each) => /^(?:\r\u001b\[K)?\r[^\r]+$/.test(each)))
})

test('the columns of the cursor tell the width of each class', async (t) => {
  t.same(readProbe(Array.from({ length: PROBE_REPORTS }, () => 3)), STANDARD)
})

test('a class is not trusted where a terminal treats two of it otherwise', async (t) => {
  t.same(readProbe(TMUX), { vs16: 1, keycap: 1, skinTone: 4, zwj: undefined, flag: 2 })
})

test('a terminal that stops answering is not trusted with what is missing', async (t) => {
  t.same(readProbe([3]), UNPROBED)
  t.same(readProbe([1, 1]), UNPROBED)
})

test('where terminals are not agreed, a picture becomes its name or text', async (t) => {
  const { shown } = makeWidths(readProbe(TMUX))
  t.equal(shown('⚠\ufe0f ❤\ufe0f 1\ufe0f\u20e3'), '⚠ ❤ [1]')
  t.equal(shown('👍🏽 🐻🏽'), ':thumbsup_tone3: 🐻')
  t.equal(shown('🏳\ufe0f\u200d🌈 👩🏽\u200d🎤'), ':rainbow_flag: :woman_singer:')
  t.equal(shown('🦊\u200d🧶'), '🦊🧶')
  t.equal(makeWidths(UNPROBED).shown('🇩🇪'), ':flag-de:')
})

test('what a terminal draws as wide as it counts stays as it was written', async (t) => {
  const text = `⚠\ufe0f 1\ufe0f\u20e3 👍🏽 ${FAMILY} 🇩🇪 e\u0301 東京 क्षि`
  t.equal(makeWidths(STANDARD).shown(text), text)
})

test('what no font has is taken apart, whatever the terminal', async (t) => {
  const { shown } = makeWidths(STANDARD)
  t.equal(shown('🦊\u200d🧶 🇽🇽 a🏽🏽'), '🦊🧶 :flag-xx: a')
})

test('half a flag, a tone by itself and a flag of a region are said in letters, whatever the terminal', async (t) => {
  const { shown } = makeWidths(STANDARD)
  t.equal(shown('🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'), ':flag-gbeng:')
  t.equal(shown('🇩'), 'D')
  t.equal(shown('🏽'), ':tone3:')
})

test('marks without end, joiners without a neighbour and invisible letters do not get through', async (t) => {
  const { shown } = makeWidths(STANDARD)
  t.equal(shown(`a${'\u0301'.repeat(500)}`), `a${'\u0301'.repeat(8)}`)
  t.equal(shown('\u200d\u0301a'), '\u25cc\u0301a')
  t.equal(shown('a\u{e0041}\u{e0042}b\u00ad\u3164c'), 'abc')
})

test('a grapheme is as wide as a terminal counts its characters, where it is no emoji', async (t) => {
  const { of } = makeWidths(STANDARD)
  t.same(['a', 'é', 'e\u0301', '東', '한', 'क्षि', '🦊', FAMILY, '🇩🇪'].map(of), [
    ...[1, 1, 1, 2, 2, 3, 2, 2, 2],
  ])
})

test('what is shown is never wider than two columns a character, on any terminal', async (t) => {
  const answers = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: PROBE_REPORTS })
  fc.assert(
    fc.property(ANY_TEXT, answers, (text, columns) => {
      const { of, shown } = makeWidths(readProbe(columns))
      const emoji = graphemesOf(shown(text)).filter((each) =>
        /^\p{Extended_Pictographic}/u.test(each),
      )
      return emoji.every((each) => of(each) <= 2)
    }),
  )
  t.pass('for every text that was tried')
})

test('to show a text twice is to show it once', async (t) => {
  fc.assert(
    fc.property(ANY_TEXT, (text) => {
      const { shown } = makeWidths(UNPROBED)
      return shown(shown(text)) === shown(text)
    }),
  )
  t.pass('for every text that was tried')
})
