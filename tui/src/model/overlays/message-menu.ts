import { chosenMessage, isLong } from '../commands/message.js'
import type { NamedCommand } from '../../words/commands-en.js'
import type { Invocation, Surface } from '../surface.js'
import { withChanged, withoutOverlay } from '../editing.js'
import { bindingsOf } from '../keymap.js'
import type { MessageMenuOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, then, type Step } from '../step.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import type { OverlayPart } from './part.js'

/** In the order in which they are wanted. */
const OFFERED = [
  ...(['message.reply', 'message.react', 'message.unreact', 'message.edit'] as const),
  ...(['message.quote', 'message.copy', 'message.forward'] as const),
  ...(['message.jump-to-quoted', 'message.expand', 'message.retry', 'message.cancel'] as const),
  ...(['message.delete', 'message.details'] as const),
] as const satisfies readonly NamedCommand[]

interface Offer {
  readonly name: NamedCommand
  /** The key that does it, in the menu as in the timeline. */
  readonly chord: string | undefined
}

function offers(
  state: UiState,
  { message }: MessageMenuOverlay,
  surface: Surface,
): readonly Offer[] {
  const keys = Object.entries(bindingsOf(state.settings).timeline)
  return OFFERED.filter((name) => {
    if (name === 'message.expand') return isLong(state, message, surface)
    if (name === 'message.cancel') return isWaiting(state)
    return surface.commands[name].isEnabled?.(state) !== false
  }).map((name) => ({ name, chord: keys.find(([, bound]) => bound === name)?.[0] }))
}

function isWaiting(state: UiState): boolean {
  return chosenMessage(state)?.status === 'queued'
}

function done(
  state: UiState,
  overlay: MessageMenuOverlay,
  name: NamedCommand,
  invocation: Invocation,
): Step {
  return then(step(withoutOverlay(state, overlay)), (closed) =>
    invocation.surface.commands[name].run(closed, invocation),
  )
}

export const messageMenuPart: OverlayPart<MessageMenuOverlay> = {
  move: (state, overlay, by, surface) => {
    const index = movedIndex(overlay.index, by, offers(state, overlay, surface).length)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: (state, overlay, invocation) => {
    const chosen = offers(state, overlay, invocation.surface)[overlay.index]
    return chosen === undefined ? step(state) : done(state, overlay, chosen.name, invocation)
  },
  key: (state, overlay, chord, invocation) => {
    const meant = offers(state, overlay, invocation.surface).find((each) => each.chord === chord)
    return meant === undefined ? undefined : done(state, overlay, meant.name, invocation)
  },
  hint: (_overlay, { screen }) => screen.message.menuHint,
  view: (state, overlay, { look, surface }) => {
    const { screen } = surface.words
    const lines = offers(state, overlay, surface).map(({ name, chord }) => ({
      left: screen.commands[name],
      right: chord === undefined ? '' : screen.chord(chord),
    }))
    const rows = lineRows(lines, overlay.index, look)
    return { title: screen.message.menuTitle, rows, chosen: overlay.index }
  },
}
