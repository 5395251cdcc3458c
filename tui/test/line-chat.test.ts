import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import { parseLine } from '../src/line/chat-line.js'
import { openChat } from './support/chat.js'
import { connectionEvent, receivedEvent, statusEvent } from './support/objects.js'

test('a line is a text unless it begins with one slash', async (t) => {
  t.same(parseLine('hello'), { kind: 'text', text: 'hello' })
  t.same(parseLine('//etc'), { kind: 'text', text: '/etc' })
  t.same(parseLine('/quit'), { kind: 'quit' })
  t.same(parseLine('/etc'), { kind: 'unknown', command: '/etc' })
  t.same(parseLine('  '), { kind: 'nothing' })
})

test('a chat begins with the last messages and marks them read', async (t) => {
  const chat = await openChat()
  chat.end()
  t.equal(await chat.ended, 'left')
  t.match(chat.shown(), /@bob\.42: earlier\n-- @bob\.42 -- not verified/)
  t.equal(chat.client.marked, 1)
})

test('what is typed is sent and shown as the message it became', async (t) => {
  const chat = await openChat()
  await chat.type('hello bob')
  chat.client.emit(statusEvent('accepted'))
  chat.client.emit(statusEvent('read'))
  chat.end()
  await chat.ended
  t.match(chat.client.sent, [{ text: 'hello bob' }])
  t.match(chat.shown(), /you: hello bob\n {2}✓ accepted\n {2}✓✓ read\n$/)
})

test('what comes is shown and marked read', async (t) => {
  const chat = await openChat()
  chat.client.emit(receivedEvent('hi\u001b[2J'))
  chat.end()
  await chat.ended
  t.match(chat.shown(), /@bob\.42: hi\\x1b\[2J\n/)
  t.equal(chat.client.marked, 2)
})

test('a relay that goes away is one line, and one when it is back', async (t) => {
  const chat = await openChat()
  chat.clear()
  for (const state of ['offline', 'connecting', 'offline', 'connecting', 'online'] as const) {
    chat.client.emit(connectionEvent(state))
  }
  chat.end()
  await chat.ended
  t.match(chat.shown(), /cannot be reached[^\n]*\n-- connected again\n$/)
  t.equal(chat.shown().match(/cannot be reached/g)?.length, 1)
})

test('a message that could not be kept is an error on the screen, and the chat goes on', async (t) => {
  const chat = await openChat()
  chat.client.failWith = new UnavailableError('temporary/timeout', 'no', { fix: 'Again.' })
  await chat.type('lost')
  chat.client.failWith = undefined
  await chat.type('kept')
  chat.end()
  await chat.ended
  t.match(chat.shown(), /error: no {2}\[temporary\/timeout\]\n {2}Again\./)
  t.match(chat.client.sent, [{ text: 'kept' }])
})

test('commands accept, show the safety number and leave', async (t) => {
  const chat = await openChat()
  await chat.type('/accept')
  await chat.type('/verify')
  await chat.type('/frob')
  await chat.type('/quit')
  t.equal(await chat.ended, 'left')
  t.equal(chat.client.accepted, 1)
  t.match(chat.shown(), /12345 12345/)
  t.match(chat.shown(), /no such command: \/frob/)
})

test('a line typed right before the end of the input is sent', async (t) => {
  const chat = await openChat()
  void chat.type('last words')
  chat.end()
  await chat.ended
  t.match(chat.client.sent, [{ text: 'last words' }])
})

test('on a terminal an incoming message leaves the line being typed as it was', async (t) => {
  const chat = await openChat({ terminal: true })
  await chat.press('half a se')
  chat.clear()
  chat.client.emit(receivedEvent('interrupting'))
  t.match(chat.shown(), /interrupting\n[^]*> half a se/)
  await chat.press('ntence\r')
  t.match(chat.client.sent, [{ text: 'half a sentence' }])
  await chat.press('\u0004')
  t.equal(await chat.ended, 'left')
})

test('on a terminal the state of the last message stands before the prompt', async (t) => {
  const chat = await openChat({ terminal: true })
  await chat.press('hello\r')
  chat.client.emit(statusEvent('delivered'))
  t.match(chat.shown(), /✓✓ delivered > /)
  await chat.press('\u0003')
  t.equal(await chat.ended, 'interrupted')
})
