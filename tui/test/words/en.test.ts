import { test } from 'tap'

import { makeEnglish } from '../../src/words/en.js'

const PARIS = makeEnglish('Europe/Paris')
const NOW_MS = Date.parse('2026-10-25T12:00:00Z')

function day(at: string): string {
  return PARIS.day(Date.parse(at), NOW_MS)
}

test('a time is that of the clock of the time zone', async (t) => {
  t.equal(PARIS.time(Date.parse('2026-07-01T22:05:00Z')), '00:05')
  t.equal(makeEnglish('UTC').time(Date.parse('2026-07-01T22:05:00Z')), '22:05')
})

test('a day is said as far away as it is', async (t) => {
  t.equal(day('2026-10-25T00:30:00Z'), 'Today')
  t.equal(day('2026-10-20T12:00:00Z'), 'Tuesday 20 October')
  t.equal(day('2025-12-31T12:00:00Z'), '31 December 2025')
})

test('yesterday is the day before, also where the clocks were set back between', async (t) => {
  t.equal(day('2026-10-24T12:00:00Z'), 'Yesterday')
  t.equal(
    PARIS.day(Date.parse('2026-10-25T12:00:00Z'), Date.parse('2026-10-26T00:10:00+01:00')),
    'Yesterday',
  )
})

test('counts have their plural, and none can mean that nobody knows', async (t) => {
  t.same([0, 1, 2].map(PARIS.missing), [
    'messages may be missing',
    '1 message is missing',
    '2 messages are missing',
  ])
  t.equal(PARIS.newMessages(1), '1 new message')
  t.equal(PARIS.moreLines(2), '2 more lines (Enter)')
})
