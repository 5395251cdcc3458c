import type { Overlay } from '../overlay.js'
import { confirmPart } from './confirm.js'
import { deletePart } from './delete.js'
import { forwardPart } from './forward.js'
import { helpPart } from './help.js'
import { infoPart } from './contact.js'
import { invitesPart } from './invites.js'
import { meetPart } from './meet.js'
import { messageDetailsPart } from './message-details.js'
import { messageMenuPart } from './message-menu.js'
import { mutePart } from './mute.js'
import { noticePart } from './notice.js'
import { palettePart } from './palette.js'
import { eventPart } from './event.js'
import { everywherePart } from './everywhere.js'
import type { OverlayPart } from './part.js'
import { reactPart } from './react.js'
import { renamePart } from './rename.js'
import { settingsPart } from './settings.js'
import { verifyPart } from './verify.js'
import { welcomePart } from './welcome.js'
import { whyPart } from './why.js'

const PARTS: { readonly [Kind in Overlay['kind']]: OverlayPart<Extract<Overlay, { kind: Kind }>> } =
  {
    confirm: confirmPart,
    delete: deletePart,
    forward: forwardPart,
    help: helpPart,
    info: infoPart,
    invites: invitesPart,
    meet: meetPart,
    'message-details': messageDetailsPart,
    'message-menu': messageMenuPart,
    mute: mutePart,
    notice: noticePart,
    palette: palettePart,
    react: reactPart,
    settings: settingsPart,
    event: eventPart,
    everywhere: everywherePart,
    rename: renamePart,
    verify: verifyPart,
    welcome: welcomePart,
    why: whyPart,
  }

/** How an overlay behaves. */
export function overlayPart(overlay: Overlay): OverlayPart<Overlay> {
  // The table gives each kind its own part, which TypeScript cannot follow through a union.
  return PARTS[overlay.kind] as OverlayPart<Overlay>
}
