import { NotFoundError } from '@sotto/protocol'
import { test } from 'tap'

import { callOf } from '../../src/model/effect.js'
import { recipientIn } from '../../src/model/overlays/meet.js'
import { answer, asksOf, friend, refusal } from './people.js'
import {
  conversation,
  conversationId,
  effectsOf,
  feed,
  paneText,
  press,
  scene,
  type,
} from './scene.js'

const DAVE = friend(4, { handle: '@dave.07', name: 'Dave' })
const known = { contacts: [friend(1), friend(2), DAVE] }

test('Ctrl+N asks for somebody to write to, and offers who was never written to first', (t) => {
  const { state } = press(scene(known), 'ctrl+n')
  t.match(paneText(state, 'overlay'), /Write to somebody[^]*@friend4[^]*@friend1/)
  t.match(paneText(state, 'overlay'), /Dave/)
  t.end()
})

test('a contact that is chosen is opened without the relay being asked', (t) => {
  const { state } = press(scene(known), 'ctrl+n')
  const done = press(type(state, 'dave').state, 'enter')
  t.same(asksOf(done), [])
  t.equal(done.state.open, conversationId(4))
  t.same(done.state.overlays, [])
  t.end()
})

test('a username is looked up, and whoever has it is opened', (t) => {
  const typing = type(press(scene(known), 'ctrl+n').state, 'carol.42')
  t.match(paneText(typing.state, 'overlay'), /Look up @carol\.42/)
  const asked = press(typing.state, 'enter')
  t.match(asksOf(asked), [{ method: 'contact.add', params: { to: '@carol.42' } }])
  t.match(paneText(asked.state, 'overlay'), /Looking them up at the relay/)

  const carol = friend(5, { handle: '@carol.42' })
  const done = feed(asked.state, answer('contact.add', { to: '@carol.42' }, carol))
  t.equal(done.state.open, conversationId(5))
  t.same(done.state.overlays, [])
  t.match(effectsOf(done, 'load-list'), [{}])
  t.end()
})

test('what was not found is said below what was written, until something else is', (t) => {
  const asked = press(type(press(scene(), 'ctrl+n').state, 'nobody.99').state, 'enter')
  const error = new NotFoundError('recipient/unknown', 'nobody is called @nobody.99', {
    fix: 'Ask them how it is written.',
  })
  const told = feed(asked.state, refusal(callOf('contact.add', { to: '@nobody.99' }), error))
  t.match(
    paneText(told.state, 'overlay'),
    /> nobody\.99[^]*nobody is called @nobody\.99\. Ask them/,
  )
  const again = press(told.state, 'backspace').state
  t.notMatch(paneText(again, 'overlay'), /Ask them/)
  t.end()
})

test('while it looks up nothing is typed and nothing is asked again', (t) => {
  const asked = press(type(press(scene(), 'ctrl+n').state, 'carol.42').state, 'enter')
  const impatient = press(type(asked.state, 'x').state, 'enter')
  t.same(asksOf(impatient), [])
  t.match(paneText(impatient.state, 'overlay'), /> carol\.42$/m)
  t.end()
})

test('whoever was looked up after the person left opens nothing', (t) => {
  const asked = press(type(press(scene(), 'ctrl+n').state, 'carol.42').state, 'enter', 'escape')
  const done = feed(asked.state, answer('contact.add', { to: '@carol.42' }, friend(5)))
  t.equal(done.state.open, undefined)
  t.end()
})

test('whoever was looked up before is not taken for who is looked up now', (t) => {
  const first = press(type(press(scene(), 'ctrl+n').state, 'carol.42').state, 'enter', 'escape')
  const second = press(type(press(first.state, 'ctrl+n').state, 'dora.42').state, 'enter')
  const late = feed(second.state, answer('contact.add', { to: '@carol.42' }, friend(5)))
  t.equal(late.state.open, undefined)
  t.match(paneText(late.state, 'overlay'), /Looking them up/)
  t.end()
})

test('/new and /join take what is written behind them', (t) => {
  const state = press(scene({ conversations: [conversation(1)] }), 'enter').state
  const done = press(type(state, '/new @carol.42').state, 'enter')
  t.match(asksOf(done), [{ method: 'contact.add', params: { to: '@carol.42' } }])
  const link = 'sotto://relay.example/invite#AQID'
  const joined = press(type(state, `/join ${link}`).state, 'enter')
  t.match(asksOf(joined), [{ method: 'contact.add', params: { to: link } }])
  t.end()
})

test('a word alone is looked for among contacts and nowhere else', (t) => {
  t.equal(recipientIn('dave'), undefined)
  t.equal(recipientIn('@dave'), undefined)
  t.equal(recipientIn(' @dave.07 '), '@dave.07')
  t.equal(recipientIn('dave.07'), '@dave.07')
  t.equal(recipientIn('example.com/x'), undefined)
  t.end()
})
