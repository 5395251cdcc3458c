import { breaks } from './breaks.js'
import { prekeysOnce } from './prekeys.js'
import { registered, taken, alice, bob, GOOD, restored } from './made-history.js'

breaks(prekeysOnce, {
  'a one-time prekey that is handed out twice': { records: [...GOOD.records, taken(7)] },
  'a last resort while there are others': { records: [registered(2, [7]), taken(8, true)] },
  'private keys that outlive a restore': {
    marks: restored,
    findings: [alice, { ...bob, oneTimePrekeys: 2 }],
  },
})
