import { test } from 'tap'

import {
  callsOf,
  chatScene,
  conversationId,
  feed,
  lines,
  paneLines,
  paneText,
  press,
  type,
} from './scene.js'

const HEADINGS = /^ (Lately|Conversations|Contacts|Commands|Settings|Messages)$/

const opened = (options = {}) =>
  press(chatScene(lines(1, 2), { rows: 60, ...options }), 'ctrl+k').state
const headings = (state: ReturnType<typeof opened>) =>
  paneLines(state, 'overlay')
    .filter((line) => HEADINGS.test(line))
    .map((line) => line.trim())

test('what the palette leads to stands in groups, and what is typed brings the best one up', (t) => {
  const state = opened()
  t.same(headings(state).slice(0, 3), ['Conversations', 'Contacts', 'Commands'])
  t.same(headings(type(state, 'do not disturb').state), ['Settings'])
  t.equal(headings(type(state, 'friend2').state)[0], 'Conversations')
  t.equal(headings(type(state, 'lock').state)[0], 'Commands')
  t.end()
})

test('a setting is found with its value, and Enter leads to it', (t) => {
  const typed = type(opened(), 'bell').state
  t.match(paneText(typed, 'overlay'), /› Settings: Bell +on/)
  const shown = press(typed, 'enter').state
  t.match(paneText(shown, 'overlay'), /› Bell +on/)
  t.end()
})

test('a theme is found by its name and holds at once, one of one’s own too', (t) => {
  const listed = feed(opened(), { kind: 'themes', names: ['solar'] }).state
  const done = press(type(listed, 'solar').state, 'enter')
  t.equal(done.state.settings.theme, 'solar')
  t.match(callsOf(done), [{ method: 'setting.save', params: { value: 'solar' } }])
  t.end()
})

test('what was gone to lately stands first, until something is typed', (t) => {
  const first = press(type(opened(), 'friend2').state, 'enter').state
  t.equal(first.open, conversationId(2))
  const again = press(first, 'ctrl+k').state
  t.same(headings(again)[0], 'Lately')
  t.match(paneText(again, 'overlay'), /Lately\n› @friend2\.42\n Conversations\n {2}@friend1\.42/)
  t.notOk(headings(type(again, 'friend').state).includes('Lately'))
  t.match(paneText(type(again, 'friend').state, 'overlay'), /› @friend2/, 'and first of its like')
  t.end()
})

test('on a low screen the chosen line is seen, whatever stands above it', (t) => {
  const state = opened({ columns: 40, rows: 12 })
  for (const count of [1, 5, 20, 60]) {
    const moved = press(state, ...Array.from({ length: count }, () => 'down')).state
    t.equal(paneLines(moved, 'overlay').filter((line) => line.startsWith('› ')).length, 1)
  }
  t.end()
})
