import { test } from 'tap'

import { succeed } from '../harness/index.js'
import { beginPair } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

interface Line {
  readonly message: { readonly id: string; readonly text: string; readonly sentAt: string }
}

test('history is paged by messages and times, oldest first', async (t) => {
  const { alice } = await beginPair(t)
  for (const text of ['one', 'two', 'three', 'four']) await succeed(alice.run(['send', 'me', text]))
  const page = async (...args: string[]) => {
    const { stdout } = await succeed(alice.run(['history', 'me', '--json', ...args]))
    return stdout === ''
      ? []
      : stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Line)
  }
  const texts = async (...args: string[]) =>
    (await page(...args)).map(({ message }) => message.text)
  const all = await page()
  const [, two, three] = all.map(({ message }) => message)

  t.same(
    all.map(({ message }) => message.text),
    ['one', 'two', 'three', 'four'],
  )
  t.same(await texts('-n', '2'), ['three', 'four'])
  t.same(await texts('-n', '1', '--before', three!.id), ['two'])
  t.same(await texts('--after', two!.id), ['three', 'four'])
  t.same(await texts('--after', two!.id, '--before', all[3]!.message.id), ['three'])
  t.same(await texts('--before', 'yesterday 08:00'), [])
  t.same(await texts('--after', 'yesterday 08:00', '-n', '1'), ['one'], 'the next after it')
})

test('history is for programs and for people', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'question']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'answer']))
  await succeed(alice.run(['receive']))

  const json = await succeed(alice.run(['history', bob.handle, '--json']))
  const text = await succeed(alice.run(['history', bob.handle]))

  t.same(schemaFaults('message', json.stdout), [])
  t.match(text.stdout, /^\d\d:\d\d you: question\n\d\d:\d\d @bob\.42: answer\n$/)
})

test('a conversation there is not, and pages that are none, are told apart', async (t) => {
  const { alice, bob } = await beginPair(t)
  const history = (...args: string[]) => alice.run(['history', '--json', ...args])

  t.match((await history('@nobody.99')).error(), { code: 'recipient/unknown', exit: 67 })
  t.match((await history('bob')).error(), { code: 'recipient/unknown', exit: 67 })
  t.match((await history(bob.handle, '-n', '0')).error(), { exit: 64 })
  t.match((await history(bob.handle, '--before', 'soon')).error(), { exit: 64 })
  t.match((await history(bob.handle, '--before', 'm_00000000')).error(), { exit: 67 })
  t.match(await history(bob.handle), { code: 0, stdout: '' })
})
