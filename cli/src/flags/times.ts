import { UsageError } from '@sotto/protocol'

import { parseDuration } from './values.js'

const DAY_WORDS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 }
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * A time as cli.md writes them, as RFC 3339 in UTC: RFC 3339, `HH:MM` today,
 * `yesterday|today|tomorrow HH:MM`, `2026-10-31 [HH:MM]` on this machine's clock, and `+2h` from now.
 */
export function parseTime(text: string, nowMs: number): string {
  const atMs = readOffset(text, nowMs) ?? readInstant(text) ?? readLocal(text, nowMs)
  if (atMs === undefined || Number.isNaN(atMs)) {
    throw new UsageError('usage/invalid', `not a time: ${text}`, {
      fix: 'Write 2026-10-31T08:12:04Z, 2026-10-31, 08:12, "yesterday 08:12" or +2h.',
    })
  }
  return new Date(atMs).toISOString()
}

function readOffset(text: string, nowMs: number): number | undefined {
  return text.startsWith('+') ? nowMs + parseDuration(text.slice(1)) : undefined
}

function readInstant(text: string): number | undefined {
  return RFC_3339.test(text) ? Date.parse(text.replace(' ', 'T')) : undefined
}

function readLocal(text: string, nowMs: number): number | undefined {
  const match =
    /^(?:(?:(yesterday|today|tomorrow) )?(\d{2}):(\d{2})|(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}))?)$/.exec(
      text,
    )
  if (match === null) return undefined
  const [, word, hour, minute, year, month, day, hourOfDay, minuteOfDay] = match
  const time = new Date(nowMs)
  if (year === undefined) time.setDate(time.getDate() + (DAY_WORDS[word ?? 'today'] ?? 0))
  else time.setFullYear(Number(year), Number(month) - 1, Number(day))
  const hours = Number(hour ?? hourOfDay ?? 0)
  const minutes = Number(minute ?? minuteOfDay ?? 0)
  if (hours > 23 || minutes > 59) return undefined
  if (year !== undefined && time.getDate() !== Number(day)) return undefined
  time.setHours(hours, minutes, 0, 0)
  return time.getTime()
}
