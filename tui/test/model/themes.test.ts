import { test } from 'tap'

import { themeOptions } from '../../src/model/themes.js'
import type { UiState } from '../../src/model/state.js'
import type { ThemeFile } from '../../src/rows/user-theme.js'
import { callsOf, chatScene, effectsOf, feed, lines, paneText, press, type } from './scene.js'

const PATH = '/home/me/.config/sotto/themes/solar.toml'

function file(...entries: readonly (readonly [string, unknown])[]): ThemeFile {
  const all = entries.map(([key, value], at) => ({ key, value, line: at + 1 }))
  return { state: 'read', path: PATH, entries: all }
}

function choosing(state: UiState) {
  return press(type(state, '/theme solar').state, 'enter')
}

test('a theme of one’s own is read anew each time that it is chosen, and stays with the account', async (t) => {
  const chosen = choosing(chatScene(lines(1, 2)))
  t.same(callsOf(chosen), [
    { method: 'setting.save', params: { name: 'screen.theme', value: 'solar' } },
  ])
  t.same(effectsOf(chosen, 'load-theme'), [{ kind: 'load-theme', name: 'solar' }])
  const entries = file(['accent', 75], ['background', 'light'])
  const { state } = feed(chosen.state, { kind: 'theme', name: 'solar', file: entries })
  const { background, colors } = themeOptions(state, '256')
  t.equal(background, 'light')
  t.same(colors?.get('accent'), { kind: 'indexed', index: 75 })
  t.equal(effectsOf(choosing(state), 'load-theme').length, 1)
})

test('at the start the theme that was chosen is read', async (t) => {
  const saved = [{ name: 'screen.theme', value: 'solar' }]
  const done = feed(chatScene([]), { kind: 'settings', saved })
  t.same(effectsOf(done, 'load-theme'), [{ kind: 'load-theme', name: 'solar' }])
})

test('a fault is told with its file, line, key and what it may be, and the rest holds', async (t) => {
  const { state } = choosing(chatScene(lines(1, 2), { columns: 120 }))
  const wrong = file(['bad', 'red'], ['accent', 'pink'], ['acent', 'red'])
  const told = feed(state, { kind: 'theme', name: 'solar', file: wrong }).state
  t.match(told.toasts.at(-1), {
    tone: 'bad',
    text: /^2 faults, see F3\. solar\.toml:2: accent/,
  })
  t.same(themeOptions(told, '16').colors?.get('bad'), { kind: 'basic', index: 1 })
  const shown = press(type(told, '/theme').state, 'enter').state
  const text = paneText(shown, 'overlay').replaceAll(/\s+/g, ' ')
  t.match(
    text,
    /solar\.toml:2: accent is no colour\..*"#rrggbb", a number from 0 to 255.* bright-cyan/,
  )
  t.match(text, /solar\.toml:3: there is no acent\. There are: background text dim accent/)
})

test('a file that cannot be read leaves the colours as they would be, and says why', async (t) => {
  const { state } = choosing(chatScene([]))
  const none = {
    state: 'unread',
    path: PATH,
    line: undefined,
    reason: 'there is no such file',
  } as const
  const told = feed(state, { kind: 'theme', name: 'solar', file: none }).state
  t.match(told.toasts.at(-1), { tone: 'bad', text: /solar\.toml: there is no such file/ })
  t.same([...(themeOptions(told, '256').colors ?? [])], [])
})

test('themes that there are files of are gone through with the others', async (t) => {
  const opened = press(type(chatScene([]), '/theme').state, 'enter')
  t.same(effectsOf(opened, 'list-themes'), [{ kind: 'list-themes' }])
  const { state } = feed(opened.state, { kind: 'themes', names: ['night', 'solar'] })
  const seen = ['right', 'right', 'right', 'right', 'right'].map((_, at) => {
    const keys = Array.from({ length: at + 1 }, () => 'right')
    return press(state, ...keys).state.settings.theme
  })
  t.same(seen, ['dark', 'light', 'night', 'solar', 'auto'])
})

test('an answer about a theme that is not set any more is for nobody', async (t) => {
  const { state } = choosing(chatScene([]))
  const dark = press(type(state, '/theme dark').state, 'enter').state
  const late = feed(dark, { kind: 'theme', name: 'solar', file: file(['accent', 'red']) }).state
  t.equal(late.themes.shown, undefined)
})

test('auto is what the terminal says, dark where it says nothing; what is set is before both', async (t) => {
  const state = chatScene([])
  const { background: _, ...unsaid } = state.capabilities
  const on = (background: 'light' | undefined, theme: string) =>
    themeOptions(
      {
        ...{ ...state, settings: { ...state.settings, theme } },
        capabilities: { ...unsaid, background },
      },
      '16',
    ).background
  t.same([on(undefined, 'auto'), on('light', 'auto')], ['dark', 'light'])
  t.same([on('light', 'dark'), on(undefined, 'light')], ['dark', 'light'])
})
