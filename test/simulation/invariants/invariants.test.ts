import type { EventObject } from '@sotto/client-core'
import type { Operation, Outcome } from '@sotto/relay'
import t from 'tap'
import type { Finding, Heard, History, Sending } from '../history.js'
import type { StoreRecord } from '../relay-host.js'
import { INVARIANTS } from './index.js'

/** Bytes of an id that is one number all over. */
const id = (number: number): Uint8Array<ArrayBuffer> => new Uint8Array(16).fill(number)
const ALICE = '01010101-0101-0101-0101-010101010101'
const BOB = '02020202-0202-0202-0202-020202020202'
const BOBS_MAILBOX = id(22)
const TEXT = 'a text, unlike any other'

function record(operation: unknown, output: unknown, at: Partial<StoreRecord> = {}): StoreRecord {
  const outcome = { kind: 'done', output } as Outcome
  return { atMs: 10, epoch: 1, operation: operation as Operation, outcome, ...at }
}

function registered(account: number, prekeys: readonly number[] = []): StoreRecord {
  const oneTimeKyber = prekeys.map((key) => ({ id: key, publicKey: id(key) }))
  return record(
    {
      name: 'register',
      input: {
        account: id(account),
        device: { device: 1, mailbox: id(account + 20) },
        prekeys: { oneTimeEc: [], oneTimeKyber, replace: false },
        prekeysMax: 100,
      },
    },
    { kind: 'created', route: id(account + 40) },
  )
}

function submitted(
  key: number,
  seq: number,
  { body = key, ...at }: Partial<StoreRecord> & { readonly body?: number } = {},
): StoreRecord {
  const envelope = { mailbox: BOBS_MAILBOX, key: id(key), body: id(body + 100) }
  const row = { kind: 'envelope', seq, arrivalMs: 10, stranger: false, body: envelope.body }
  return record(
    { name: 'submit', input: { envelopes: [envelope], stranger: false, arrivalMs: 10 } },
    { kind: 'stored', arrivalMs: 10, placed: [{ mailbox: BOBS_MAILBOX, row }] },
    at,
  )
}

function acknowledged(seq: number): StoreRecord {
  return record(
    { name: 'acknowledge', input: { mailbox: BOBS_MAILBOX, seq, forgetDay: 99 } },
    'done',
  )
}

function taken(key: number, lastResort = false): StoreRecord {
  const kyber = { id: key, publicKey: id(key) }
  const device = { device: 1, registrationId: 1, oneTimeEc: undefined, kyber, lastResort }
  return record(
    { name: 'take-prekeys', input: { account: id(2), devices: [], lastResortOnly: false } },
    { kind: 'taken', devices: [device], low: [] },
  )
}

function event(seq: number, type: string, more: object): EventObject {
  const common = { seq, id: `e_${String(seq)}`, ts: '', account: '', type }
  return { ...common, ...more } as EventObject
}

const wrote = (seq: number, text = TEXT) => event(seq, 'message.sent', { message: { text } })
const came = (seq: number, text = TEXT, sender = ALICE) =>
  event(seq, 'message.received', { message: { text }, sender: { id: sender } })

function became(seq: number, status: string): EventObject {
  return event(seq, 'message.status', {
    message: { id: 'm', status },
    conversation: { name: '@bob.42' },
  })
}

function found(name: string, more: Partial<Finding>): Finding {
  const account = name === 'alice' ? ALICE : BOB
  const nothing = { journal: [], conversations: new Map(), outbox: [], oneTimePrekeys: 0 }
  return { name, account, ...nothing, ...more }
}

function shown(other: string, texts: readonly string[], status?: string) {
  const messages = texts.map((text) => ({ message: { text, status } }))
  return new Map([[other, messages]]) as unknown as Finding['conversations']
}

const alice = found('alice', {
  journal: [wrote(1), became(2, 'accepted'), became(3, 'delivered')],
  conversations: shown('bob', [TEXT], 'delivered'),
})
const bob = found('bob', { journal: [came(1)], conversations: shown('alice', [TEXT]) })
const bobWithout = found('bob', {})
const sending: Sending = {
  ...{ number: 1, from: 'alice', to: 'bob', text: TEXT, id: 'send-1' },
  ...{ state: 'sent', askedMs: 0 },
}

/** Alice wrote to Bob, who has it, and nothing else ever happened. */
const GOOD: History = {
  sendings: [sending],
  records: [registered(1), registered(2, [7]), taken(7), submitted(1, 1), acknowledged(1)],
  marks: [],
  heard: [{ name: 'alice', atMs: 10, event: became(2, 'accepted') }],
  findings: [alice, bob],
  blocks: new Set(),
  bugs: [],
  relayRows: new Map(),
  markers: ['unlike any other'],
  refusals: [],
  lies: [],
  swapped: new Set(),
  afterwards: [],
  relayWasAhead: false,
  isAtPeace: true,
  timers: { before: 3, after: 3 },
}

const refusal = (answer: number) =>
  ({ question: 'bundle', about: 'nobody', answer: id(answer) }) as const
const heard = (told: EventObject): Heard => ({ name: 'bob', atMs: 10, event: told })
const restored = [
  { kind: 'backup', records: 3 },
  { kind: 'restore', records: 4 },
] as const
const gapOf = (reason: string, count: number) => event(9, 'gap', { reason, count })

interface Bad {
  readonly invariant: string
  readonly what: string
  readonly history: Partial<History>
}

const BAD: readonly Bad[] = [
  { invariant: 'no bug', what: 'an assertion that broke', history: { bugs: ['assert'] } },
  {
    invariant: 'exactly once',
    what: 'an accepted text that its recipient does not have',
    history: { findings: [alice, bobWithout] },
  },
  {
    invariant: 'exactly once',
    what: 'a text that is shown twice',
    history: {
      findings: [alice, { ...bob, conversations: shown('alice', [TEXT, TEXT]) }],
    },
  },
  {
    invariant: 'exactly once',
    what: 'a text that is lost after a restore that took nothing',
    history: {
      marks: [
        { kind: 'backup', records: 5 },
        { kind: 'restore', records: 5 },
      ],
      findings: [alice, { ...bobWithout, journal: [gapOf('relay-restored', 0)] }],
    },
  },
  {
    invariant: 'stored once',
    what: 'a key that is stored twice',
    history: { records: [...GOOD.records, submitted(1, 2)] },
  },
  {
    invariant: 'stored once',
    what: 'the same bytes under another key',
    history: { records: [...GOOD.records, submitted(2, 2, { body: 1 })] },
  },
  {
    invariant: 'seq rises',
    what: 'a seq that is given again',
    history: { records: [...GOOD.records, submitted(2, 1)] },
  },
  {
    invariant: 'seq rises',
    what: 'a place that is given again after a restore, in the same epoch',
    history: { marks: restored, records: [...GOOD.records, submitted(3, 1)] },
  },
  {
    invariant: 'first in, first out',
    what: 'a second text before the first',
    history: {
      sendings: [sending, { ...sending, number: 2, text: 'two' }],
      findings: [
        { ...alice, journal: [wrote(1), wrote(2, 'two')] },
        { ...bob, journal: [came(1, 'two'), came(2)] },
      ],
    },
  },
  {
    invariant: 'nothing goes unacknowledged',
    what: 'an envelope that is gone and was never acknowledged',
    history: { records: GOOD.records.slice(0, -1) },
  },
  {
    invariant: 'nothing goes unacknowledged',
    what: 'a hole in a mailbox',
    history: { findings: [alice, { ...bob, journal: [came(1), gapOf('missing', 1)] }] },
  },
  {
    invariant: 'prekeys once',
    what: 'a one-time prekey that is handed out twice',
    history: { records: [...GOOD.records, taken(7)] },
  },
  {
    invariant: 'prekeys once',
    what: 'a last resort while there are others',
    history: { records: [registered(2, [7]), taken(8, true)] },
  },
  {
    invariant: 'prekeys once',
    what: 'private keys that outlive a restore',
    history: { marks: restored, findings: [alice, { ...bob, oneTimePrekeys: 2 }] },
  },
  {
    invariant: 'everything opens',
    what: 'an envelope that does not open, and no restore',
    history: {
      findings: [alice, { ...bob, journal: [came(1), event(2, 'message.undecryptable', {})] }],
    },
  },
  {
    invariant: 'everything opens',
    what: 'a ratchet that fails, whatever the clock says',
    history: {
      relayWasAhead: true,
      findings: [
        alice,
        {
          ...bob,
          journal: [came(1), event(2, 'message.undecryptable', { resendAsked: true })],
        },
      ],
    },
  },
  {
    invariant: 'refusals alike',
    what: 'two refusals that can be told apart',
    history: { refusals: [refusal(1), refusal(2)] },
  },
  {
    invariant: 'refusals alike',
    what: 'a request that is not answered',
    history: { refusals: [{ ...refusal(1), answer: new Uint8Array(0) }] },
  },
  {
    invariant: 'the relay learns nothing',
    what: 'a text in the relay’s database, in base64',
    history: {
      relayRows: new Map([['t', [{ value: Buffer.from(`x${TEXT}`).toString('base64') }]]]),
    },
  },
  {
    invariant: 'the relay learns nothing',
    what: 'an account in an envelope',
    history: { relayRows: new Map([['envelope', [{ body: id(1) }]]]) },
  },
  {
    invariant: 'a status is true',
    what: 'a status that goes back',
    history: {
      findings: [{ ...alice, journal: [wrote(1), became(2, 'read'), became(3, 'accepted')] }, bob],
    },
  },
  {
    invariant: 'a status is true',
    what: 'a receipt for what nobody has',
    history: { findings: [alice, bobWithout] },
  },
  {
    invariant: 'a status is true',
    what: 'accepted before the relay has it',
    history: {
      records: [...GOOD.records.slice(0, 3), submitted(1, 1, { atMs: 11 }), acknowledged(1)],
    },
  },
  {
    invariant: 'a status is true',
    what: 'a receipt for what is still held',
    history: {
      heard: [
        { name: 'alice', atMs: 10, event: became(2, 'accepted') },
        { name: 'alice', atMs: 11, event: became(3, 'delivered') },
        {
          ...{ name: 'bob', atMs: 12 },
          event: event(1, 'message.received', { message: { id: 'm', text: TEXT } }),
        },
      ],
    },
  },
  {
    invariant: 'a status is true',
    what: 'a text that was taken on and is shown nowhere',
    history: { findings: [{ ...alice, conversations: new Map() }, bob] },
  },
  {
    invariant: 'the journal is true',
    what: 'a seq that falls',
    history: { findings: [alice, { ...bob, journal: [came(2), gapOf('quota', 0), came(3, 'x')] }] },
  },
  {
    invariant: 'the journal is true',
    what: 'a text that is told twice',
    history: { findings: [alice, { ...bob, journal: [came(1), came(2)] }] },
  },
  {
    invariant: 'the journal is true',
    what: 'a text that is shown and was never told',
    history: { findings: [alice, { ...bob, journal: [] }] },
  },
  {
    invariant: 'the journal is true',
    what: 'something told that is not on disk',
    history: { heard: [heard(came(5, 'never committed'))] },
  },
  {
    invariant: 'authors are true',
    what: 'a text that is told as from somebody else',
    history: { findings: [alice, { ...bob, journal: [came(1, TEXT, BOB)] }] },
  },
  {
    invariant: 'authors are true',
    what: 'a text in the conversation with somebody who did not write it',
    history: { findings: [alice, { ...bob, conversations: shown('carol', [TEXT]) }] },
  },
  {
    invariant: 'everybody recovers',
    what: 'a text that does not arrive although the relay is honest again',
    history: {
      lies: ['withholds an envelope'],
      afterwards: [sending],
      findings: [alice, bobWithout],
    },
  },
  {
    invariant: 'everything arrives',
    what: 'something that waits in the end',
    history: { isAtPeace: false },
  },
  {
    invariant: 'everything arrives',
    what: 'a writer who never hears',
    history: { sendings: [{ ...sending, state: 'asked' }] },
  },
  {
    invariant: 'no timer stays',
    what: 'more timers than at first, beyond one for each client',
    history: { timers: { before: 3, after: 7 } },
  },
]

t.test('a history in which nothing went wrong breaks nothing', async (t) => {
  t.same(
    INVARIANTS.flatMap(({ check }) => check(GOOD)),
    [],
  )
})

for (const { invariant, what, history } of BAD) {
  t.test(`${invariant}: not with ${what}`, async (t) => {
    const found = INVARIANTS.find(({ name }) => name === invariant)

    t.not(found?.check({ ...GOOD, ...history }).length ?? 0, 0)
  })
}

t.test('what a relay withholds, reorders or says of itself is excused where it lied', async (t) => {
  const lies = ['withholds an envelope']
  const accepted = { ...alice, conversations: shown('bob', [TEXT], 'accepted') }
  const gap = { ...bobWithout, journal: [gapOf('missing', 1)] }

  t.same(brokenIn({ lies, findings: [accepted, gap], records: [registered(1), registered(2)] }), [])
})

t.test(
  'no lie excuses a text shown twice, to somebody else or as from somebody else',
  async (t) => {
    const lies = ['gives a username to another account']
    const swapped = new Set(['bob as dave'])
    const carol = found('carol', { journal: [came(1)], conversations: shown('alice', [TEXT]) })
    const twice = { ...bob, conversations: shown('alice', [TEXT, TEXT]) }
    const asCarols = { ...bob, conversations: shown('carol', [TEXT]) }

    t.same(brokenIn({ lies, swapped, findings: [alice, twice] }), ['exactly once'])
    t.same(brokenIn({ lies, swapped, findings: [alice, bob, carol] }), ['exactly once'])
    t.ok(brokenIn({ lies, swapped, findings: [alice, asCarols] }).includes('authors are true'))
  },
)

t.test('who is given another’s account for a name they never met writes to that one', async (t) => {
  const lies = ['gives a username to another account']
  const carol = found('carol', { journal: [came(1)], conversations: shown('alice', [TEXT]) })
  const author = { ...alice, journal: [wrote(1)], conversations: shown('carol', [TEXT]) }
  const history = { lies, heard: [], findings: [author, bobWithout, carol] }

  t.same(brokenIn({ ...history, swapped: new Set(['bob as carol']) }), [])
  t.not(brokenIn({ ...history, swapped: new Set() }).length, 0)
})

t.test('every invariant is shown to fail', async (t) => {
  const shownToFail = new Set(BAD.map(({ invariant }) => invariant))

  t.same(
    INVARIANTS.filter(({ name }) => !shownToFail.has(name)),
    [],
  )
})

t.test('what a restore took, a block dropped or a gap told of is not lost silently', async (t) => {
  const check = INVARIANTS.find(({ name }) => name === 'exactly once')?.check ?? (() => ['none'])
  const missing = { ...GOOD, findings: [{ ...alice, journal: [] }, bobWithout] }
  const withJournal = (journal: readonly EventObject[]) => [alice, { ...bobWithout, journal }]
  const records = GOOD.records.slice(0, 4)

  t.same(check({ ...missing, blocks: new Set(['bob of alice']) }), [])
  t.same(check({ ...missing, findings: withJournal([gapOf('quota', 1)]) }), [])
  t.same(
    check({
      ...missing,
      ...{ records, marks: restored, findings: withJournal([gapOf('relay-restored', 0)]) },
    }),
    [],
  )
})

/** The names of the invariants that a history breaks. */
function brokenIn(history: Partial<History>): readonly string[] {
  return INVARIANTS.filter(({ check }) => check({ ...GOOD, ...history }).length > 0).map(
    ({ name }) => name,
  )
}
