import { paragraph } from '../../rows/plain-row.js'
import { bannerOf } from '../banner.js'
import { withoutOverlay } from '../editing.js'
import type { NoticeOverlay } from '../overlay.js'
import { step } from '../step.js'
import type { OverlayPart } from './part.js'

/** What is to be decided, all of it. */
export const noticePart: OverlayPart<NoticeOverlay> = {
  isText: true,
  move: (state) => step(state),
  choose: (state, overlay) => step(withoutOverlay(state, overlay)),
  view: (state, _overlay, { look, surface }) => ({
    title: surface.words.screen.noticeTitle,
    rows: bannerOf(state, surface.words).flatMap(({ text, role }) => paragraph(text, role, look)),
  }),
}
