import { blankRow, paragraph } from '../../rows/plain-row.js'
import { withoutOverlay } from '../editing.js'
import type { WhyOverlay } from '../overlay.js'
import { step, then } from '../step.js'
import type { OverlayPart } from './part.js'

/** What it means that a safety number changed; from here it can be decided. */
export const whyPart: OverlayPart<WhyOverlay> = {
  isText: true,
  move: (state) => step(state),
  choose: (state, overlay) => step(withoutOverlay(state, overlay)),
  key: (state, overlay, chord, invocation) => {
    const { commands } = invocation.surface
    const closed = step(withoutOverlay(state, overlay))
    if (chord === 'v')
      return then(closed, (before) => commands['contact.verify'].run(before, invocation))
    if (chord === 't')
      return then(closed, (before) => commands['contact.trust'].run(before, invocation))
    return undefined
  },
  hint: (_overlay, { screen }) => screen.people.why.hint,
  view: (_state, { name }, { look, surface }) => {
    const { why } = surface.words.screen.people
    const rows = why
      .lines(name)
      .flatMap((text, at) => [
        ...(at === 0 ? [] : [blankRow(look)]),
        ...paragraph(text, 'text', look),
      ])
    return { title: why.title(name), rows }
  },
}
