/**
 * A time as a person reads it, on their clock: `14:02` today, else `2026-10-31 14:02`. `at` is
 * RFC 3339.
 */
export function shortTime(at: string, nowMs: number): string {
  const time = new Date(at)
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`
  const today = new Date(nowMs)
  return isSameDay(time, today) ? clock : `${localDay(time)} ${clock}`
}

function isSameDay(a: Date, b: Date): boolean {
  return localDay(a) === localDay(b)
}

function localDay(time: Date): string {
  return `${String(time.getFullYear())}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
