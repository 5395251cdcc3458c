import { test } from 'tap'

import { Wanted } from '../../src/app/wanted.js'

/** Reads that end when they are told to, in the order in which they began. */
function slow(max = 3) {
  const reads: ('all' | readonly number[])[] = []
  const ends: ((fault?: Error) => void)[] = []
  const wanted = new Wanted<number>(max, (what) => {
    reads.push(what)
    return new Promise((resolve, reject) =>
      ends.push((fault) => {
        if (fault === undefined) resolve()
        else reject(fault)
      }),
    )
  })
  const end = async (fault?: Error): Promise<void> => {
    ends.shift()?.(fault)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { wanted, reads, end }
}

test('what is wanted is read at once, and what is wanted meanwhile together afterwards', async (t) => {
  const { wanted, reads, end } = slow()
  const all = [wanted.want([1]), wanted.want([2]), wanted.want([3, 2])]
  t.same(reads, [[1]])
  await end()
  t.same(reads, [[1], [2, 3]])
  await end()
  await Promise.all(all)
  t.equal(reads.length, 2)
})

test('all that there is has what was named in it', async (t) => {
  const { wanted, reads, end } = slow()
  const all = [wanted.want([1]), wanted.want('all'), wanted.want([2])]
  await end()
  t.same(reads, [[1], 'all'])
  await end()
  await Promise.all(all)
})

test('too much at a time is all there is', async (t) => {
  const { wanted, reads } = slow()
  void wanted.want([1, 2, 3, 4])
  t.same(reads, ['all'])
})

test('what could not be read is read with what is wanted next, and that as all there is', async (t) => {
  const { wanted, reads, end } = slow()
  const first = wanted.want([1])
  const failed = t.rejects(first, { message: 'no' })
  await end(new Error('no'))
  await failed
  const next = wanted.want([2])
  t.same(reads, [[1], 'all'])
  await end()
  await next
})
