import { paragraph } from '../../rows/plain-row.js'
import { WAITING } from '../answer.js'
import { withChanged, withoutOverlay } from '../editing.js'
import type { ConfirmOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { toast } from '../toasts.js'
import { askedRows } from './asked.js'
import type { OverlayPart } from './part.js'

/** It stays until the core has answered, so that what fails is read where it was asked for. */
export const confirmPart: OverlayPart<ConfirmOverlay> = {
  move: (state) => step(state),
  choose: (state) => step(state),
  key: (state, overlay, chord) => {
    if (chord === 'y') return confirmed(state, overlay)
    return chord === 'n' ? step(withoutOverlay(state, overlay)) : undefined
  },
  answer: (state, overlay, { method }) => {
    if (overlay.asked.state !== 'waiting' || method !== overlay.call.method) return undefined
    const closed = withoutOverlay(state, overlay)
    return step(toast(closed, overlay.done, 'good'), { kind: 'load-list' })
  },
  refused: (state, overlay, { call, error }) =>
    call === overlay.call
      ? step(withChanged(state, overlay, { ...overlay, asked: { state: 'refused', error } }))
      : undefined,
  hint: (_overlay, { screen }) => screen.people.confirmHint,
  view: (_state, { title, lines, asked }, { look, surface }) => ({
    title,
    rows: [
      ...lines.flatMap((text) => paragraph(text, 'text', look)),
      ...askedRows(asked, look, surface),
    ],
  }),
}

function confirmed(state: UiState, overlay: ConfirmOverlay): Step {
  if (overlay.asked.state === 'waiting') return step(state)
  const waiting = withChanged(state, overlay, { ...overlay, asked: WAITING })
  return step(waiting, { kind: 'ask', call: overlay.call })
}
