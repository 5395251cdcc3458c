import type { EventObject } from '@sotto/client-core'
import t from 'tap'
import type { History } from '../history.js'
import { INVARIANTS } from './index.js'
import {
  id,
  BOB,
  TEXT,
  registered,
  submitted,
  acknowledged,
  spent,
  published,
  invited,
  taken,
  event,
  wrote,
  came,
  became,
  found,
  shown,
  alice,
  bob,
  bobWithout,
  sending,
  GOOD,
  refusal,
  heard,
  restored,
  gapOf,
} from './made-history.js'

interface Bad {
  readonly invariant: string
  readonly what: string
  readonly history: Partial<History>
}

/** Two texts, of which the second is told of first. */
const reordered = { sendings: [sending, { ...sending, number: 2, text: 'two' }] }

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
    invariant: 'exactly once',
    what: 'a text that a restore took and nobody submitted again',
    history: {
      ...{ records: GOOD.records.slice(0, 4), marks: restored },
      findings: [
        { ...alice, journal: [wrote(1), became(2, 'accepted'), gapOf('relay-restored', 0)] },
        { ...bobWithout, journal: [gapOf('relay-restored', 0)] },
      ],
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
      ...reordered,
      findings: [
        { ...alice, journal: [wrote(1), wrote(2, 'two', 'n')] },
        { ...bob, journal: [came(1, 'two'), came(2)] },
      ],
    },
  },
  {
    invariant: 'first in, first out',
    what: 'a text that comes late, was delivered before the restore and is not submitted again',
    history: {
      ...reordered,
      findings: [
        {
          ...alice,
          journal: [
            ...[wrote(1), wrote(2, 'two', 'n'), became(3, 'accepted'), became(4, 'delivered')],
            gapOf('relay-restored', 0),
          ],
        },
        { ...bob, journal: [came(1, 'two'), gapOf('relay-restored', 0), came(10)] },
      ],
    },
  },
  {
    invariant: 'first in, first out',
    what: 'a text that comes late because somebody else was asked for another',
    history: {
      ...reordered,
      findings: [
        { ...alice, journal: [wrote(1), wrote(2, 'two', 'n')] },
        {
          ...bob,
          journal: [
            came(1, 'two'),
            event(2, 'message.undecryptable', { resendAsked: true, sender: { id: BOB } }),
            came(3),
          ],
        },
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
    invariant: 'permits once',
    what: 'a permit that is shown for two things',
    history: { records: [...GOOD.records, spent(3, 1), spent(3, 2)] },
  },
  {
    invariant: 'permits once',
    what: 'a permit that is good for one submission too many',
    history: { records: [...GOOD.records, spent(3, 1, 1), spent(3, 1, 2)] },
  },
  {
    invariant: 'invites counted',
    what: 'an invite of one use that is good for two errands',
    history: { records: [...GOOD.records, published(7), invited(7, 1), invited(7, 2)] },
  },
  {
    invariant: 'invites counted',
    what: 'an invite that nobody made',
    history: { records: [...GOOD.records, invited(7, 1)] },
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

t.test('a text may be late that was asked for, or submitted again after a restore', async (t) => {
  const check =
    INVARIANTS.find(({ name }) => name === 'first in, first out')?.check ?? (() => ['none'])
  const findings = (authors: readonly EventObject[], between: EventObject) => [
    { ...alice, journal: [wrote(1), wrote(2, 'two', 'n'), ...authors] },
    { ...bob, journal: [came(1, 'two'), between, came(10)] },
  ]
  const restore = gapOf('relay-restored', 0)
  const asked = event(2, 'message.undecryptable', {
    ...{ resendAsked: true, sender: { id: alice.account } },
  })

  t.same(check({ ...GOOD, ...reordered, findings: findings([], asked) }), [])
  t.same(
    check({ ...GOOD, ...reordered, findings: findings([became(3, 'accepted'), restore], restore) }),
    [],
  )
})

/** The names of the invariants that a history breaks. */
function brokenIn(history: Partial<History>): readonly string[] {
  return INVARIANTS.filter(({ check }) => check({ ...GOOD, ...history }).length > 0).map(
    ({ name }) => name,
  )
}
