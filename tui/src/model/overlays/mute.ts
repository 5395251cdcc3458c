import type { ConversationDetailObject, NotifyRule } from '@sotto/client-core'

import { call, reference } from '../effect.js'
import { withChanged, withOverlay, withoutOverlay } from '../editing.js'
import type { MuteOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Words } from '../../words/words.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import type { OverlayPart } from './part.js'

export const NOTIFY_RULES = ['all', 'mentions', 'none'] as const satisfies readonly NotifyRule[]

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

/** What of a conversation is told, while it is not muted. */
export function withRule(
  state: UiState,
  { id, name }: Pick<ConversationDetailObject, 'id' | 'name'>,
  rule: NotifyRule,
  { screen }: Words,
): Step {
  const done = screen.people.mute.alerts.done[rule](name)
  const notify = call('conversation.notify', { conversation: reference(id), rule }, done)
  return step(state, notify, { kind: 'load-list' })
}

/** The rules, then for how long one may mute. */
const CHOICES = [
  ...NOTIFY_RULES.map((rule) => ({ kind: 'rule', rule }) as const),
  ...DURATIONS_MS.map((ms) => ({ kind: 'mute', ms }) as const),
]

export const mutePart: OverlayPart<MuteOverlay> = {
  move: (state, overlay, by) => {
    const index = movedIndex(overlay.index, by, CHOICES.length)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: (state, overlay, { surface }) => {
    const { conversation: id, name, index } = overlay
    const choice = CHOICES[index]
    const closed = withoutOverlay(state, overlay)
    if (choice === undefined) return step(closed)
    return choice.kind === 'rule'
      ? withRule(closed, { id, name }, choice.rule, surface.words)
      : muteFor(closed, { id, name }, choice.ms, surface.words)
  },
  view: (state, { conversation: id, name, index }, { look, surface }) => {
    const { mute } = surface.words.screen.people
    const conversation = state.conversations.find((each) => each.id === id)
    const rules = NOTIFY_RULES.map((rule) => {
      return { left: mute.alerts.rules[rule], right: conversation?.notify === rule ? mute.now : '' }
    })
    const durations = mute.durations.map((left) => ({ left }))
    const rows = lineRows([...rules, ...durations], index, look)
    return { title: mute.title(name), rows, chosen: index }
  },
}
