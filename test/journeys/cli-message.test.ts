import { test } from 'tap'

import { startSotto, succeed } from '../harness/index.js'
import { beginPair } from './support/pair.js'

interface Sent {
  readonly id: string
}

test('message show tells all that is known of a message, by id, beginning, @last and @last:TO', async (t) => {
  const { alice, bob } = await beginPair(t)
  const { id } = (await succeed(alice.run(['send', bob.handle, 'hi', '--json']))).json<Sent>()
  await succeed(alice.run(['send', 'me', 'note']))
  const show = async (message: string) =>
    (await succeed(alice.run(['message', 'show', message, '--json']))).json<object>()

  t.match(await show(id), {
    message: { id, status: 'accepted', edited: false, deleted: false, reactions: [], receipts: [] },
    ...{ sender: { self: true }, conversation: { name: bob.handle } },
  })
  t.match(await show(id.slice(2)), { message: { id } })
  t.match(await show('@last'), { message: { text: 'note' } })
  t.match(await show(`@last:${bob.handle}`), { message: { id } })
  t.match((await succeed(alice.run(['message', 'show', id]))).stdout, /you: hi\n {2}id +m_/)
})

test('message receipts tells who has got a message, and when', async (t) => {
  const { alice, bob } = await beginPair(t)
  startSotto(t, bob.home, ['receive', '--follow'])
  const sent = await succeed(
    alice.run(['send', bob.handle, 'there?', '--wait', 'delivered', '--timeout', '40s', '--json'], {
      timeoutMs: 60_000,
    }),
  )
  const { id } = sent.json<Sent>()

  const json = await succeed(alice.run(['message', 'receipts', id, '--json']))
  const text = await succeed(alice.run(['message', 'receipts', id]))

  t.match(json.jsonLines<object>(), [{ receipt: { recipient: bob.handle, status: 'delivered' } }])
  t.match(text.stdout, /^✓✓ delivered {2}\d\d:\d\d {2}@bob\.42\n$/)
})

test('a message without receipts has none; one there is not, or that could be two, is 67', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'one']))
  const message = (...args: string[]) => alice.run(['message', ...args, '--json'])

  t.match(await message('receipts', '@last'), { code: 0, stdout: '' })
  t.match((await message('show', 'm_0000000')).error(), { code: 'message/unknown', exit: 67 })
  const short = (await message('show', 'm_01M7')).error()
  t.match(short, { code: 'message/unknown', exit: 67, message: /too short/ })
  t.match((await message('receipts', '@last:@nobody')).error(), { exit: 67 })
  t.match((await message('show')).error(), { exit: 64 })
})
