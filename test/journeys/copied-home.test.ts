import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { historyOf, personAt, succeed, type Person } from '../harness/index.js'
import { follow } from './support/owner.js'
import { beginPair, textsOf, type EventLine } from './support/pair.js'

/** The same account a second time, as somebody has it who copied their home to another machine. */
function copyHome(dir: string, { home }: Person): Person {
  const copy = join(dir, 'copy')
  cpSync(home, copy, { recursive: true })
  return personAt(copy, 'bob')
}

test('of two copies of a home the later one listens, the earlier one stops and says why, and what it missed is told', async (t) => {
  const { dir, alice, bob } = await beginPair(t)
  await succeed(alice.run(['send', bob.handle, 'before']))
  await succeed(bob.run(['receive']))
  const copy = copyHome(dir, bob)

  const first = await follow(t, bob, 'message.received,message.undecryptable,gap')
  await succeed(alice.run(['send', bob.handle, 'to the first']))
  await first.json<EventLine>(({ message }) => message?.text === 'to the first')
  const second = await follow(t, copy, 'message.received,message.undecryptable,gap')
  const ended = await first.ended
  for (const text of ['two', 'three']) await succeed(alice.run(['send', bob.handle, text]))
  await second.json<EventLine>(({ message }) => message?.text === 'three')
  await second.stop()
  await succeed(alice.run(['send', bob.handle, 'four']))
  const back = await succeed(bob.run(['receive', '--json']))

  t.equal(ended.code, 83)
  t.match(first.stderr, /account\/busy/)
  const lines = back.jsonLines<EventLine>()
  t.match(second.lines.join('\n'), /"type":"gap"/, 'what the first had is told to the second')
  t.same(textsOf(lines), ['four'])
  t.equal(lines.filter(({ type }) => type === 'gap').length, 1, 'two and three are told as missing')
})

test('whoever writes from two copies of a home is understood all the same', async (t) => {
  const { dir, alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'before']))
  await succeed(alice.run(['receive']))
  const copy = copyHome(dir, bob)
  const listening = await follow(t, alice, 'message.received')

  for (const [index, one] of [bob, copy, bob, copy].entries()) {
    await succeed(one.run(['send', alice.handle, `message ${String(index)}`]))
    // Not every one comes at once, since the homes put each other out; in the end all are asked for.
    await listening.json<EventLine>(undefined, 5_000).catch(() => undefined)
    await succeed(one.run(['receive', '--timeout', '3s']))
  }
  await listening.stop()

  const texts = (await historyOf(alice, bob.handle)).map(({ message }) => message.text)
  t.same([...texts].sort(), ['before', 'message 0', 'message 1', 'message 2', 'message 3'])
})
