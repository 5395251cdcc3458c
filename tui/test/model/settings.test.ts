import { test } from 'tap'

import { isNamedIn } from '../../src/model/commands/names.js'
import { COMMANDS } from '../../src/model/commands/table.js'
import { isQuiet, parseQuietHours } from '../../src/model/quiet-hours.js'
import {
  DEFAULT_SETTINGS,
  parseSettings,
  savedOwnKeys,
  savedSetting,
  SCREEN_SETTINGS,
  valueOf,
  withValue,
  type Settings,
} from '../../src/model/settings.js'
import {
  callsOf,
  chatScene,
  chatOf,
  draftOf,
  effectsOf,
  feed,
  lines,
  paneText,
  press,
  type,
} from './scene.js'

/** Of a scene, in London's winter. */
const at = (time: string): number => Date.parse(`2026-10-31T${time}Z`)

test('a setting is changed where it stands, holds at once, and is kept with the account', (t) => {
  const shown = press(chatScene(lines(1, 2)), 'f3')
  t.match(paneText(shown.state, 'overlay'), /Notifications tell +who/)
  const changed = press(shown.state, ...Array.from({ length: 5 }, () => 'down'), 'right')
  t.equal(changed.state.settings.bell, false)
  t.same(callsOf(changed), [
    { method: 'setting.save', params: { name: 'screen.bell', value: 'off' } },
  ])
  t.match(paneText(changed.state, 'overlay'), /Bell +off/)
  t.equal(press(changed.state, 'left').state.settings.bell, true)
  t.end()
})

test('/dnd takes any hours, says what it did, and refuses what are none', (t) => {
  const set = press(type(chatScene(lines(1, 2)), '/dnd 21-6').state, 'enter')
  t.same(set.state.settings.quietHours, { from: 21, to: 6 })
  t.match(set.state.toasts.at(-1), { text: 'Do not disturb: 21:00 to 6:00', tone: 'good' })
  const refused = press(type(set.state, '/dnd tonight').state, 'enter')
  t.same(callsOf(refused), [])
  t.match(refused.state.toasts.at(-1), { tone: 'bad', text: /\/dnd 22-7/ })
  t.end()
})

test('a setting without a value opens the list at it', (t) => {
  const { state } = press(type(chatScene(lines(1, 2)), '/theme').state, 'enter')
  t.match(paneText(state, 'overlay'), /› Theme +auto/)
  t.end()
})

test('what was saved is read again, and what is not understood stays at its default', (t) => {
  const other: Settings = {
    ...{ keys: 'vim', theme: 'light', colors: '256', notify: 'full', bell: false, reactions: true },
    ...{ quietHours: { from: 22, to: 7 }, lockAfterMinutes: 15, notifyBy: 'desktop' },
    ownKeys: [{ context: 'anywhere', name: 'conversation.new', chord: 'f5' }],
  }
  const saved = [...SCREEN_SETTINGS.map((name) => savedSetting(other, name)), savedOwnKeys(other)]
  t.same(parseSettings(saved, isNamedIn(COMMANDS)), other)
  const newer = [
    ...[
      { name: 'screen.keys', value: 'nano' },
      { name: 'screen.unheard', value: 'of' },
    ],
    { name: 'screen.bell', value: 'off' },
  ]
  t.same(parseSettings(newer, isNamedIn(COMMANDS)), { ...DEFAULT_SETTINGS, bell: false })
  t.end()
})

test('values that there are not change nothing', (t) => {
  t.equal(withValue(DEFAULT_SETTINGS, 'lock-after', '100000'), undefined)
  t.equal(withValue(DEFAULT_SETTINGS, 'bell', 'loud'), undefined)
  t.equal(withValue(DEFAULT_SETTINGS, 'quiet-hours', '24-7'), undefined)
  t.equal(valueOf(DEFAULT_SETTINGS, 'quiet-hours'), 'off')
  t.end()
})

test('quiet hours may go over midnight, on the clock of the person', (t) => {
  const night = parseQuietHours('22-7')
  t.same(
    ['21:59:59', '22:00:00', '03:00:00', '06:59:59', '07:00:00'].map((time) =>
      isQuiet(night, at(time)),
    ),
    [false, true, true, true, false],
  )
  t.equal(isQuiet(parseQuietHours('9-17'), at('12:00:00')), true)
  t.equal(isQuiet(undefined, at('03:00:00')), false)
  t.end()
})

test('with the keys of vim Esc leads to the messages, and i back to the text', (t) => {
  const saved = [{ name: 'screen.keys', value: 'vim' }]
  const { state } = feed(chatScene(lines(1, 30)), { kind: 'settings', saved })
  const moved = press(state, 'escape', 'k').state
  t.equal(moved.focus, 'timeline')
  t.equal(chatOf(moved).selected, chatOf(press(state, 'escape', 'k', 'k', 'j').state).selected)
  const back = press(moved, 'i').state
  t.equal(back.focus, 'composer')
  t.equal(draftOf(type(back, 'written').state), 'written')
  t.end()
})

test('with the keys of emacs Ctrl+K cuts to the end of the line, and Alt+X is the palette', (t) => {
  const saved = [{ name: 'screen.keys', value: 'emacs' }]
  const { state } = feed(chatScene(lines(1, 2)), { kind: 'settings', saved })
  const typed = type(state, 'one two').state
  t.equal(draftOf(press(typed, 'alt+b', 'ctrl+k').state), 'one ')
  t.match(press(typed, 'alt+x').state.overlays, [{ kind: 'palette' }])
  t.end()
})

test('whether there are read receipts is the account’s to say, and is told when it is so', (t) => {
  const shown = press(chatScene(lines(1, 2)), 'f3')
  t.match(paneText(shown.state, 'overlay'), /Privacy *\n› Read receipts +on/)
  const asked = press(shown.state, 'right')
  t.same(
    asked.effects.map((effect) => effect.kind === 'ask' && effect.call),
    [{ method: 'account.edit', params: { readReceipts: false } }],
  )
  t.match(paneText(asked.state, 'overlay'), /Read receipts +on/)
  const account = { ...asked.state.account, readReceipts: false }
  const answer = {
    method: 'account.edit',
    params: { readReceipts: false },
    result: account,
  } as const
  const done = feed(asked.state, { kind: 'answer', answer })
  t.match(paneText(done.state, 'overlay'), /Read receipts +off/)
  t.match(done.state.toasts, [{ text: 'Read receipts: off', tone: 'good' }])
  t.match(done.effects, [{ kind: 'load-list' }, { kind: 'refresh' }])
  t.end()
})

test('what another process has switched is seen when the settings are opened', (t) => {
  const typed = type(chatScene(lines(1, 2)), '/receipts').state
  const shown = press(typed, 'enter')
  t.match(effectsOf(shown, 'ask'), [{ call: { method: 'account.current' } }])
  const result = { ...shown.state.account, readReceipts: false }
  const answer = { method: 'account.current', params: {}, result } as const
  const told = feed(shown.state, { kind: 'answer', answer })
  t.match(paneText(told.state, 'overlay'), /Read receipts +off/)
  t.same(told.state.toasts, [])
  t.end()
})
