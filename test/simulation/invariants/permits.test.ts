import { breaks } from './breaks.js'
import { permitsOnce, invitesCounted } from './permits.js'
import { spent, published, invited, GOOD } from './made-history.js'

breaks(permitsOnce, {
  'a permit that is shown for two things': { records: [...GOOD.records, spent(3, 1), spent(3, 2)] },
  'a permit that is good for one submission too many': {
    records: [...GOOD.records, spent(3, 1, 1), spent(3, 1, 2)],
  },
})

breaks(invitesCounted, {
  'an invite of one use that is good for two errands': {
    records: [...GOOD.records, published(7), invited(7, 1), invited(7, 2)],
  },
  'an invite that nobody made': { records: [...GOOD.records, invited(7, 1)] },
})
