import { UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import { parseLine } from '../src/line/chat-line.js'
import { openChat, openDemoChat } from './support/chat.js'
import {
  connectionEvent,
  GAP,
  line,
  receivedEvent,
  statusEvent,
  timelineEvent,
  UNDECRYPTABLE,
} from './support/objects.js'

test('a line is a text unless it begins with one slash', async (t) => {
  t.same(parseLine('hello'), { kind: 'text', text: 'hello' })
  t.same(parseLine('//etc'), { kind: 'text', text: '/etc' })
  t.same(parseLine('/quit'), { kind: 'command', name: 'quit', args: '' })
  t.same(parseLine('/search  two words '), { kind: 'command', name: 'search', args: 'two words' })
  t.same(parseLine('  '), { kind: 'nothing' })
})

test('a chat begins with the last messages and marks them read', async (t) => {
  const chat = await openChat()
  chat.end()
  t.equal(await chat.ended, 'left')
  t.match(chat.shown(), /@bob\.42: earlier\n-- @bob\.42 -- not verified/)
  t.equal(chat.client.marked, 1)
})

test('a chat shows what was lost between its messages, and what could not be opened', async (t) => {
  const after = line({}).message.id
  const chat = await openChat({
    events: [
      timelineEvent({ type: 'block', blocked: false }),
      timelineEvent(GAP, { after }),
      timelineEvent(UNDECRYPTABLE, { after }),
    ],
  })
  chat.end()
  await chat.ended
  t.match(
    chat.shown(),
    /You took back that @bob\.42 is blocked\.\n.*@bob\.42: earlier\n.*3 messages did not arrive.*\n.*1 message of @bob\.42 could not be opened.*\n-- /,
  )
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

test('over the made-up world a conversation is chosen by its number, and everything is said in lines', async (t) => {
  const chat = openDemoChat()
  await chat.shows(/ 1 {2}@alice\.42 .*2 unread, verified, pinned: merge when you like\n/)
  chat.type('3')
  await chat.shows(/-- @echo\.11 -- not verified/)
  chat.type('how are you?')
  await chat.shows(/you: how are you\?\n[^]*@echo\.11: > how are you\?\n {2}how are you\?/)
  chat.type('/reply again')
  await chat.shows(/you: > how are you\?\n {2}again/)
  chat.type('/open bob')
  await chat.shows(/Where are you\?\n-- @bob -- /)
  chat.type('/search parcel')
  await chat.shows(/\[@carol\.19\] .*Did the parcel arrive\?\n-- 1 found/)
  chat.type('/more')
  await chat.shows(/the conversation begins here/)
  chat.type('/pin')
  await chat.shows(/-- pinned/)
  chat.type('/unread')
  await chat.shows(/\d {2}@news\.100 .*14 unread, muted/)
  chat.type('/open nobody')
  await chat.shows(/no conversation here is nobody {2}\[recipient\/unknown\]/)
  chat.type('/help')
  await chat.shows(/\/open NUMBER\|@NAME {2}write to that one/)
  chat.type('/quit')
  t.equal(await chat.ended, 'left')
})

test('what others write is told wherever one is, and nothing goes where nothing is open', async (t) => {
  const chat = openDemoChat()
  await chat.shows(/\/open and a number/)
  chat.type('to whom?')
  await chat.shows(/no conversation is open {2}\[usage\/invalid\]/)
  chat.type('/open @echo.11')
  chat.type('round trip')
  chat.type('/open @bob')
  await chat.shows(/-- @bob -- [^]*@echo\.11: > round trip\n {2}round trip/)
  chat.type('/quit')
  t.equal(await chat.ended, 'left')
})

test('of another conversation only what is wanted is told', async (t) => {
  const chat = openDemoChat()
  await chat.shows(/\/open and a number/)
  chat.type('/open @echo.11')
  chat.type('/alerts loudly')
  await chat.shows(/\/alerts all, \/alerts mentions, \/alerts none/)
  chat.type('/alerts mentions')
  await chat.shows(/-- only what names you is told/)
  chat.type('quiet one')
  chat.type('hey @you')
  chat.type('/open @bob')
  await chat.shows(/-- @bob -- (?:(?!> quiet one)[^])*@echo\.11: > hey @you/)
  chat.type('/quit')
  t.equal(await chat.ended, 'left')
})

test('what the screen can do with a message, with settings and with people lines can do too', async (t) => {
  const chat = openDemoChat()
  await chat.shows(/\/open and a number/)
  chat.type('/details')
  await chat.shows(/no conversation is open {2}\[usage\/invalid\]/)
  chat.type('/open @echo.11')
  chat.type('sent from here')
  await chat.shows(/> sent from here/)
  chat.type('/details')
  await chat.shows(/m_\w{26} {2}sent 2026-\S+Z, by @echo\.11/)
  chat.type('/forward')
  await chat.shows(/As in: \/forward @carol\.19/)
  chat.type('/forward @bob')
  await chat.shows(/-- written again to @bob/)
  chat.type('/open @bob')
  await chat.shows(/you: sent from here[^]*-- @bob --/)

  chat.type('/settings')
  await chat.shows(/ {2}receipts on\n[^]* {2}notify name\n/)
  chat.type('/settings receipts off')
  chat.type('/settings notify none')
  chat.type('/settings')
  await chat.shows(/no read receipt is sent[^]* {2}receipts off\n[^]* {2}notify none\n/)
  chat.type('/settings notify loudly')
  await chat.shows(/nothing is set so: notify/)

  chat.type('/remove')
  await chat.shows(/As in: \/remove yes, for good/)
  chat.type('/remove yes')
  await chat.shows(/-- forgotten/)
  chat.type('to nobody')
  await chat.shows(/no conversation is open/)
  chat.type('/lock')
  t.equal(await chat.ended, 'left')
})

test('on lines, too, one reacts, edits and deletes, and reads which message it was', async (t) => {
  const chat = openDemoChat()
  await chat.shows(/@echo\.11/)
  chat.type('/open @echo.11')
  await chat.shows(/-- @echo\.11 --/)
  chat.type('/react heart')
  await chat.shows(/you reacted with ❤️: Hello! I am a bot/)
  chat.type('/unreact')
  await chat.shows(/you took back ❤️: Hello!/)
  chat.type('on Tusday')
  await chat.shows(/@echo\.11: > on Tusday\n {2}on Tusday/)
  chat.type('/edit on Tuesday')
  await chat.shows(/you edited: on Tuesday/)
  await chat.shows(/@echo\.11 edited: > on Tuesday\n {2}on Tuesday/)
  chat.type('/delete')
  await chat.shows(/error: what is meant\?[^]*\/delete everyone/)
  chat.type('/delete everyone')
  await chat.shows(/you deleted a message\n/)
  await chat.shows(/@echo\.11 deleted a message\n/)
  chat.type('/quit')
  t.equal(await chat.ended, 'left')
})
