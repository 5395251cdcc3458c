import type { Answer, Refusal } from './answer.js'
import { overlayPart } from './overlays/table.js'
import type { OverlayPart } from './overlays/part.js'
import type { Overlay } from './overlay.js'
import type { UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { tell } from './tell.js'
import { toast } from './toasts.js'

/** What was asked for is there: for the overlay that asked, if it is still open. */
export function answered(state: UiState, answer: Answer, surface: Surface): Step {
  return (
    byOverlay(state, (part, overlay) => part.answer?.(state, overlay, answer, surface)) ??
    step(state)
  )
}

/** It is not: nothing that fails is passed over in silence. */
export function refused(state: UiState, refusal: Refusal, surface: Surface): Step {
  return (
    byOverlay(state, (part, overlay) => part.refused?.(state, overlay, refusal, surface)) ??
    step(toast(state, tell(refusal.error, surface), 'bad'))
  )
}

function byOverlay(
  { overlays }: UiState,
  take: (part: OverlayPart<Overlay>, overlay: Overlay) => Step | undefined,
): Step | undefined {
  for (const overlay of overlays.toReversed()) {
    const taken = take(overlayPart(overlay), overlay)
    if (taken !== undefined) return taken
  }
  return undefined
}
