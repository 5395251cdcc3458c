import { breaks } from './breaks.js'
import { everythingArrives, noTimerStays } from './peace.js'
import { sending } from './made-history.js'

breaks(everythingArrives, {
  'something that waits in the end': { isAtPeace: false },
  'a writer who never hears': { sendings: [{ ...sending, state: 'asked' }] },
})

breaks(noTimerStays, {
  'more timers than at first, beyond one for each client': { timers: { before: 3, after: 7 } },
})
