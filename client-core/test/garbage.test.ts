import { runInNewContext } from 'node:vm'
import { test } from 'tap'
import { collectGarbage, Garbage } from '../src/garbage.js'

test('what nobody has any more is gone after a collection, and V8 is as it was', async (t) => {
  const gone = new WeakRef({})
  await new Promise((resolve) => setImmediate(resolve)) // What a turn has seen stays until its end.
  await collectGarbage()

  t.equal(gone.deref(), undefined)
  t.equal(runInNewContext('typeof gc'), 'undefined')
})

test('garbage is collected each time that 512 envelopes were opened, and not before', async (t) => {
  let collected = 0
  const garbage = new Garbage(async () => {
    collected += 1
  })
  const after: number[] = []
  for (const opened of [128, 128, 255, 1, 511, 1, 600]) {
    await garbage.add(opened)
    after.push(collected)
  }

  t.same(after, [0, 0, 0, 1, 1, 2, 3])
})
