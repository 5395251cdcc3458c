import { breaks } from './breaks.js'
import { authorsTrue } from './authors.js'
import { BOB, TEXT, came, shown, alice, bob } from './made-history.js'

breaks(authorsTrue, {
  'a text that is told as from somebody else': {
    findings: [alice, { ...bob, journal: [came(1, TEXT, BOB)] }],
  },
  'a text in the conversation with somebody who did not write it': {
    findings: [alice, { ...bob, conversations: shown('carol', [TEXT]) }],
  },
})
