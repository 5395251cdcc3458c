import { calledOf } from '../../model/called.js'
import { timelineOf } from '../../model/chat.js'
import { keyWords } from '../../model/key-words.js'
import { openChat, openConversation } from '../../model/state.js'
import { blankRow, paragraph, plainRow } from '../../rows/plain-row.js'
import { windowOf } from '../../rows/virtual.js'
import type { Pane } from './pane.js'

/** What has been written, the newest at the bottom. */
export const timelinePane: Pane = (state, { look, height, surface }) => {
  const { screen } = surface.words
  const chat = openChat(state)
  const conversation = openConversation(state)
  if (chat === undefined) {
    const lines = screen
      .noneChosen(keyWords(state, surface))
      .map((text) => plainRow([{ text: `  ${text}`, role: 'dim' }], look))
    return { rows: [blankRow(look), ...lines].slice(0, height) }
  }
  const timeline = timelineOf(chat, { surface, columns: look.columns, nowMs: state.nowMs })
  const { rows, above } = windowOf(timeline, chat.place, height)
  const missing = height - rows.length
  const isEmpty = rows.length === 0 && chat.loading === undefined
  const told = isEmpty
    ? screen.emptyConversation(
        conversation === undefined ? '' : calledOf(state, conversation, surface.words).text,
        keyWords(state, surface),
      )
    : above === 0 && chat.atStart
      ? screen.beginning
      : chat.loading === undefined
        ? ''
        : screen.loading
  const lead = told === '' ? [] : paragraph(told, 'dim', look, 2).slice(0, missing)
  while (lead.length < missing) lead.unshift(blankRow(look))
  const isChosen = state.focus === 'timeline'
  return {
    rows: [...lead, ...rows],
    selected: ({ anchor, kind }) =>
      isChosen && anchor?.entry === chat.selected && kind !== 'date' && kind !== 'unread',
  }
}
