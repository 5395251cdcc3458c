import { test } from 'tap'
import { EMOJI_BYTES_MAX, isEmoji } from '../src/emoji.js'

test('an emoji is one sign, however many code points it is made of', async (t) => {
  const emoji = ['👍', '👍🏽', '❤', '❤️', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🇨🇭', '1️⃣', '#⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏽', '🧑🏿‍❤️‍💋‍🧑🏻']
  t.same(
    emoji.filter((each) => !isEmoji(each)),
    [],
  )
})

test('what a newer Unicode may make an emoji of is one already', async (t) => {
  t.ok(isEmoji('\u{1FAFF}'), 'reserved for pictographs')
})

test('text, several emoji and what moves a cursor or turns a line around are none', async (t) => {
  const others = [
    '',
    'a',
    '1',
    '#',
    'é',
    ' ',
    '👍👍',
    '👍 ',
    'a👍',
    '🇨',
    '🇨🇭🇨🇭',
    '👍\u200d',
    '\u200d👍',
  ]
  const harmful = [
    '\u001b',
    '👍\n',
    '👍\u202e',
    '\u202e👍',
    '👍\ufe0f\ufe0f\ufe0f',
    '\ufe0f',
    '👍\u200d\u200d👍',
    '\ud83d',
  ]
  t.same([...others, ...harmful].filter(isEmoji), [])
})

test('an emoji is at most 64 bytes long', async (t) => {
  const family = (people: number) => Array(people).fill('👩').join('\u200d')
  t.ok(isEmoji(family(9)), `${Buffer.byteLength(family(9))} bytes`)
  t.notOk(isEmoji(family(10)), `${Buffer.byteLength(family(10))} bytes`)
  t.equal(EMOJI_BYTES_MAX, 64)
})
