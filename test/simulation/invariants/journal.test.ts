import { breaks } from './breaks.js'
import { journalTrue } from './journal.js'
import { came, alice, bob, heard, gapOf } from './made-history.js'

breaks(journalTrue, {
  'a seq that falls': {
    findings: [alice, { ...bob, journal: [came(2), gapOf('quota', 0), came(3, 'x')] }],
  },
  'a text that is told twice': { findings: [alice, { ...bob, journal: [came(1), came(2)] }] },
  'a text that is shown and was never told': { findings: [alice, { ...bob, journal: [] }] },
  'something told that is not on disk': { heard: [heard(came(5, 'never committed'))] },
})
