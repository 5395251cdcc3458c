import { openConversation } from '../../model/state.js'
import { twoSided } from '../../rows/plain-row.js'
import type { Span } from '../../rows/row.js'
import type { Pane } from './pane.js'

/** Who one is talking to, and whether it is they. */
export const headerPane: Pane = (state, { look, surface }) => {
  const conversation = openConversation(state)
  if (conversation === undefined) return { rows: [] }
  const { screen, trust } = surface.words
  const isSelf = conversation.kind === 'self'
  const left: Span[] = [{ text: ` ${isSelf ? screen.notes : conversation.name}`, role: 'heading' }]
  if (!isSelf)
    left.push({
      text: `  ${trust[conversation.trust]}`,
      role:
        conversation.trust === 'verified'
          ? 'good'
          : conversation.trust === 'known'
            ? 'dim'
            : 'warn',
    })
  const right: Span[] = conversation.muted ? [{ text: `${screen.muted} `, role: 'dim' }] : []
  return { rows: [twoSided(left, right, look)] }
}
