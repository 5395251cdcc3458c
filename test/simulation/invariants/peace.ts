import type { Invariant } from './invariant.js'

/** Once nothing is wrong any more everything arrives, and nothing is left to do. */
export const everythingArrives: Invariant = {
  name: 'everything arrives',
  check: ({ findings, sendings, isAtPeace }) => [
    ...sendings
      .filter(({ state }) => state === 'asked')
      .map(({ from, text }) => `${from} never heard whether “${text}” was taken`),
    ...findings.flatMap(({ name, outbox }) =>
      outbox.map((row) => `in the end ${name} still has in the outbox: ${JSON.stringify(row)}`),
    ),
    ...(isAtPeace ? [] : ['an hour after the last fault something is still under way']),
  ],
}

/**
 * 10, as far as it can be counted here: whatever happened, no timer is left of it. One a client may
 * have: its outbox waits for the hour after which a session may break again.
 */
export const noTimerStays: Invariant = {
  name: 'no timer stays',
  check: ({ timers: { before, after }, findings }) =>
    after <= before + findings.length
      ? []
      : [`${String(before)} timers were set at first, and ${String(after)} in the end`],
}
