import { blankRow, paragraph } from '../../rows/plain-row.js'
import { safeLine } from '../../text/safe-text.js'
import { safeTimelineEvent, weightOf } from '../../text/timeline-event.js'
import { withoutOverlay } from '../editing.js'
import type { EventOverlay } from '../overlay.js'
import { step } from '../step.js'
import type { OverlayPart } from './part.js'

/** What happened there, what it means and what can be done. */
export const eventPart: OverlayPart<EventOverlay> = {
  isText: true,
  move: (state) => step(state),
  choose: (state, overlay) => step(withoutOverlay(state, overlay)),
  view: (_state, { event }, { look, surface }) => {
    const { timeline, moment } = surface.words
    const name = safeLine(event.conversation.name)
    const safe = safeTimelineEvent(event)
    const rows = [
      ...paragraph(moment(Date.parse(event.ts)), 'dim', look),
      ...paragraph(timeline.line(safe, name), weightOf(event), look),
      ...timeline
        .why(safe, name)
        .flatMap((text) => [blankRow(look), ...paragraph(text, 'text', look)]),
    ]
    return { title: timeline.title, rows }
  },
}
