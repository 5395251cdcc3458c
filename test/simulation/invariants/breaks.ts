import t from 'tap'
import type { History } from '../history.js'
import type { Invariant } from './invariant.js'
import { GOOD } from './made-history.js'

/** Shows of an invariant that it holds where nothing went wrong, and not with each of these, by what is wrong. */
export function breaks(
  invariant: Invariant,
  histories: Readonly<Record<string, Partial<History>>>,
): void {
  t.test(`${invariant.name}: with a history in which nothing went wrong`, async (t) => {
    t.same(invariant.check(GOOD), [])
  })

  for (const [what, history] of Object.entries(histories)) {
    t.test(`${invariant.name}: not with ${what}`, async (t) => {
      t.not(invariant.check({ ...GOOD, ...history }).length, 0)
    })
  }
}
