import { breaks } from './breaks.js'
import { refusalsAlike } from './refusals.js'
import { refusal } from './made-history.js'

breaks(refusalsAlike, {
  'two refusals that can be told apart': { refusals: [refusal(1), refusal(2)] },
  'a request that is not answered': { refusals: [{ ...refusal(1), answer: new Uint8Array(0) }] },
})
