import type { Look } from '../../rows/look.js'
import { withTop } from '../editing.js'
import type { Overlay } from '../overlay.js'
import type { UiState } from '../state.js'
import type { Surface } from '../surface.js'
import type { OverlayView } from './part.js'
import { overlayPart } from './table.js'

interface Room {
  readonly look: Look
  readonly height: number
  readonly surface: Surface
}

/** As much of an overlay as there is room for, and how many rows are below that. */
export function fittingView(
  state: UiState,
  overlay: Overlay,
  room: Room,
): OverlayView & { readonly below: number } {
  const view = overlayPart(overlay).view(state, overlay, room)
  const top = topOf(overlay, view, room.height)
  const rows = view.rows.slice(top, top + room.height)
  return { ...view, rows, below: view.rows.length - top - rows.length }
}

/** What is higher than the screen goes up or down by rows; undefined: all of it is seen. */
export function scrolled(
  state: UiState,
  overlay: Overlay,
  { by, surface }: { readonly by: number; readonly surface: Surface },
): UiState | undefined {
  const rect = state.panes.overlay
  if (rect === undefined || 'query' in overlay) return undefined
  const room: Room = { look: surface.look(rect.width), height: rect.height - BORDERS, surface }
  const view = overlayPart(overlay).view(state, overlay, room)
  if (view.rows.length <= room.height) return undefined
  const top = topOf(overlay, view, room.height) + by
  return withTop(state, { ...overlay, top: bounded(top, view, room.height) })
}

/** The title above and the line below. */
export const BORDERS = 2

/** Where it was scrolled to; else so that what is chosen is seen. */
function topOf({ top }: Overlay, view: OverlayView, height: number): number {
  return bounded(top ?? (view.chosen ?? 0) - height + 1, view, height)
}

function bounded(top: number, { rows }: OverlayView, height: number): number {
  return Math.max(0, Math.min(rows.length - height, top))
}
