import type { EventObject } from '@sotto/client-core'
import t from 'tap'
import { breaks } from './breaks.js'
import { exactlyOnce } from './exactly-once.js'
import {
  TEXT,
  wrote,
  became,
  shown,
  alice,
  bob,
  bobWithout,
  GOOD,
  restored,
  gapOf,
} from './made-history.js'

breaks(exactlyOnce, {
  'an accepted text that its recipient does not have': { findings: [alice, bobWithout] },
  'a text that is shown twice': {
    findings: [alice, { ...bob, conversations: shown('alice', [TEXT, TEXT]) }],
  },
  'a text that is lost after a restore that took nothing': {
    marks: [
      { kind: 'backup', records: 5 },
      { kind: 'restore', records: 5 },
    ],
    findings: [alice, { ...bobWithout, journal: [gapOf('relay-restored', 0)] }],
  },
  'a text that a restore took and nobody submitted again': {
    ...{ records: GOOD.records.slice(0, 4), marks: restored },
    findings: [
      { ...alice, journal: [wrote(1), became(2, 'accepted'), gapOf('relay-restored', 0)] },
      { ...bobWithout, journal: [gapOf('relay-restored', 0)] },
    ],
  },
})

t.test('what a restore took, a block dropped or a gap told of is not lost silently', async (t) => {
  const { check } = exactlyOnce
  const missing = { ...GOOD, findings: [{ ...alice, journal: [] }, bobWithout] }
  const withJournal = (journal: readonly EventObject[]) => [alice, { ...bobWithout, journal }]
  const records = GOOD.records.slice(0, 4)

  t.same(check({ ...missing, blocks: new Set(['bob of alice']) }), [])
  t.same(check({ ...missing, findings: withJournal([gapOf('quota', 1)]) }), [])
  t.same(
    check({
      ...missing,
      ...{ records, marks: restored, findings: withJournal([gapOf('relay-restored', 0)]) },
    }),
    [],
  )
})
