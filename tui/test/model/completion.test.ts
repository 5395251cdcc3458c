import { test } from 'tap'

import { CONTACT } from '../support/objects.js'
import {
  chatOf,
  chatScene,
  draftOf,
  effectsOf,
  lines,
  paneLines,
  paneText,
  press,
  scene,
  type,
} from './scene.js'

const open = () => chatScene(lines(1, 60))

test('a command is completed, and is not run before Enter is pressed again', (t) => {
  const typed = type(open(), '/arch').state
  t.match(paneLines(typed, 'completion'), [/› \/archive {2}Archive/])
  const taken = press(typed, 'enter')
  t.equal(draftOf(taken.state), '/archive ')
  t.strictSame(
    taken.effects.map(({ kind }) => kind),
    ['save-draft'],
  )
  t.strictSame(paneLines(taken.state, 'completion'), [])
  t.match(effectsOf(press(taken.state, 'enter'), 'call'), [
    { call: { method: 'conversation.archive' } },
  ])
  t.end()
})

test('a command that is written out runs at once', (t) => {
  const done = press(type(open(), '/archive').state, 'enter')
  t.match(effectsOf(done, 'call'), [{ call: { method: 'conversation.archive' } }])
  t.end()
})

test('Tab takes the choice that Down led to', (t) => {
  const typed = type(open(), '/').state
  const [, second = ''] = paneLines(typed, 'completion')
  const { state } = press(typed, 'down', 'tab')
  t.equal(draftOf(state), `${second.trim().split(' ')[0] ?? ''} `)
  t.end()
})

test('somebody is mentioned by their name, alias or handle', (t) => {
  const typed = type(open(), 'ask @bo').state
  t.match(paneLines(typed, 'completion'), [/› @bob\.42 {2}Bob/])
  t.equal(draftOf(press(typed, 'tab').state), 'ask @bob.42 ')
  t.end()
})

test('an emoji is found by its name, and is nearer the next time', (t) => {
  const first = type(open(), 'go :roc').state
  t.match(paneLines(first, 'completion')[0], /🚀 {2}:rocket:/)
  const { state } = press(first, 'enter')
  t.equal(draftOf(state), 'go 🚀')
  t.equal(chatOf(type(state, ' :ro').state).popup?.choices[0]?.insert, '🚀')
  t.end()
})

test('a face of two characters is no name of an emoji: Enter sends it', (t) => {
  const typed = type(open(), 'good :D').state
  t.strictSame(paneLines(typed, 'completion'), [])
  t.match(effectsOf(press(typed, 'enter'), 'send'), [{ text: 'good :D' }])
  t.end()
})

test('Esc closes the choices for this word, and Enter sends again', (t) => {
  const closed = press(type(open(), '@b').state, 'escape').state
  t.strictSame(paneLines(closed, 'completion'), [])
  const typed = type(closed, 'o').state
  t.strictSame(paneLines(typed, 'completion'), [], 'still this word')
  t.match(effectsOf(press(typed, 'enter'), 'send'), [{ text: '@bo' }])
  t.not(paneText(type(typed, ' @b').state, 'completion'), '', 'another word')
  t.end()
})

test('choices come where a word is typed, not where the cursor comes by', (t) => {
  const typed = press(type(open(), '@bob').state, 'escape', 'home', 'right', 'right').state
  t.strictSame(paneLines(typed, 'completion'), [])
  t.end()
})

test('at most six choices are seen, the chosen one among them, over the timeline', (t) => {
  const contacts = Array.from({ length: 20 }, (_, at) => ({
    ...CONTACT,
    handle: `@bob${String(at)}.42`,
  }))
  const typed = type({ ...open(), contacts }, '@bob').state
  t.equal(paneLines(typed, 'completion').length, 6)
  t.same(typed.panes.timeline, open().panes.timeline, 'nothing moves')
  const { state } = press(typed, ...Array.from({ length: 10 }, () => 'down'))
  t.match(paneText(state, 'completion'), /› @bob/)
  t.end()
})

test('without an open conversation there is nothing to complete', (t) => {
  t.strictSame(paneLines(type(scene(), '/').state, 'completion'), [])
  t.end()
})
