import { blankRow, paragraph } from '../../rows/plain-row.js'
import { withChanged, withOverlay, withoutOverlay } from '../editing.js'
import { keyWords } from '../key-words.js'
import type { WelcomeOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Invocation } from '../surface.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import type { OverlayPart } from './part.js'

/** What can be done at first; what it opens stands above it, so that Esc comes back here. */
const WAYS = ['conversation.new', 'invite.create', 'look-around'] as const

/** The last step of a first run: whom to talk with. */
export function welcome(state: UiState): UiState {
  return withOverlay(state, { kind: 'welcome', index: 0 })
}

export const welcomePart: OverlayPart<WelcomeOverlay> = {
  move: (state, overlay, by) => {
    const index = movedIndex(overlay.index, by, WAYS.length)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: go,
  key: (state, overlay, chord, invocation) => {
    const index = ['1', '2', '3'].indexOf(chord)
    if (index < 0) return undefined
    const chosen: WelcomeOverlay = { ...overlay, index }
    return go(withChanged(state, overlay, chosen), chosen, invocation)
  },
  hint: (_overlay, { screen }) => screen.people.welcome.hint,
  view: (state, { index }, { look, surface }) => {
    const { welcome: words } = surface.words.screen.people
    const ways = words
      .ways(keyWords(state, surface))
      .flatMap(({ label, help }, at) => [
        ...lineRows([{ left: label }], at === index ? 0 : -1, look),
        ...paragraph(help, 'dim', look, 4),
        blankRow(look),
      ])
    const { account } = state
    const you = account.username === null ? [] : [words.you(account.username)]
    const said = [...you, words.why].flatMap((text) => paragraph(text, 'text', look))
    return { title: words.title, rows: [...said, blankRow(look), ...ways] }
  },
}

function go(state: UiState, overlay: WelcomeOverlay, invocation: Invocation): Step {
  const way = WAYS[overlay.index] ?? 'look-around'
  if (way === 'look-around') return step(withoutOverlay(state, overlay))
  return invocation.surface.commands[way].run(state, { ...invocation, args: '' })
}
