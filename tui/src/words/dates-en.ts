import type { DateWords } from './words.js'

/** As the Unicode CLDR has them for British English, which a test holds them against. */
const WEEKDAYS = [
  ...['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
] as const
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
] as const

/** A week without the day that has the same name. */
const NAMED_DAYS_MS = 6 * 24 * 60 * 60 * 1000

/**
 * Written without `Intl`: the first format of a process takes it ten milliseconds and more, and the
 * first frame of the screen has times in it.
 */
export const DATES_ENGLISH: DateWords = {
  time,
  dayKey,
  day: (atMs, nowMs) => {
    const [at, now] = [new Date(atMs), new Date(nowMs)]
    const key = keyOf(at)
    if (key === keyOf(now)) return 'Today'
    // By the calendar, so that no change to or from summer time matters.
    if (key === keyOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)))
      return 'Yesterday'
    const day = `${String(at.getDate())} ${monthOf(at)}`
    if (at.getFullYear() !== now.getFullYear()) return `${day} ${String(at.getFullYear())}`
    return `${weekdayOf(at)} ${day}`
  },
  // Within a week the name of the day says which one is meant.
  shortDay: (atMs, nowMs) => {
    const at = new Date(atMs)
    return nowMs - atMs < NAMED_DAYS_MS ? short(weekdayOf(at)) : shortDate(at)
  },
  moment: (atMs) => {
    const at = new Date(atMs)
    return `${short(weekdayOf(at))} ${shortDate(at)} ${time(atMs)}`
  },
}

function time(atMs: number): string {
  const at = new Date(atMs)
  return `${two(at.getHours())}:${two(at.getMinutes())}`
}

function dayKey(atMs: number): string {
  return keyOf(new Date(atMs))
}

function keyOf(at: Date): string {
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

function shortDate(at: Date): string {
  const month = monthOf(at)
  return `${String(at.getDate())} ${month === 'September' ? 'Sept' : short(month)}`
}

function weekdayOf(at: Date): string {
  return WEEKDAYS[at.getDay()] ?? ''
}

function monthOf(at: Date): string {
  return MONTHS[at.getMonth()] ?? ''
}

function short(name: string): string {
  return name.slice(0, 3)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
