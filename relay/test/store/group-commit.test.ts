import t from 'tap'
import {
  COMMITS_AHEAD_MAX,
  GATHERING_TURNS_MAX,
  GroupCommit,
} from '../../src/store/group-commit.js'
import type { Operation, Store } from '../../src/store/port.js'

/** A store that keeps what it is asked and answers when it is told to. */
function recordingStore(apply: (batch: readonly Operation[]) => Promise<number>) {
  const batches: (readonly Operation[])[] = []
  const store = {
    apply: async (batch: readonly Operation[]) => {
      batches.push(batch)
      const output = await apply(batch)
      return batch.map(() => ({ kind: 'done', output }))
    },
  } as unknown as Store
  return { store, batches }
}

t.test('what one turn brings is committed together, at its end', async (t) => {
  const { store, batches } = recordingStore(async () => 7)
  const commits = new GroupCommit(store, () => undefined)

  const changes = [
    commits.change('begin-epoch', { atLeast: 0 }),
    commits.change('begin-epoch', { atLeast: 0 }),
  ]
  const duringTheTurn = batches.length
  await Promise.all(changes)

  t.equal(duringTheTurn, 0)
  t.same(
    batches.map((batch) => batch.length),
    [2],
  )
})

t.test(
  'where less has come than was committed last, turns are waited for as long as they bring more',
  async (t) => {
    const { store, batches } = recordingStore(async () => 1)
    const commits = new GroupCommit(store, () => undefined)
    const change = () => commits.change('begin-epoch', { atLeast: 0 })
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    await Promise.all([change(), change(), change()])

    const trickle = [change()]
    await turn()
    trickle.push(change())
    await Promise.all(trickle)
    await change()

    t.same(
      batches.map((batch) => batch.length),
      [3, 2, 1],
      'a turn that brought nothing was the last',
    )
  },
)

t.test('what comes and comes is not waited for for ever', async (t) => {
  const { store, batches } = recordingStore(async () => 1)
  const commits = new GroupCommit(store, () => undefined)
  const change = () => commits.change('begin-epoch', { atLeast: 0 })
  await Promise.all(Array.from({ length: 100 }, change))

  for (let turn = 0; batches.length === 1; turn++) {
    void change()
    await new Promise((resolve) => setImmediate(resolve))
    if (turn > 2 * GATHERING_TURNS_MAX) break
  }

  t.equal(batches[1]?.length, GATHERING_TURNS_MAX)
})

t.test('nothing is answered before its commit is done', async (t) => {
  let finish = (): void => undefined
  const { store } = recordingStore(() => new Promise((resolve) => (finish = () => resolve(1))))
  const commits = new GroupCommit(store, () => undefined)
  let answered = false

  const change = commits.change('begin-epoch', { atLeast: 0 }).then(() => (answered = true))
  await new Promise((resolve) => setTimeout(resolve, 20))
  const before = answered
  finish()
  await change

  t.equal(before, false)
  t.equal(answered, true)
})

t.test('what comes during a commit waits for the next, all together', async (t) => {
  const finishes: (() => void)[] = []
  const { store, batches } = recordingStore(
    () => new Promise((resolve) => finishes.push(() => resolve(1))),
  )
  const commits = new GroupCommit(store, () => undefined)
  const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

  const first = commits.change('begin-epoch', { atLeast: 0 })
  await turn()
  const later = [
    commits.change('begin-epoch', { atLeast: 0 }),
    commits.change('begin-epoch', { atLeast: 0 }),
  ]
  await turn()
  finishes.shift()?.()
  await first
  await turn()
  finishes.shift()?.()
  await Promise.all(later)

  t.same(
    batches.map((batch) => batch.length),
    [1, 2],
  )
})

t.test(
  'a store that fails fails the whole batch as unavailable, and the next one is tried',
  async (t) => {
    let failures = 0
    let full = true
    const { store } = recordingStore(async () => {
      if (full) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
      return 1
    })
    const commits = new GroupCommit(store, () => failures++)

    const batch = [
      commits.change('begin-epoch', { atLeast: 0 }),
      commits.change('begin-epoch', { atLeast: 0 }),
    ]
    const outcomes = await Promise.allSettled(batch)
    full = false

    t.same(
      outcomes.map((each) => each.status === 'rejected' && (each.reason as { code: string }).code),
      ['relay/unavailable', 'relay/unavailable'],
    )
    t.equal(failures, 1)
    t.equal(await commits.change('begin-epoch', { atLeast: 0 }), 1)
  },
)

t.test('settle waits for everything that was asked for', async (t) => {
  const { store, batches } = recordingStore(async () => 1)
  const commits = new GroupCommit(store, () => undefined)
  void commits.change('begin-epoch', { atLeast: 0 })

  await commits.settle()

  t.equal(batches.length, 1)
})

t.test('an acknowledgement goes with the first commit that has nothing else to do', async (t) => {
  const { store, batches } = recordingStore(async () => 1)
  const commits = new GroupCommit(store, () => undefined)

  const acknowledged = commits.change('acknowledge', ACKNOWLEDGEMENT)
  await commits.change('begin-epoch', { atLeast: 0 })
  await acknowledged

  t.same(namesOf(batches), [['begin-epoch'], ['acknowledge']])
})

t.test('however much there is to do, acknowledgements do not wait for ever', async (t) => {
  const { store, batches } = recordingStore(async () => 1)
  const commits = new GroupCommit(store, () => undefined)

  const acknowledged = [1, 2].map(() => commits.change('acknowledge', ACKNOWLEDGEMENT))
  // Each is asked for while the one before is answered: no turn is without.
  for (let asked = 0; asked <= COMMITS_AHEAD_MAX; asked++) {
    await commits.change('begin-epoch', { atLeast: 0 })
  }
  await Promise.all(acknowledged)

  t.same(namesOf(batches), [
    ...Array.from({ length: COMMITS_AHEAD_MAX }, () => ['begin-epoch']),
    ['acknowledge', 'acknowledge', 'begin-epoch'],
  ])
})

t.test('settle waits for acknowledgements that let others go ahead', async (t) => {
  const { store, batches } = recordingStore(async () => 1)
  const commits = new GroupCommit(store, () => undefined)
  void commits.change('acknowledge', ACKNOWLEDGEMENT)
  void commits.change('begin-epoch', { atLeast: 0 })

  await commits.settle()

  t.same(namesOf(batches), [['begin-epoch'], ['acknowledge']])
})

const ACKNOWLEDGEMENT = { mailbox: new Uint8Array(16), seq: 1 }

function namesOf(batches: readonly (readonly Operation[])[]) {
  return batches.map((batch) => batch.map(({ name }) => name))
}
