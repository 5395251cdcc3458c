import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { Turns } from '../../src/socket/turns.js'

t.test('what comes at once is done in its order, so many a turn', async (t) => {
  const turns = new Turns(2)
  const done: number[] = []
  for (let index = 0; index < 5; index++) turns.add(() => done.push(index))
  const after: number[][] = [[...done]]
  for (let turn = 0; turn < 3; turn++) {
    await setImmediate()
    after.push([...done])
  }

  t.same(after, [[], [0, 1], [0, 1, 2, 3], [0, 1, 2, 3, 4]])
})

t.test('what comes while others are done comes after them', async (t) => {
  const turns = new Turns(2)
  const done: string[] = []
  turns.add(() => {
    done.push('first')
    turns.add(() => done.push('last'))
  })
  turns.add(() => done.push('second'))
  turns.add(() => done.push('third'))
  while (done.length < 4) await setImmediate()

  t.same(done, ['first', 'second', 'third', 'last'])
})

t.test('after a rest it begins anew', async (t) => {
  const turns = new Turns(1)
  const done: string[] = []
  turns.add(() => done.push('before'))
  await setImmediate()
  await setImmediate()
  turns.add(() => done.push('after'))
  await setImmediate()

  t.same(done, ['before', 'after'])
})
