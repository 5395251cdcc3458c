import type { ConversationDetailObject } from '@sotto/client-core'

import { call, reference } from '../effect.js'
import { withChanged, withOverlay, withoutOverlay } from '../editing.js'
import type { MuteOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Words } from '../../words/words.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import type { OverlayPart } from './part.js'

const HOUR_MS = 60 * 60 * 1000
/** Undefined: for ever. */
const DURATIONS_MS = [HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, undefined] as const

export function choosingMute(state: UiState, { id, name }: ConversationDetailObject): Step {
  return step(withOverlay(state, { kind: 'mute', conversation: id, name, index: 0 }))
}

/** Nothing rings in a conversation for so long; undefined: until somebody says so. */
export function muteFor(
  state: UiState,
  { id, name }: Pick<ConversationDetailObject, 'id' | 'name'>,
  durationMs: number | undefined,
  { screen, moment }: Words,
): Step {
  const untilMs = durationMs === undefined ? undefined : state.nowMs + durationMs
  const until = untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }
  const done = screen.people.mute.done(name, untilMs === undefined ? undefined : moment(untilMs))
  const params = { conversation: reference(id), ...until }
  return step(state, call('conversation.mute', params, done), { kind: 'load-list' })
}

export const mutePart: OverlayPart<MuteOverlay> = {
  move: (state, overlay, by) => {
    const index = movedIndex(overlay.index, by, DURATIONS_MS.length)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: (state, overlay, { surface }) => {
    const { conversation: id, name, index } = overlay
    return muteFor(withoutOverlay(state, overlay), { id, name }, DURATIONS_MS[index], surface.words)
  },
  view: (_state, { name, index }, { look, surface }) => {
    const { mute } = surface.words.screen.people
    const lines = mute.durations.map((left) => ({ left }))
    return { title: mute.title(name), rows: lineRows(lines, index, look) }
  },
}
