import { UsageError } from '@sotto/protocol'

/** The last millisecond of the year 9999: RFC 3339 writes years in four digits (section 1). */
export const TIME_MS_MAX = 253_402_300_799_999
/** The first of the year 0000. */
const TIME_MS_MIN = -62_167_219_200_000

/** RFC 3339 in UTC; what is later than that can be written is shown as the latest that can. */
export function timestamp(ms: number): string {
  return new Date(Math.min(ms, TIME_MS_MAX)).toISOString()
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
/** A year: longer waits are typing errors. */
const DURATION_MS_MAX = 366 * 86_400_000

/** `30s 5m 2h 7d` as milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})([smhd])$/.exec(text)
  const durationMs = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN)
  if (!(durationMs <= DURATION_MS_MAX)) {
    throw new UsageError('usage/invalid', `not a duration: ${text}`, {
      fix: 'A duration is a whole number and s, m, h or d, at most a year: 30s 5m 2h 7d',
    })
  }
  return durationMs
}

const DAY_WORDS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 }
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * A time as cli.md writes them, as RFC 3339 in UTC: RFC 3339, `HH:MM` today,
 * `yesterday|today|tomorrow [HH:MM]`, `2026-10-31 [HH:MM]` on this machine's clock, `+2h` from now and
 * `-7d` before.
 */
export function parseTime(text: string, nowMs: number): string {
  const atMs = readOffset(text, nowMs) ?? readInstant(text) ?? readLocal(text, nowMs)
  if (atMs === undefined || !(atMs >= TIME_MS_MIN && atMs <= TIME_MS_MAX)) {
    throw new UsageError('usage/invalid', `not a time: ${text}`, {
      fix: 'Write 2026-10-31T08:12:04Z, 2026-10-31, 08:12, yesterday, "yesterday 08:12", +2h or -7d.',
    })
  }
  return new Date(atMs).toISOString()
}

function readOffset(text: string, nowMs: number): number | undefined {
  if (text.startsWith('+')) return nowMs + parseDuration(text.slice(1))
  return text.startsWith('-') ? nowMs - parseDuration(text.slice(1)) : undefined
}

function readInstant(text: string): number | undefined {
  return RFC_3339.test(text) ? Date.parse(text.replace(' ', 'T')) : undefined
}

function readLocal(text: string, nowMs: number): number | undefined {
  const match =
    /^(?:(yesterday|today|tomorrow)|(\d{4})-(\d{2})-(\d{2}))?(?:(^| )(\d{2}):(\d{2}))?$/.exec(text)
  if (match === null || text === '') return undefined
  const [, word, year, month, day, , hour, minute] = match
  const time = new Date(nowMs)
  if (year === undefined) time.setDate(time.getDate() + (DAY_WORDS[word ?? 'today'] ?? 0))
  else time.setFullYear(Number(year), Number(month) - 1, Number(day))
  const hours = Number(hour ?? 0)
  const minutes = Number(minute ?? 0)
  if (hours > 23 || minutes > 59) return undefined
  const isReal = time.getMonth() + 1 === Number(month) && time.getDate() === Number(day)
  if (year !== undefined && !isReal) return undefined
  time.setHours(hours, minutes, 0, 0)
  return time.getTime()
}
