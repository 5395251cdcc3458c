import { test } from 'tap'

import type { OwnKey } from '../../src/model/own-keys.js'
import type { UiState } from '../../src/model/state.js'
import { chatScene, chatOf, feed, lines, paneText, paste, press, scene, type } from './scene.js'

function withKeys(state: UiState, ...ownKeys: readonly OwnKey[]): UiState {
  return { ...state, settings: { ...state.settings, ownKeys } }
}

const NEW_ON_F5: OwnKey = { context: 'anywhere', name: 'conversation.new', chord: 'f5' }
const HELP_ON_F6: OwnKey = { context: 'anywhere', name: 'help.open', chord: 'f6' }
const SEND_ON_F7: OwnKey = { context: 'composer', name: 'composer.send', chord: 'f7' }

test('an empty list names the keys that there are, not those that there were', (t) => {
  const empty = scene({ conversations: [] })
  t.match(paneText(empty, 'list'), /Ctrl\+N {2}somebody new\n *Ctrl\+K {2}go to[^]*F1 {6}the keys/)
  const own = withKeys(empty, NEW_ON_F5, HELP_ON_F6)
  t.match(paneText(own, 'list'), /F5 {6}somebody new\n *Ctrl\+K {2}go to[^]*F6 {6}the keys/)
  t.end()
})

test('with the keys of emacs nothing leads to a palette that is on another key', (t) => {
  const saved = [{ name: 'screen.keys', value: 'emacs' }]
  const { state } = feed(scene({ conversations: [] }), { kind: 'settings', saved })
  t.notMatch(paneText(state, 'list'), /Ctrl\+K|Ctrl\+N/)
  t.match(paneText(state, 'list'), /Alt\+X +go to/)
  t.end()
})

test('what is said of an empty conversation, an unknown command and a setting follows the keys', (t) => {
  const own = withKeys(chatScene([]), HELP_ON_F6, SEND_ON_F7)
  const said = paneText(own, 'timeline').replace(/\s+/g, ' ')
  t.match(said, /Type, and F7 sends; Alt\+V compares numbers; F6: the keys/)
  const unknown = press(type(own, '/nothing').state, 'f7').state
  t.match(unknown.toasts.at(-1)?.text, /^There is no \/nothing\. F6 shows all/)
  const settings = press(press(own, 'f3').state, ...Array.from({ length: 10 }, () => 'down')).state
  t.match(paneText(settings, 'overlay'), /› Keys[^]*default: as F6 shows/)
  t.end()
})

test('a long paste is one chip, is asked about, and is shown as text by its key', (t) => {
  const long = Array.from({ length: 9 }, (_, at) => `line ${String(at)}`).join('\n')
  const pasted = paste(chatScene(lines(1, 2)), long).state
  t.match(paneText(pasted, 'composer'), /\[pasted 9 lines\]/)
  const asked = press(pasted, 'enter')
  t.same(
    asked.effects.filter(({ kind }) => kind === 'send'),
    [],
  )
  t.match(asked.state.toasts.at(-1)?.text, /^Long paste: Enter sends, Alt\+E shows it$/)
  const shown = press(pasted, 'alt+e').state
  t.same(chatOf(shown).composer.draft.chips, [])
  t.match(paneText(shown, 'composer'), /line 8/)
  t.equal(chatOf(press(shown, 'alt+e').state), chatOf(shown), 'there is nothing left to show')
  t.end()
})
