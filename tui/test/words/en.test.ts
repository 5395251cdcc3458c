import { test } from 'tap'

import { ENGLISH } from '../../src/words/en.js'

process.env['TZ'] = 'Europe/Paris'
const NOW_MS = Date.parse('2026-10-25T12:00:00Z')
const DAY_MS = 24 * 60 * 60 * 1000

function day(at: string): string {
  return ENGLISH.day(Date.parse(at), NOW_MS)
}

test('a time is that of the clock of this machine', async (t) => {
  t.equal(ENGLISH.time(Date.parse('2026-07-01T22:05:00Z')), '00:05')
  t.equal(ENGLISH.dayKey(Date.parse('2026-07-01T22:05:00Z')), '2026-07-02')
})

test('a day is said as far away as it is', async (t) => {
  t.equal(day('2026-10-25T00:30:00Z'), 'Today')
  t.equal(day('2026-10-20T12:00:00Z'), 'Tuesday 20 October')
  t.equal(day('2025-12-31T12:00:00Z'), '31 December 2025')
})

test('yesterday is the day before, also where the clocks were set back between', async (t) => {
  t.equal(day('2026-10-24T12:00:00Z'), 'Yesterday')
  t.equal(
    ENGLISH.day(Date.parse('2026-10-25T12:00:00Z'), Date.parse('2026-10-26T00:10:00+01:00')),
    'Yesterday',
  )
})

test('days and months have the names that they have in English', async (t) => {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options)
  const far = format({ day: 'numeric', month: 'long', year: 'numeric' })
  const near = format({ weekday: 'long', day: 'numeric', month: 'long' })
  const weekday = format({ weekday: 'short' })
  const shortDay = format({ day: 'numeric', month: 'short' })
  const moment = format({ weekday: 'short', day: 'numeric', month: 'short' })
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const newYear = Date.parse('2027-01-01T12:00:00Z')
  for (let ago = 2; ago < 366; ago++) {
    const atMs = newYear - ago * DAY_MS
    t.equal(ENGLISH.day(atMs, newYear), far.format(atMs))
    t.equal(ENGLISH.day(atMs, newYear - 2 * DAY_MS), ago < 4 ? SAID[ago] : near.format(atMs))
    t.equal(ENGLISH.shortDay(atMs, atMs + DAY_MS), weekday.format(atMs))
    t.equal(ENGLISH.shortDay(atMs, atMs + 7 * DAY_MS), shortDay.format(atMs))
    t.equal(ENGLISH.moment(atMs), `${moment.format(atMs)} ${clock.format(atMs)}`)
  }
})

/** By how many days before the first of January, seen from two days before it. */
const SAID: readonly (string | undefined)[] = [undefined, undefined, 'Today', 'Yesterday']

test('counts have their plural, and none can mean that nobody knows', async (t) => {
  t.same([0, 1, 2].map(ENGLISH.missing), [
    'messages may be missing',
    '1 message is missing',
    '2 messages are missing',
  ])
  t.equal(ENGLISH.newMessages(1), '1 new message')
  t.equal(ENGLISH.moreLines(2), '2 more lines (Enter)')
})
