import { test } from 'tap'

import { sotto, startSotto, succeed, tempDir } from '../harness/index.js'
import { beginPair, type EventLine } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

interface Line {
  readonly conversation: { readonly id: string; readonly name: string; readonly unread: number }
}

test('conversations are listed and shown as they stand', async (t) => {
  const { alice, bob } = await beginPair(t)
  t.match(await bob.run(['conv', 'list', '--unread']), { code: 0, stdout: '' }, 'the empty case')
  await succeed(alice.run(['send', bob.handle, 'first']))
  await succeed(alice.run(['send', bob.handle, 'second']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', 'me', 'a note']))

  const listed = await succeed(bob.run(['conv', 'list', '--json']))
  const unread = await succeed(bob.run(['conv', 'list', '--unread', '--json']))
  const shown = await succeed(bob.run(['conv', 'show', alice.handle, '--json']))
  const forPeople = await succeed(bob.run(['conv', 'list']))

  for (const { stdout } of [listed, unread, shown]) t.same(schemaFaults('conversation', stdout), [])
  t.same(
    listed.jsonLines<Line>().map(({ conversation }) => conversation.name),
    ['me', alice.handle],
  )
  t.match(unread.jsonLines<Line>(), [
    { conversation: { unread: 2, lastMessage: { text: 'second' } } },
  ])
  t.match(shown.json<Line>(), unread.jsonLines<Line>()[0]!)
  const lines = /^me {2}\d\d:\d\d {2}you: a note\n@alice\.42 {2}\d\d:\d\d {2}2 unread {2}second\n$/
  t.match(forPeople.stdout, lines)
  const byId = `id:${shown.json<Line>().conversation.id}`
  t.match((await succeed(bob.run(['conv', 'show', byId, '--json']))).stdout, shown.stdout)
})

test('each change of a conversation answers with how it stands then', async (t) => {
  const { alice, bob } = await beginPair(t)
  const conv = async (verb: string, ...args: string[]) => {
    const outcome = await succeed(alice.run(['conv', verb, bob.handle, '--json', ...args]))
    t.same(schemaFaults('conversation', outcome.stdout), [])
    return outcome.json<Line>().conversation
  }
  t.match(await conv('mute'), { muted: true, mutedUntil: null })
  t.match(await conv('mute', '--for', '8h'), { muted: true, mutedUntil: /Z$/ })
  t.match(await conv('mute', '--until', 'tomorrow 08:00'), { muted: true, mutedUntil: /08:00/ })
  t.match(await conv('unmute'), { muted: false })
  t.match(await conv('notify', 'mentions'), { notify: 'mentions', muted: false })
  t.match((await alice.run(['conv', 'list'])).stdout, 'tells what names you')
  t.match(await conv('notify', 'all'), { notify: 'all' })
  t.match(await conv('pin'), { pinned: true })
  t.match(await conv('unpin'), { pinned: false })
  t.match(await conv('archive'), { archived: true })
  t.match(await alice.run(['conv', 'list']), { code: 0, stdout: '' })
  t.match((await alice.run(['conv', 'list', '--archived'])).stdout, 'archived')
  t.match((await alice.run(['conv', 'list', '--all', '-n', '1'])).stdout, 'archived')
  t.match(await conv('unarchive'), { archived: false })
  t.match(await conv('mark-unread'), { markedUnread: true })
  t.match(await conv('mark-read'), { markedUnread: false })
})

test('marking as read sends a read receipt', async (t) => {
  const { alice, bob } = await beginPair(t)
  const sent = await succeed(alice.run(['send', bob.handle, 'read me', '--json']))
  const { id } = sent.json<{ readonly id: string }>()
  await succeed(bob.run(['receive']))
  const follow = startSotto(t, alice.home, ['receive', '--follow', '--json'])

  await succeed(bob.run(['conv', 'mark-read', alice.handle]))
  // Its random moment may come after the command; whatever runs next sends it.
  startSotto(t, bob.home, ['receive', '--follow'])

  const isRead = ({ message }: EventLine) => message?.id === id && message.status === 'read'
  t.match(await follow.json<EventLine>(isRead), { type: 'message.status' })
})

test('a conversation there is not, and flags that contradict, are told apart', async (t) => {
  const { alice, bob } = await beginPair(t)
  const conv = async (...args: string[]) => (await alice.run(['conv', '--json', ...args])).error()
  const verbs = [
    'show',
    'mute',
    'unmute',
    'archive',
    'unarchive',
    'pin',
    'unpin',
    'mark-read',
    'mark-unread',
  ]
  for (const verb of verbs)
    t.match(await conv(verb, '@nobody.99'), { code: 'recipient/unknown', exit: 67 }, verb)
  t.match(await conv('show', 'bob'), { exit: 67 })
  t.match(await conv('show'), { exit: 64 })
  t.match(await conv('mute', bob.handle, '--for', '8h', '--until', '+1h'), { exit: 64 })
  t.match(await conv('mute', bob.handle, '--until', 'yesterday'), { exit: 64, message: /is over/ })
  t.match(await conv('mute', bob.handle, '--for', 'long'), { exit: 64 })
  t.match(await conv('mute', bob.handle, '--for', '0s'), { exit: 64, message: /is over/ })
  t.match(await conv('notify', bob.handle, 'loudly'), { exit: 64 })
  t.match(await conv('notify', '@nobody.99', 'none'), { code: 'recipient/unknown', exit: 67 })
  t.match(await conv('list', '--all', '--archived'), { exit: 64 })
  t.match(await sotto(tempDir(t), ['conv', 'list']), { code: 84 })
})
