import type { Look } from '../../rows/look.js'
import { blankRow, paragraph, plainRow, twoSided } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'
import { withChanged, withTop } from '../editing.js'
import type { Chord } from '../bindings.js'
import { bindingsOf } from '../keymap.js'
import type { HelpOverlay } from '../overlay.js'
import { isPlainChord, refusalOf, takenBy, withOwnKey, withoutOwnKey } from '../own-keys.js'
import { setOwnKeys } from '../setting.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Surface } from '../surface.js'
import { toast } from '../toasts.js'
import { movedIndex } from './choices.js'
import { helpLines, type HelpLine } from './help-lines.js'
import type { OverlayPart } from './part.js'

/** As many as a line has room for. */
const CHORDS_MAX = 2

/** Every command with the keys that lead to it now; Enter gives it another. */
export const helpPart: OverlayPart<HelpOverlay> = {
  move: (state, overlay, by, surface) => {
    const count = helpLines(state, surface.commands).length
    return step(withTop(state, { ...overlay, index: movedIndex(overlay.index, by, count) }))
  },
  choose: (state, overlay, { surface }) => {
    if (chosenLine(state, overlay, surface)?.context === undefined)
      return step(toast(state, surface.words.screen.help.fixed, 'plain'))
    const changing = { state: 'asked', refused: undefined } as const
    return step(withChanged(state, overlay, { ...overlay, changing }))
  },
  key: (state, overlay, chord, { surface }) => {
    if (overlay.changing !== undefined) return pressed(state, overlay, chord, surface)
    return chord === 'delete' || chord === 'backspace'
      ? asBefore(state, overlay, surface)
      : undefined
  },
  hint: ({ changing }, { screen: { help } }) => {
    if (changing === undefined) return help.hint
    return changing.state === 'asked' ? help.askedHint : help.pressedHint
  },
  view: (state, overlay, { look, height, surface }) => {
    const asked = askedRows(state, overlay, look, surface)
    const { rows, at } = allRows(state, overlay, look, surface)
    const room = Math.max(1, height - asked.length)
    const first = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room))
    const shown = rows.slice(first, first + room)
    return { title: surface.words.screen.helpTitle, rows: [...shown, ...asked].slice(-height) }
  },
}

function chosenLine(
  state: UiState,
  { index }: HelpOverlay,
  { commands }: Surface,
): HelpLine | undefined {
  return helpLines(state, commands)[index]
}

/** A key while one is asked for is the new one, whatever else it does. */
function pressed(state: UiState, overlay: HelpOverlay, chord: Chord, surface: Surface): Step {
  const line = chosenLine(state, overlay, surface)
  const done = withChanged(state, overlay, { ...overlay, changing: undefined })
  if (chord === 'escape' || chord === 'ctrl+c' || line?.context === undefined) return step(done)
  const { changing } = overlay
  const { context, name } = line
  if (changing?.state === 'pressed') {
    if (chord !== 'enter') return step(state)
    return given(done, { context, name, chord: changing.chord }, surface)
  }
  const bindings = bindingsOf(state.settings)
  const key = { context, name, chord }
  const refusal = refusalOf(bindings, key)
  if (refusal !== undefined) {
    const asked = { state: 'asked', refused: { chord, refusal } } as const
    return step(withChanged(state, overlay, { ...overlay, changing: asked }))
  }
  const taken = takenBy(bindings, key)
  if (taken.length === 0) return given(done, key, surface)
  const confirming = { state: 'pressed', chord, taken } as const
  return step(withChanged(state, overlay, { ...overlay, changing: confirming }))
}

function given(state: UiState, key: Parameters<typeof withOwnKey>[1], { words }: Surface): Step {
  const { screen } = words
  const { state: set, effects } = setOwnKeys(state, withOwnKey(state.settings.ownKeys, key))
  const told = screen.help.given(screen.chord(key.chord), screen.commands[key.name])
  const text = isPlainChord(key.chord) ? told : `${told} ${screen.help.newerTerminals}`
  return step(toast(set, text, 'good'), ...effects)
}

/** To what the profile has. */
function asBefore(state: UiState, overlay: HelpOverlay, surface: Surface): Step {
  const line = chosenLine(state, overlay, surface)
  const { screen } = surface.words
  if (line?.context === undefined || !line.isOwn)
    return step(toast(state, screen.help.notOwn, 'plain'))
  const { context, name } = line
  const own = withoutOwnKey(state.settings.ownKeys, { context, name })
  const { state: set, effects } = setOwnKeys(state, own)
  return step(toast(set, screen.help.asBefore(screen.commands[name]), 'good'), ...effects)
}

/** The rows, and which of them is the chosen line. */
function allRows(
  state: UiState,
  { index }: HelpOverlay,
  look: Look,
  surface: Surface,
): { readonly rows: readonly Row[]; readonly at: number } {
  const rows: Row[] = []
  let at = 0
  let area: HelpLine['area'] | undefined
  for (const [number, line] of helpLines(state, surface.commands).entries()) {
    if (line.area !== area) {
      if (area !== undefined) rows.push(blankRow(look))
      const { areas } = surface.words.screen.help
      rows.push(plainRow([{ text: ` ${areas[line.area]}`, role: 'heading' }], look))
      area = line.area
    }
    if (number === index) at = rows.length
    rows.push(lineRow(line, number === index, look, surface))
  }
  return { rows, at: index === 0 ? 0 : at }
}

function lineRow(
  { name, chords, isOwn }: HelpLine,
  isChosen: boolean,
  look: Look,
  { words: { screen }, commands }: Surface,
): Row {
  const { slash } = commands[name]
  const keys = chords.slice(0, CHORDS_MAX).map(screen.chord)
  const all = [...keys, ...(slash === undefined ? [] : [`/${slash}`])].join('  ')
  return twoSided(
    [
      { text: isChosen ? '› ' : '  ', role: 'accent' },
      { text: screen.commands[name], role: isChosen ? 'selected' : 'text' },
      ...(isOwn ? [{ text: `  ${screen.help.own}`, role: 'dim' as const }] : []),
    ],
    [{ text: `${all} `, role: 'accent' }],
    look,
  )
}

/** What is asked of the chosen command, below all of them. */
function askedRows(
  state: UiState,
  overlay: HelpOverlay,
  look: Look,
  surface: Surface,
): readonly Row[] {
  const { changing } = overlay
  const line = chosenLine(state, overlay, surface)
  if (changing === undefined || line === undefined) return []
  const { commands, chord, help } = surface.words.screen
  const ask = paragraph(help.ask(commands[line.name]), 'accent', look)
  if (changing.state === 'asked') {
    const { refused } = changing
    if (refused === undefined) return ask
    const { refusal } = refused
    const why =
      refusal.why === 'needed'
        ? help.needed(chord(refused.chord), commands[refusal.name])
        : help[refusal.why](chord(refused.chord))
    return [...ask, ...paragraph(why, 'bad', look)]
  }
  const taken = changing.taken.map(({ context, name }) =>
    name === undefined
      ? help.takenEditing(help.areas[context])
      : help.taken(commands[name], help.areas[context]),
  )
  return [help.takes(chord(changing.chord)), ...taken].flatMap((text) =>
    paragraph(text, 'warn', look),
  )
}
