import { test } from 'tap'

import { isSeparate } from '../../src/text/graphemes.js'

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
