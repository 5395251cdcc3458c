import type { Overlay } from '../overlay.js'
import { confirmPart } from './confirm.js'
import { helpPart } from './help.js'
import { palettePart } from './palette.js'
import type { OverlayPart } from './part.js'

const PARTS: { readonly [Kind in Overlay['kind']]: OverlayPart<Extract<Overlay, { kind: Kind }>> } =
  {
    confirm: confirmPart,
    help: helpPart,
    palette: palettePart,
  }

/** How an overlay behaves. */
export function overlayPart(overlay: Overlay): OverlayPart<Overlay> {
  // The table gives each kind its own part, which TypeScript cannot follow through a union.
  return PARTS[overlay.kind] as OverlayPart<Overlay>
}
