import { breaks } from './breaks.js'
import { relayLearnsNothing } from './secrecy.js'
import { id, TEXT } from './made-history.js'

breaks(relayLearnsNothing, {
  'a text in the relay’s database, in base64': {
    relayRows: new Map([['t', [{ value: Buffer.from(`x${TEXT}`).toString('base64') }]]]),
  },
  'an account in an envelope': { relayRows: new Map([['envelope', [{ body: id(1) }]]]) },
})
