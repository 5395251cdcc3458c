import type { EventObject } from '@sotto/client-core'
import t from 'tap'
import { breaks } from './breaks.js'
import { firstInFirstOut } from './fifo.js'
import {
  BOB,
  event,
  wrote,
  came,
  became,
  alice,
  bob,
  sending,
  GOOD,
  gapOf,
} from './made-history.js'

/** Two texts, of which the second is told of first. */
const reordered = { sendings: [sending, { ...sending, number: 2, text: 'two' }] }

breaks(firstInFirstOut, {
  'a second text before the first': {
    ...reordered,
    findings: [
      { ...alice, journal: [wrote(1), wrote(2, 'two', 'n')] },
      { ...bob, journal: [came(1, 'two'), came(2)] },
    ],
  },
  'a text that comes late, was delivered before the restore and is not submitted again': {
    ...reordered,
    findings: [
      {
        ...alice,
        journal: [
          ...[wrote(1), wrote(2, 'two', 'n'), became(3, 'accepted'), became(4, 'delivered')],
          gapOf('relay-restored', 0),
        ],
      },
      { ...bob, journal: [came(1, 'two'), gapOf('relay-restored', 0), came(10)] },
    ],
  },
  'a text that comes late because somebody else was asked for another': {
    ...reordered,
    findings: [
      { ...alice, journal: [wrote(1), wrote(2, 'two', 'n')] },
      {
        ...bob,
        journal: [
          came(1, 'two'),
          event(2, 'message.undecryptable', { resendAsked: true, sender: { id: BOB } }),
          came(3),
        ],
      },
    ],
  },
})

t.test('a text may be late that was asked for, or submitted again after a restore', async (t) => {
  const { check } = firstInFirstOut
  const findings = (authors: readonly EventObject[], between: EventObject) => [
    { ...alice, journal: [wrote(1), wrote(2, 'two', 'n'), ...authors] },
    { ...bob, journal: [came(1, 'two'), between, came(10)] },
  ]
  const restore = gapOf('relay-restored', 0)
  const asked = event(2, 'message.undecryptable', {
    ...{ resendAsked: true, sender: { id: alice.account } },
  })

  t.same(check({ ...GOOD, ...reordered, findings: findings([], asked) }), [])
  t.same(
    check({ ...GOOD, ...reordered, findings: findings([became(3, 'accepted'), restore], restore) }),
    [],
  )
})
