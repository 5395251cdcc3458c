import { breaks } from './breaks.js'
import { statusHonest } from './status.js'
import {
  TEXT,
  submitted,
  acknowledged,
  event,
  wrote,
  became,
  alice,
  bob,
  bobWithout,
  GOOD,
} from './made-history.js'

breaks(statusHonest, {
  'a status that goes back': {
    findings: [{ ...alice, journal: [wrote(1), became(2, 'read'), became(3, 'accepted')] }, bob],
  },
  'a receipt for what nobody has': { findings: [alice, bobWithout] },
  'accepted before the relay has it': {
    records: [...GOOD.records.slice(0, 3), submitted(1, 1, { atMs: 11 }), acknowledged(1)],
  },
  'a receipt for what is still held': {
    heard: [
      { name: 'alice', atMs: 10, event: became(2, 'accepted') },
      { name: 'alice', atMs: 11, event: became(3, 'delivered') },
      {
        ...{ name: 'bob', atMs: 12 },
        event: event(1, 'message.received', { message: { id: 'm', text: TEXT } }),
      },
    ],
  },
  'a text that was taken on and is shown nowhere': {
    findings: [{ ...alice, conversations: new Map() }, bob],
  },
})
