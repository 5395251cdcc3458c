import type { Answer, Refusal } from './answer.js'
import { ownAccount } from './own-account.js'
import { overlayPart } from './overlays/table.js'
import { found, notFound } from './search.js'
import { withChat, type UiState } from './state.js'
import { step, then, type Step } from './step.js'
import type { Surface } from './surface.js'
import { tell } from './tell.js'
import { toast } from './toasts.js'

/** What was asked for is there: for every overlay that can use it, and else for the conversation. */
export function answered(state: UiState, answer: Answer, surface: Surface): Step {
  return state.overlays.toReversed().reduce<Step>(
    (done, overlay) =>
      then(done, (before) => {
        const part = overlayPart(overlay)
        return part.answer?.(before, overlay, answer, surface) ?? step(before)
      }),
    found(state, answer, surface) ??
      notesBegun(state, answer) ??
      ownAccount(state, answer, surface) ??
      ofOutbox(state, answer, surface),
  )
}

/** Notes to oneself that were asked for are opened, as soon as the list has them. */
function notesBegun(state: UiState, answer: Answer): Step | undefined {
  if (answer.method !== 'conversation.unarchive') return undefined
  return step({ ...state, wanted: answer.result.id }, { kind: 'load-list' })
}

/** It is not: whoever asked says why, else a toast does; nothing fails in silence. */
export function refused(state: UiState, refusal: Refusal, surface: Surface): Step {
  for (const overlay of state.overlays.toReversed()) {
    const taken = overlayPart(overlay).refused?.(state, overlay, refusal, surface)
    if (taken !== undefined) return taken
  }
  const search = notFound(state, refusal, surface)
  if (search !== undefined) return search
  // It has got further meanwhile: there is nothing to say of it any more.
  if (refusal.error.code === 'message/settled' && refusal.call.method === 'outbox.show')
    return step(state)
  return step(toast(state, tell(refusal.error, surface), 'bad'))
}

/** How a message of one's own that is not sent stands. */
function ofOutbox(state: UiState, answer: Answer, { words }: Surface): Step {
  if (answer.method === 'outbox.show')
    return step(withChat(state, (chat) => ({ ...chat, unsent: answer.result })))
  if (answer.method !== 'outbox.cancel' || state.open === undefined) return step(state)
  const { people } = words.screen
  const mayHaveArrived = answer.result.some((cancelled) => cancelled.mayHaveArrived)
  const said = mayHaveArrived ? people.mayHaveArrived : people.cancelled
  return step(toast(state, said, mayHaveArrived ? 'bad' : 'good'), {
    ...{ kind: 'refresh', conversation: state.open },
  })
}
