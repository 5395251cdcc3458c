import { breaks } from './breaks.js'
import { everythingOpens } from './opens.js'
import { event, came, alice, bob } from './made-history.js'

breaks(everythingOpens, {
  'an envelope that does not open, and no restore': {
    findings: [alice, { ...bob, journal: [came(1), event(2, 'message.undecryptable', {})] }],
  },
  'a ratchet that fails, whatever the clock says': {
    relayWasAhead: true,
    findings: [
      alice,
      {
        ...bob,
        journal: [came(1), event(2, 'message.undecryptable', { resendAsked: true })],
      },
    ],
  },
})
