import type { EventObject } from '@sotto/client-core'
import { test } from 'tap'

import { DemoClient } from '../src/demo.js'

const NOW_MS = Date.parse('2026-10-31T14:05:00Z')
const open = () => new DemoClient(() => NOW_MS)

test('the made-up world is the same in every run, and has of everything', async (t) => {
  const list = await open().call('conversation.list', {})
  t.same(list, await open().call('conversation.list', {}))
  t.ok(list.length >= 20)
  t.ok(list[0]?.pinned)
  const has = (is: (each: (typeof list)[number]) => boolean): boolean => list.some(is)
  t.ok(has(({ muted }) => muted))
  t.ok(has(({ archived }) => archived))
  t.ok(has(({ markedUnread }) => markedUnread))
  t.ok(has(({ kind }) => kind === 'self'))
  t.same([...new Set(list.map(({ trust }) => trust))].sort(), ['known', 'request', 'verified'])
  const statuses = (await open().call('outbox.list', {})).map(({ status }) => status)
  t.same([...new Set(statuses)].sort(), ['failed', 'queued'])
})

test('a page ends where the next one begins', async (t) => {
  const client = open()
  const ask = { conversation: '@news.100' }
  const all = await client.call('conversation.history', ask)
  const last = await client.call('conversation.history', { ...ask, limit: 5 })
  const before = await client.call('conversation.history', {
    ...{ ...ask, before: last[0]?.message.id ?? '' },
  })
  t.same([...before, ...last], all)
  const after = await client.call('conversation.history', {
    ...{ ...ask, after: before.at(-1)?.message.id ?? '', limit: 5 },
  })
  t.same(after, last)
})

test('the bot answers what it is told, and the message on its way says how far it is', async (t) => {
  const client = open()
  const events: EventObject[] = []
  const answered = new Promise<void>((resolve) => {
    client.subscribe((event) => {
      events.push(event)
      if (event.type === 'message.received') resolve()
    })
  })
  await client.call('message.send', { to: ['@echo.11'], text: 'is anybody there?' })
  await answered
  client.close()
  const told = events.map((event) =>
    event.type === 'message.status' ? event.message.status : event.type,
  )
  t.same(told, ['message.sent', 'accepted', 'delivered', 'read', 'message.received'])
  const [last] = (await client.call('conversation.history', { conversation: '@echo.11' })).slice(-1)
  t.match(last, { sender: { self: false }, message: { text: 'is anybody there?' } })
})

test('the bot types while one types to it, and until it has answered', async (t) => {
  const client = open()
  const types: string[] = []
  const answered = new Promise<void>((resolve) => {
    client.subscribe(({ type }) => {
      types.push(type)
      if (type === 'message.received') resolve()
    })
  })
  const conversation = '@echo.11'
  await client.call('conversation.typing', { conversation, started: true })
  await client.call('conversation.typing', { conversation, started: false })
  await client.call('conversation.typing', { conversation, started: true })
  await client.call('message.send', { to: [conversation], text: 'so' })
  await answered
  client.close()
  const told = types.filter((type) => type.startsWith('typing') || type === 'message.received')
  const [began, ended] = ['typing.started', 'typing.stopped']
  t.same(told, [began, ended, began, ended, 'message.received'])
  t.same(
    await client.call('account.edit', { typing: false }),
    await client.call('account.current', {}),
  )
})

test('a reaction, an edit and a deletion are seen, and the bot does the same with its answer', async (t) => {
  const client = open()
  const told: string[] = []
  client.subscribe((event) => told.push(event.type))
  const here = { conversation: '@echo.11' }
  const happened = async (wanted: string): Promise<void> => {
    while (told.at(-1) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20))
    told.length = 0
  }
  const last = async () => (await client.call('conversation.history', here)).slice(-2)
  await client.call('message.send', { to: ['@echo.11'], text: 'one' })
  await happened('message.received')
  const [mine, theirs] = await last()
  const [message = '', answer = ''] = [mine?.message.id, theirs?.message.id]
  await client.call('message.react', { message: answer, emoji: '👍' })
  await happened('reaction.added')
  await happened('reaction.added')
  t.match(await last(), [
    { message: { reactions: [{ emoji: '👍', sender: { self: false } }] } },
    { message: { reactions: [{ emoji: '👍', sender: { self: true } }] } },
  ])
  await client.call('message.edit', { message, text: 'two' })
  await happened('message.edited')
  await happened('message.edited')
  t.match(await last(), [
    { message: { text: 'two', edited: true } },
    { message: { text: 'two', edited: true, replyTo: { quote: 'two' } } },
  ])
  await client.call('message.delete', { message, everyone: true })
  await happened('message.deleted')
  await happened('message.deleted')
  t.match(await last(), [
    { message: { text: null, deleted: true } },
    { message: { text: null, deleted: true } },
  ])
  client.close()
})

test('in the demo, too, only one’s own is changed for others, and nothing answers a request', async (t) => {
  const client = open()
  const [theirs] = await client.call('conversation.history', { conversation: '@echo.11' })
  const message = theirs?.message.id ?? ''
  const notYours = { code: 'content/not-yours' }
  await t.rejects(client.call('message.edit', { message, text: 'x' }), notYours)
  await t.rejects(client.call('message.delete', { message, everyone: true }), notYours)
  await client.call('message.delete', { message })
  t.same(await client.call('conversation.history', { conversation: '@echo.11' }), [])
  const [held] = await client.call('conversation.history', { conversation: '@quiet_otter.3' })
  await t.rejects(client.call('message.react', { message: held?.message.id ?? '', emoji: '👍' }), {
    code: 'contact/not-accepted',
  })
})

test('what is changed stays changed while it is open', async (t) => {
  const client = open()
  await client.call('conversation.mute', { conversation: '@bob' })
  await client.call('contact.accept', { to: '@quiet_otter.3' })
  await client.call('draft.save', { conversation: '@bob', draft: 'half' })
  t.match(await client.call('conversation.show', { conversation: '@bob' }), { muted: true })
  t.match(await client.call('conversation.show', { conversation: '@quiet_otter.3' }), {
    trust: 'known',
  })
  t.match(await client.call('draft.list', {}), [{ draft: 'half' }])
})

test('what waits can be taken back, and who is removed is nobody known any more', async (t) => {
  const client = open()
  const [first] = await client.call('outbox.list', {})
  const message = first?.id ?? ''
  t.match(await client.call('outbox.show', { message }), { id: message })
  t.match(await client.call('outbox.cancel', { messages: [message] }), [{ mayHaveArrived: false }])
  await t.rejects(client.call('outbox.show', { message }), { code: 'message/unknown' })
  const invite = await client.call('invite.create', {})
  await client.call('invite.revoke', { id: invite.id })
  t.match(await client.call('invite.list', {}), [{ id: invite.id, state: 'revoked', link: null }])
  await client.call('contact.remove', { to: '@bob' })
  const names = (await client.call('contact.list', {})).map(({ alias }) => alias)
  t.notOk(names.includes('bob'))
})

test('somebody who is not in it, and what needs an account, is an error with a fix', async (t) => {
  const client = open()
  await t.rejects(client.call('conversation.show', { conversation: '@nobody.1' }), {
    code: 'recipient/unknown',
  })
  await t.rejects(client.call('store.gc', {}), { code: 'usage/invalid', fix: /account create/ })
})
