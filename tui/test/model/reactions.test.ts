import { test } from 'tap'

import { THEM, ME, reference, mine, reacted, tombstone, told, reaction } from './changing.js'
import {
  answered,
  callsOf,
  chatOf,
  chatScene,
  conversation,
  conversationId,
  EVENT,
  effectsOf,
  line,
  lines,
  messageId,
  paneText,
  press,
  scene,
  type,
} from './scene.js'

test('r offers emoji for the chosen message, and Enter or a digit takes one', async (t) => {
  const picking = press(chatScene(lines(1, 5)), 'up', 'r')
  t.match(paneText(picking.state, 'overlay'), /React to @friend1\.42: message 5[^]*› 1 👍[^]*2 ❤/)
  const params = { message: reference(line(5)), wait: 'queued' }
  t.match(callsOf(press(picking.state, 'enter')), [
    { method: 'message.react', params: { ...params, emoji: '👍' } },
  ])
  const third = press(picking.state, '3')
  t.match(callsOf(third), [{ method: 'message.react', params: { ...params, emoji: '😂' } }])
  t.same(third.state.overlays, [])
})

test('an emoji is looked for by its name, or typed as it is', async (t) => {
  const picking = press(chatScene(lines(1, 5)), 'up', 'r').state
  const found = type(picking, 'rocket')
  t.match(callsOf(press(found.state, 'enter')), [{ params: { emoji: '🚀' } }])
  t.match(callsOf(press(type(picking, '🦖').state, 'enter')), [{ params: { emoji: '🦖' } }])
  t.match(paneText(type(picking, 'qqqq').state, 'overlay'), /nothing found/)
})

test('what was taken last is offered again, below the quick ones', async (t) => {
  const scene5 = chatScene(lines(1, 5))
  const taken = press(type(press(scene5, 'up', 'r').state, 'rocket').state, 'enter').state
  t.match(paneText(press(taken, 'r').state, 'overlay'), /🙏[^]*Lately\n +🚀 {2}:rocket:\n All/)
})

test('the same once more takes it back', async (t) => {
  const state = chatScene([reacted(1, { emoji: '👍', sender: ME, at: EVENT.ts })])
  const picking = press(state, 'up', 'r')
  t.match(paneText(picking.state, 'overlay'), /Yours\n› +👍 {2}take it back/)
  const back = [{ method: 'message.unreact', params: { message: reference(line(1)) } }]
  t.match(callsOf(press(picking.state, 'enter')), back)
  t.match(callsOf(press(picking.state, '1')), back)
  t.match(callsOf(press(picking.state, '2')), [{ method: 'message.react' }])
})

test('/react is about the newest of somebody else, /unreact about the newest with one’s own', async (t) => {
  const state = chatScene([
    reacted(1, { emoji: '🎉', sender: ME, at: EVENT.ts }),
    line(2),
    mine(3, 'hi'),
  ])
  t.match(callsOf(press(type(state, '/react heart').state, 'enter')), [
    { params: { message: reference(line(2)), emoji: '❤️' } },
  ])
  t.match(callsOf(press(type(state, '/unreact ').state, 'enter')), [
    { method: 'message.unreact', params: { message: reference(line(1)) } },
  ])
})

test('nothing answers a request, a failed message or what was deleted', async (t) => {
  const held = line(1, { message: { held: true } })
  const failed = line(2, { own: true, message: { status: 'failed' } })
  for (const each of [held, failed, tombstone(3)]) {
    const done = press(chatScene([each]), 'up', 'r')
    t.same(done.state.overlays, [])
    t.same(callsOf(done), [])
  }
})

test('a reaction of somebody else is on the screen at once, and asks for nothing but its message', async (t) => {
  const state = chatScene(lines(1, 9))
  const done = told(state, reaction(line(4), '👍'))
  t.strictSame(done.effects, [
    { kind: 'load-lines', conversation: conversationId(1), messages: [messageId(4)] },
  ])
  const stored = [
    ...lines(1, 3),
    reacted(4, { emoji: '👍', sender: THEM, at: EVENT.ts }),
    ...lines(5, 9),
  ]
  const { state: seen } = await answered(done, stored)
  t.match(paneText(seen, 'timeline'), /message 4\n +👍 @friend1\.42\n/)
  t.equal(chatOf(seen).place.kind, 'bottom')
})

test('neither bell nor notification nor an unread mark tells of a reaction', async (t) => {
  const state = scene({ conversations: [conversation(1), conversation(2)] })
  const done = told(state, reaction(line(1), '👍'), reaction(line(2, { conversation: 2 }), '🎉'))
  t.same(effectsOf(done, 'bell'), [])
  t.same(effectsOf(done, 'notify'), [])
  t.same(done.state.conversations, state.conversations)
})
