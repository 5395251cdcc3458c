import { breaks } from './breaks.js'
import { seqRises, nothingGoesUnacknowledged } from './sequence.js'
import { submitted, came, alice, bob, GOOD, restored, gapOf } from './made-history.js'

breaks(seqRises, {
  'a seq that is given again': { records: [...GOOD.records, submitted(2, 1)] },
  'a place that is given again after a restore, in the same epoch': {
    marks: restored,
    records: [...GOOD.records, submitted(3, 1)],
  },
})

breaks(nothingGoesUnacknowledged, {
  'an envelope that is gone and was never acknowledged': { records: GOOD.records.slice(0, -1) },
  'a hole in a mailbox': { findings: [alice, { ...bob, journal: [came(1), gapOf('missing', 1)] }] },
})
