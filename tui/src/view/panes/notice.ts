import { timelineOf } from '../../model/chat.js'
import { openChat, openConversation, type UiState } from '../../model/state.js'
import type { Surface } from '../../model/surface.js'
import { dividerSpans } from '../../rows/build-row.js'
import { plainRow } from '../../rows/plain-row.js'
import type { Span } from '../../rows/row.js'
import { windowOf } from '../../rows/virtual.js'
import type { Pane } from './pane.js'

/** Whether there is anything to say between what was written and what is being written. */
export function hasNotice(state: UiState): boolean {
  return openChat(state) !== undefined
}

/** What just happened, what needs deciding, or how much is below: the most urgent of them. */
export const noticePane: Pane = (state, { look, surface }) => {
  const toast = state.toasts.at(-1)
  if (toast !== undefined) {
    const role = toast.tone === 'bad' ? 'bad' : toast.tone === 'good' ? 'good' : 'accent'
    return { rows: [plainRow([{ text: ` ${toast.text}`, role }], look)] }
  }
  const request = requestSpans(state, surface)
  if (request !== undefined) return { rows: [plainRow(request, look)] }
  const below = countBelow(state, surface)
  const { words } = surface
  const label = below > 0 ? words.newBelow(below) : ''
  if (label === '')
    return {
      rows: [plainRow([{ text: look.signs.line.repeat(look.columns), role: 'border' }], look)],
    }
  return { rows: [plainRow(dividerSpans(label, look.signs.line, 'unread', look), look)] }
}

function requestSpans(state: UiState, { words }: Surface): readonly Span[] | undefined {
  const conversation = openConversation(state)
  if (conversation?.kind !== 'direct' || conversation.trust !== 'request') return undefined
  return [{ text: ` ${words.screen.requestHint}`, role: 'warn' }]
}

function countBelow(state: UiState, surface: Surface): number {
  const chat = openChat(state)
  const { timeline: rect } = state.panes
  if (chat === undefined || rect === undefined || chat.place.kind === 'bottom') return 0
  const timeline = timelineOf(chat, { surface, columns: rect.width, nowMs: state.nowMs })
  return windowOf(timeline, chat.place, rect.height).below
}
