import { test } from 'tap'

import { isNamedIn } from '../../src/model/commands/names.js'
import { COMMANDS } from '../../src/model/commands/table.js'
import { bindingsOf, profileBindings } from '../../src/model/keymap.js'
import {
  isPlainChord,
  keyFor,
  parseOwnKeys,
  refusalOf,
  withOwnKeys,
  writeOwnKeys,
} from '../../src/model/own-keys.js'
import { helpLines } from '../../src/model/overlays/help-lines.js'
import type { UiState } from '../../src/model/state.js'
import { callsOf, chatScene, feed, lines, paneText, press } from './scene.js'

/** The help, with the line of a command chosen. */
function helpAt(state: UiState, area: string, name: string): UiState {
  const opened = press(state, 'f1').state
  const index = helpLines(opened, COMMANDS).findIndex(
    (line) => line.area === area && line.name === name,
  )
  return press(opened, ...Array.from({ length: index }, () => 'down')).state
}

const parse = (text: string) => parseOwnKeys(text, isNamedIn(COMMANDS))

test('a key that is free is the new one at once, stays with the account, and is shown everywhere', (t) => {
  const chosen = helpAt(chatScene(lines(1, 2)), 'anywhere', 'conversation.new')
  const asked = press(chosen, 'enter')
  t.match(paneText(asked.state, 'overlay'), /The new key for “Write to somebody new”\?/)
  t.match(paneText(asked.state, 'status'), /Press the new key/)
  const given = press(asked.state, 'f5')
  t.same(callsOf(given), [
    {
      ...{ method: 'setting.save' },
      params: { name: 'screen.own-keys', value: 'anywhere conversation.new f5' },
    },
  ])
  t.match(paneText(given.state, 'overlay'), /› Write to somebody new +\(yours\) +F5 +\/new/)
  t.match(given.state.toasts.at(-1), { text: 'F5: Write to somebody new.', tone: 'good' })
  const closed = press(given.state, 'escape').state
  t.match(press(closed, 'f5').state.overlays, [{ kind: 'meet' }])
  t.same(press(closed, 'ctrl+n').state.overlays, [], 'what it was does nothing any more')
  t.end()
})

test('a key that does something else is taken only after it was shown what that is', (t) => {
  const asked = press(helpAt(chatScene(lines(1, 2)), 'anywhere', 'everywhere.open'), 'enter').state
  const shown = press(asked, 'ctrl+e')
  t.match(paneText(shown.state, 'overlay'), /its part in editing \(While you write\)/)
  t.same(callsOf(shown), [])
  const other = press(asked, 'ctrl+n').state
  t.match(paneText(other, 'overlay'), /Write to somebody new \(Anywhere\)/)
  t.same(press(other, 'escape').state.settings.ownKeys, [], 'Esc leaves it')
  const taken = press(press(other, 'enter').state, 'escape').state
  t.match(press(taken, 'ctrl+n').state.overlays, [{ kind: 'everywhere' }])
  t.end()
})

test('Delete makes a key as it was, and /reset-keys all of them', (t) => {
  const chosen = helpAt(chatScene(lines(1, 2)), 'timeline', 'message.reply')
  const given = press(chosen, 'enter', 'w').state
  t.match(given.settings.ownKeys, [{ context: 'timeline', chord: 'w' }])
  const back = press(given, 'delete')
  t.same(back.state.settings.ownKeys, [])
  t.match(callsOf(back), [{ params: { value: '' } }])
  t.match(press(back.state, 'delete').state.toasts.at(-1), { text: /from the beginning/ })
  const all = press(press(given, 'escape').state, 'ctrl+k').state
  const reset = press(feed(all, written('all keys as')).state, 'enter').state
  t.same(reset.settings.ownKeys, [])
  t.end()
})

function written(text: string) {
  return { kind: 'input', event: { kind: 'text', text } } as const
}

test('what writes, what means the same everywhere, and the last way out are refused', (t) => {
  const bindings = profileBindings('default')
  const of = (context: 'anywhere' | 'composer' | 'list', name: 'help.open', chord: string) =>
    refusalOf(bindings, { context, name, chord })
  t.match(of('anywhere', 'help.open', 'x'), { why: 'writes' })
  t.match(of('composer', 'help.open', 'backspace'), { why: 'writes' })
  t.match(of('list', 'help.open', 'escape'), { why: 'reserved' })
  t.match(of('composer', 'help.open', 'ctrl+c'), { why: 'reserved' })
  t.equal(of('list', 'help.open', 'x'), undefined, 'a letter is a key where nothing is written')
  const f1 = { context: 'anywhere', name: 'conversation.new', chord: 'f1' } as const
  t.match(refusalOf(bindings, f1), { why: 'needed', name: 'help.open' })
  const newline = { context: 'composer', name: 'composer.newline', chord: 'enter' } as const
  t.match(refusalOf(bindings, newline), { why: 'needed', name: 'composer.send' })
  const send = { context: 'composer', name: 'composer.send', chord: 'alt+enter' } as const
  const swapped = withOwnKeys(bindings, [send, newline])
  t.equal(keyFor(swapped, 'composer', 'composer.send'), 'alt+enter')
  t.equal(keyFor(swapped, 'composer', 'composer.newline'), 'enter')
  const told = press(helpAt(chatScene(lines(1, 2)), 'anywhere', 'conversation.new'), 'enter', 'f1')
  t.match(paneText(told.state, 'overlay'), /F1 is the only key left for “Show the keys”/)
  t.end()
})

test('own keys stand on top of every profile, and none of them can lock anybody out of it', (t) => {
  const ownKeys = parse('anywhere conversation.new f5\nlist conversation.pin x')
  for (const keys of ['default', 'vim', 'emacs'] as const) {
    const bindings = bindingsOf({ keys, ownKeys })
    t.equal(bindings.anywhere['f5'], 'conversation.new', keys)
    t.equal(bindings.list['x'], 'conversation.pin', keys)
    t.equal(bindings.list['p'], undefined, keys)
  }
  // In the keys of vim there is another way to the help than this one, in others there is not.
  const hostile = parse(
    'anywhere settings.open f1\nanywhere app.lock ctrl+k\nanywhere app.quit ctrl+p',
  )
  const bindings = bindingsOf({ keys: 'default', ownKeys: hostile })
  for (const context of ['composer', 'timeline', 'list'] as const)
    for (const name of ['help.open', 'palette.open', 'app.interrupt'] as const)
      t.type(keyFor(bindings, context, name), 'string', `${name} from ${context}`)
  t.end()
})

test('keys are read as they were written, and what another version wrote is passed over', (t) => {
  const own = parse('anywhere conversation.new f5\ntimeline message.reply shift+w')
  t.same(parse(writeOwnKeys(own)), own)
  const strange = [
    ...['', 'x', 'anywhere', 'nowhere help.open f5', 'anywhere no.such f5'],
    ...['list edit.left f5', 'list conversation.nth 5', 'overlay overlay.up f5'],
  ]
  t.same(parse(strange.join('\n')), [])
  t.end()
})

test('keys that only newer terminals send are told from those of every one', (t) => {
  const plain = ['f5', 'ctrl+k', 'alt+enter', 'alt+x', 'ctrl+up', 'x', 'shift+x', 'shift+tab']
  t.same(plain.filter(isPlainChord), plain)
  t.same(['ctrl+enter', 'shift+enter', 'ctrl+1', 'ctrl+shift+k', 'ctrl+m'].filter(isPlainChord), [])
  t.end()
})

test('what the line at the foot says is what the keys do now', (t) => {
  const scene = chatScene(lines(1, 2))
  t.match(paneText(scene, 'status'), /Enter send {2}Alt\+Enter newline .*Ctrl\+K go to {2}F1 keys/)
  const value = 'composer composer.send alt+enter\ncomposer composer.newline enter'
  const saved = [{ name: 'screen.own-keys', value }]
  const { state } = feed(scene, { kind: 'settings', saved })
  t.match(paneText(state, 'status'), /Alt\+Enter send {2}Enter newline/)
  t.end()
})
