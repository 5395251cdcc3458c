import type { Invariant } from './invariant.js'

/** What no fault explains: an assertion that broke, a rejection that nobody handled, a store that is not whole. */
export const noBug: Invariant = { name: 'no bug', check: ({ bugs }) => bugs }
