import { breaks } from './breaks.js'
import { everybodyRecovers } from './recovery.js'
import { alice, bobWithout, sending } from './made-history.js'

breaks(everybodyRecovers, {
  'a text that does not arrive although the relay is honest again': {
    lies: ['withholds an envelope'],
    afterwards: [sending],
    findings: [alice, bobWithout],
  },
})
