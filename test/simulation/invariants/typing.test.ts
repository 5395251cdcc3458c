import { breaks } from './breaks.js'
import { alice, bob, event, heard } from './made-history.js'
import { typingPasses } from './typing.js'

const sender = { self: false }
const typing = (seq: number, more: object = { sender }) => event(seq, 'typing.started', more)
const { seq: _seq, ...own } = typing(1, { sender: { self: true } })

breaks(typingPasses, {
  'somebody’s typing in the journal': {
    findings: [alice, { ...bob, journal: [...bob.journal, typing(2)] }],
  },
  'somebody’s typing told with a seq': { heard: [heard(typing(2))] },
  'one’s own typing told to oneself': { heard: [heard(own)] },
})
