import { InputError, StorageError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import type { Transactor } from '../../src/store/store.js'
import { Together } from '../../src/store/together.js'
import { friends } from '../support/desk.js'

/** Drafts of alice's, each written with what it is named, and how many commits it took. */
async function drafting(t: Test) {
  const { alice } = await friends(t)
  const { store } = alice.person.core
  const count = { commits: 0 }
  const together = new Together({
    transact: (body) => {
      count.commits += 1
      return store.transact(body)
    },
  })
  const told: number[] = []
  store.onJournal((seqs) => told.push(seqs.length))
  const event = { type: 'gap', detail: { reason: 'expired', count: 1 } } as const
  const write = (tx: Transactor): number => {
    tx.record(event)
    return tx.journal.newest()
  }
  return { together, count, told, write, store }
}

test('what is asked for in one turn is one commit, in order, and each hears its own answer', async (t) => {
  const { together, count, told, write } = await drafting(t)
  const [first = 0, ...others] = await Promise.all([1, 2, 3].map(() => together.write(write)))
  t.same(others, [first + 1, first + 2])
  t.same(told, [3])
  t.equal(count.commits, 1)
})

test('one that refuses before it has written anything leaves the others', async (t) => {
  const { together, told, write } = await drafting(t)
  const refused = new InputError('send-id/reused', 'another message had this key')
  const written = await Promise.allSettled([
    together.write(write),
    together.write(() => {
      throw refused
    }),
    together.write(write),
  ])
  t.match(written, [{ status: 'fulfilled' }, { reason: refused }, { status: 'fulfilled' }])
  t.same(told, [2])
})

test('where the disk fails nothing is written, and all of them hear why', async (t) => {
  const { together, told, write, store } = await drafting(t)
  const full = new StorageError('store/full', 'the disk is full; nothing was changed')
  const before = store.read.journal.newest()
  const written = await Promise.allSettled([
    together.write(write, () => t.fail('it is not committed')),
    together.write(() => {
      throw full
    }),
  ])
  t.match(written, [{ reason: full }, { reason: full }])
  t.equal(store.read.journal.newest(), before)
  t.same(told, [])
})

test('what is asked for while others are committed follows them', async (t) => {
  const { together, count, write } = await drafting(t)
  let later: Promise<number> | undefined
  const first = await together.write(write, () => {
    later = together.write(write)
  })
  t.equal(await later, first + 1)
  await together.settled()
  t.equal(count.commits, 2)
})
