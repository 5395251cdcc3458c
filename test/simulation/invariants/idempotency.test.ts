import { breaks } from './breaks.js'
import { storedOnce } from './idempotency.js'
import { submitted, GOOD } from './made-history.js'

breaks(storedOnce, {
  'a key that is stored twice': { records: [...GOOD.records, submitted(1, 2)] },
  'the same bytes under another key': { records: [...GOOD.records, submitted(2, 2, { body: 1 })] },
})
