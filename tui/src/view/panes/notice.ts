import { bannerOf } from '../../model/banner.js'
import { bindingsOf, chordsOf } from '../../model/keymap.js'
import { timelineOf } from '../../model/chat.js'
import { openChat, openConversation, type UiState } from '../../model/state.js'
import type { Surface } from '../../model/surface.js'
import { dividerSpans } from '../../rows/build-row.js'
import type { Look } from '../../rows/look.js'
import { paragraph, plainRow } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'
import { windowOf } from '../../rows/virtual.js'
import type { Pane } from './pane.js'
import { toastRow } from './toast.js'

/** Of a screen, what needs deciding takes this much at most. */
const BANNER_SHARE = 1 / 3

/** How high the notice is in so many columns: nothing where no conversation is open. */
export function noticeRows(state: UiState, surface: Surface, columns: number): number {
  if (openChat(state) === undefined) return 0
  return rowsOf(state, surface, surface.look(columns)).length
}

/** What needs deciding; below it what just happened, or how much is below what is seen. */
export const noticePane: Pane = (state, { look, surface }) => ({
  rows: rowsOf(state, surface, look),
})

function rowsOf(state: UiState, surface: Surface, look: Look): readonly Row[] {
  const all = bannerOf(state, surface.words).flatMap(({ text, role }) =>
    paragraph(text, role, look),
  )
  const most = Math.max(2, Math.floor(state.size.rows * BANNER_SHARE))
  const banner =
    all.length <= most ? all : [...all.slice(0, most - 1), restRow(state, surface, look)]
  const toast = toastRow(state, look)
  if (toast !== undefined) return [...banner, toast]
  const below = countBelow(state, surface)
  if (below > 0) {
    const label = surface.words.newBelow(below)
    return [...banner, plainRow(dividerSpans(label, look.signs.line, 'unread', look), look)]
  }
  if (banner.length > 0) return banner
  return [plainRow([{ text: look.signs.line.repeat(look.columns), role: 'border' }], look)]
}

/** There is more of it, and which key shows that. */
function restRow({ settings }: UiState, { words }: Surface, look: Look): Row {
  const [chord] = chordsOf(bindingsOf(settings), 'notice.show')
  const how = chord === undefined ? '/more' : words.screen.chord(chord)
  return plainRow(
    [{ text: ` ${look.signs.more} ${words.screen.noticeRest(how)}`, role: 'accent' }],
    look,
  )
}

/** What others wrote below what is seen, and has not been read. */
function countBelow(state: UiState, surface: Surface): number {
  const chat = openChat(state)
  const { timeline: rect } = state.panes
  const unread = openConversation(state)?.unread ?? 0
  if (chat === undefined || rect === undefined || unread === 0) return 0
  if (!chat.atEnd) return unread
  if (chat.place.kind === 'bottom') return 0
  const timeline = timelineOf(chat, { surface, columns: rect.width, nowMs: state.nowMs })
  const { below } = windowOf(timeline, chat.place, rect.height)
  const others = chat.entries
    .slice(chat.entries.length - below)
    .filter(({ kind, object }) => kind === 'message' && !object.sender.self)
  return Math.min(unread, others.length)
}
