import { test } from 'tap'

import { parseTime } from '../src/flags/times.js'
import { nearest, parseChoice, parseCount, parseDuration, splitList } from '../src/flags/values.js'

test('a duration is a whole number and a unit', async (t) => {
  t.same(
    ['0s', '30s', '5m', '2h', '7d'].map(parseDuration),
    [0, 30_000, 300_000, 7_200_000, 604_800_000],
  )
})

for (const text of ['', '5', 's', '5x', '-5s', '1.5s', '5 s', '5S', '9999999999s', '400d']) {
  test(`“${text}” is no duration`, async (t) => {
    t.throws(() => parseDuration(text), { code: 'usage/invalid', fix: /30s 5m 2h 7d/ })
  })
}

test('a count is a whole number from 1', async (t) => {
  t.equal(parseCount('12'), 12)
  t.throws(() => parseCount('0'), { code: 'usage/invalid' })
  t.throws(() => parseCount('-1'), { code: 'usage/invalid' })
  t.throws(() => parseCount('many'), { code: 'usage/invalid' })
})

test('a word that is almost a choice is named', async (t) => {
  t.equal(parseChoice('read', ['delivered', 'read'], 'level'), 'read')
  t.throws(() => parseChoice('raed', ['delivered', 'read'], 'level'), {
    code: 'usage/invalid',
    fix: /mean read\?/,
  })
  t.throws(() => parseChoice('x', ['delivered', 'read'], 'level'), {
    code: 'usage/invalid',
    fix: /^There are:/,
  })
})

test('nothing is near to a word that resembles none', async (t) => {
  t.equal(nearest('frobnicate', ['send', 'receive']), undefined)
})

test('lists are separated by commas or repeated, and hold no doubles', async (t) => {
  t.same(splitList(['a,b', ' c', 'a', '']), ['a', 'b', 'c'])
})

const NOW = Date.parse('2026-10-31T12:00:00Z')

test('a time is RFC 3339 or an offset from now', async (t) => {
  t.equal(parseTime('2026-10-31T08:12:04Z', NOW), '2026-10-31T08:12:04.000Z')
  t.equal(parseTime('2026-10-31T08:12:04.5+02:00', NOW), '2026-10-31T06:12:04.500Z')
  t.equal(parseTime('+2h', NOW), '2026-10-31T14:00:00.000Z')
})

test('days and clock times are meant on this machine’s clock', async (t) => {
  const local = (text: string) => new Date(text).toISOString()
  t.equal(parseTime('2026-10-30', NOW), local('2026-10-30T00:00:00'))
  t.equal(parseTime('2026-10-30 08:30', NOW), local('2026-10-30T08:30:00'))
  const yesterday = new Date(NOW)
  yesterday.setDate(yesterday.getDate() - 1)
  yesterday.setHours(8, 30, 0, 0)
  t.equal(parseTime('yesterday 08:30', NOW), yesterday.toISOString())
})

const NO_TIMES = [
  ...['', 'soon', '25:00', '08:61', '2026-02-30', '2026-13-01T00:00:00Z', '+x', '2026-13-05'],
  ...['2026-00-10', '9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00+23:59'],
]
for (const text of NO_TIMES) {
  test(`“${text}” is no time`, async (t) => {
    t.throws(() => parseTime(text, NOW), { code: 'usage/invalid' })
  })
}
