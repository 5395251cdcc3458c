import type { View } from './golden.js'

const DOWN = '\u001b[B'
const UP = '\u001b[A'
/** What is written in the line goes. */
const CTRL_U = '\u0015'

/** Every step of the first run, in the order in which one comes through it. */
export const FIRST_RUN_VIEWS: readonly View[] = [
  { name: 'first-relay', keys: '', shows: /1 of 4/, back: '' },
  { name: 'first-relay-own', keys: DOWN, shows: /› A private one/, back: UP },
  {
    name: 'first-relay-away',
    keys: 'https://away.example\r',
    shows: /connection refused/,
    back: '',
  },
  {
    name: 'first-code',
    keys: `${CTRL_U}https://relay.example\r`,
    shows: /Your sign-up code\?/,
    back: '',
  },
  {
    name: 'first-username-taken',
    keys: 'ABCD-EFGH-JKMN-PQRS-TVWX\r',
    shows: /alice\.42: taken/,
    back: '',
  },
  { name: 'first-username', keys: `${CTRL_U}dora.42`, shows: /✓ dora\.42: free/, back: '' },
  { name: 'first-key', keys: '\r', shows: /In a file that only you can read/, back: '' },
  { name: 'first-passphrase', keys: `${DOWN}\r`, shows: /The passphrase\?/, back: '' },
  { name: 'first-passphrase-differs', keys: 'one\rtwo\r', shows: /not the same/, back: '' },
  { name: 'first-conversation', keys: 'one\rone\r', shows: /Your first conversation/, back: '' },
]
