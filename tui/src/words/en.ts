import { SCREEN_ENGLISH } from './screen-en.js'
import type { Words } from './words.js'

const LOCALE = 'en-GB'
let plurals: Intl.PluralRules | undefined // Made when it is needed: most commands never do.

/** A week without the day that has the same name. */
const NAMED_DAYS_MS = 6 * 24 * 60 * 60 * 1000

/** English, with the clock of a time zone. Make it once: the formats behind it are slow to make. */
export function makeEnglish(timeZone: string): Words {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALE, { timeZone, ...options })
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const nearDay = format({ weekday: 'long', day: 'numeric', month: 'long' })
  const farDay = format({ day: 'numeric', month: 'long', year: 'numeric' })
  const weekday = format({ weekday: 'short' })
  const namedDay = format({ weekday: 'short', day: 'numeric', month: 'short' })
  const shortDay = format({ day: 'numeric', month: 'short' })
  const key = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
  })
  const dayKey = (atMs: number) => key.format(atMs)
  // Within a week the name of the day says which one is meant.
  const shortDayOf = (atMs: number, nowMs: number) =>
    (nowMs - atMs < NAMED_DAYS_MS ? weekday : shortDay).format(atMs)
  return {
    ...ENGLISH,
    screen: {
      ...SCREEN_ENGLISH,
      shortDay: shortDayOf,
      moment: (atMs) => `${namedDay.format(atMs)} ${clock.format(atMs)}`,
    },
    timeZone,
    time: (atMs) => clock.format(atMs),
    dayKey,
    day: (atMs, nowMs) => {
      const today = dayKey(nowMs)
      const day = dayKey(atMs)
      if (day === today) return 'Today'
      if (day === dayBefore(today)) return 'Yesterday'
      return (day.slice(0, 4) === today.slice(0, 4) ? nearDay : farDay).format(atMs)
    },
  }
}

/** What needs no clock. */
export const ENGLISH: Omit<Words, 'screen' | 'timeZone' | 'time' | 'day' | 'dayKey'> = {
  locale: LOCALE,
  you: 'You',
  status: {
    queued: 'queued',
    accepted: 'accepted',
    delivered: 'delivered',
    read: 'read',
    failed: 'failed',
  },
  edited: 'edited',
  silent: 'silent',
  retry: '[R]etry',
  deleted: 'message deleted',
  unsupported: '[needs a newer sotto]',
  safetyNumberChanged: 'safety number changed',
  trust: { verified: 'verified', known: 'known', request: 'request' },
  connection: { connecting: 'connecting', online: 'online', offline: 'offline' },
  caughtUp: 'caught up',
  claimHeld: 'you know somebody else by that name',
  held: 'request, not accepted yet',
  quoteMissing: 'a message that is not here',
  gapReason: {
    quota: 'the mailbox at the relay was full',
    expired: 'they waited too long at the relay',
    'relay-restored': 'the relay was restored from a backup',
    missing: 'the relay no longer has them',
    purged: 'they waited here for longer than events are kept',
    held: 'more was written than is kept of a request',
  },
  request: (who) => `request from ${who}`,
  claims: (claims) => `calls themselves ${claims}`,
  identityChanged: (who) => `${who}'s safety number changed`,
  contactChanged: (who, trust) => `${who} is now ${ENGLISH.trust[trust]}`,
  undecryptable: (who, resendAsked) => {
    const from = who === undefined ? '' : ` from ${who}`
    // All refusals of a sealed thing say the same: the reason adds nothing for a reader.
    const asked = resendAsked ? '; asked to send it again' : ''
    return `a message${from} could not be opened${asked}`
  },
  missing: (count) => {
    if (count === 0) return 'messages may be missing'
    return plural(count, 'message is missing', 'messages are missing')
  },
  newMessages: (count) => plural(count, 'new message', 'new messages'),
  newBelow: (count) => `${String(count)} new below (End)`,
  moreLines: (count) => `${plural(count, 'more line', 'more lines')} (Enter)`,
}

function plural(count: number, one: string, other: string): string {
  plurals ??= new Intl.PluralRules(LOCALE)
  return `${String(count)} ${plurals.select(count) === 'one' ? one : other}`
}

/** Of a date without a clock, so that no change to or from summer time matters. */
function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}
