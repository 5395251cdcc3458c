import { test } from 'tap'

import { ReadMarks } from '../../src/app/read-marks.js'

const NEVER_MS = 1_000_000

test('what is read is marked at once, and what is read soon after that once', async (t) => {
  const marked: string[] = []
  const marks = new ReadMarks((conversation) => marked.push(conversation), NEVER_MS)
  for (let batch = 0; batch < 10; batch++) marks.mark('id:one')
  marks.mark('id:two')
  t.same(marked, ['id:one', 'id:two'])
  marks.flush()
  t.same(marked, ['id:one', 'id:two', 'id:one'], 'and nothing is left out when the screen closes')
  marks.flush()
  t.equal(marked.length, 3)
})

test('what waited is marked by itself, and then nothing more', async (t) => {
  const marked: string[] = []
  const marks = new ReadMarks((conversation) => marked.push(conversation), 1)
  marks.mark('id:one')
  marks.mark('id:one')
  while (marked.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.same(marked, ['id:one', 'id:one'])
})
