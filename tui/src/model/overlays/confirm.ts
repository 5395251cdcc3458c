import { paragraph } from '../../rows/plain-row.js'
import { WAITING } from '../answer.js'
import { withChanged, withoutOverlay } from '../editing.js'
import { openConversationById } from '../list.js'
import type { ConfirmOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, then, type Step } from '../step.js'
import { toast } from '../toasts.js'
import { askedRows } from './asked.js'
import type { OverlayPart } from './part.js'

/** It stays until the core has answered, so that what fails is read where it was asked for. */
export const confirmPart: OverlayPart<ConfirmOverlay> = {
  isText: true,
  move: (state) => step(state),
  choose: (state) => step(state),
  key: (state, overlay, chord) => {
    if (chord === 'y') return confirmed(state, overlay)
    return chord === 'n' ? step(withoutOverlay(state, overlay)) : undefined
  },
  answer: (state, overlay, answer) => {
    const [call, ...calls] = overlay.calls
    if (overlay.asked.state !== 'waiting' || answer.method !== call?.method) return undefined
    const [next] = calls
    if (next !== undefined)
      return step(withChanged(state, overlay, { ...overlay, calls }), { kind: 'ask', call: next })
    const done = toast(withoutOverlay(state, overlay), overlay.done, 'good')
    const listed = step(done, { kind: 'load-list' })
    // Whoever has a contact's name from now on is who one talks to under it.
    return answer.method === 'contact.trust'
      ? then(listed, (before) => openConversationById(before, answer.result.conversation.id))
      : listed
  },
  refused: (state, overlay, { call, error }) =>
    call === overlay.calls[0]
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
  const [call] = overlay.calls
  if (overlay.asked.state === 'waiting' || call === undefined) return step(state)
  const waiting = withChanged(state, overlay, { ...overlay, asked: WAITING })
  return step(waiting, { kind: 'ask', call })
}
