import { layout } from '../../composer/layout.js'
import { messageOf } from '../../model/chat.js'
import { PROMPT } from '../../model/frame.js'
import { openChat, type Chat, type Search, type UiState } from '../../model/state.js'
import type { ShownMessage } from '../../rows/entry.js'
import type { Look } from '../../rows/look.js'
import { plainRow, twoSided } from '../../rows/plain-row.js'
import type { Row, Span } from '../../rows/row.js'
import { senderName } from '../../text/messages.js'
import type { Drawn, Pane, Room } from './pane.js'

/** What is being written, and what it answers or edits. */
export const composerPane: Pane = (state, { look, height, surface }) => {
  const chat = openChat(state)
  if (chat === undefined) return { rows: [] }
  if (chat.search !== undefined) return searchLine(state, chat.search, { look, surface })
  const head = headRows(chat, { look, surface })
  const columns = Math.max(1, look.columns - PROMPT.length)
  const room = Math.max(1, height - head.length)
  const laid = layout(chat.composer.draft, columns, look.widths.of, { rowsMax: room })
  const rows = laid.rows.map(({ spans }, index) => {
    const prompt: Span = { text: index === 0 && laid.top === 0 ? PROMPT : '  ', role: 'accent' }
    return plainRow(
      [
        prompt,
        ...spans.map(({ text, kind, selected }): Span => ({
          text,
          role: selected ? 'selected' : kind === 'text' ? 'text' : 'badge',
        })),
      ],
      look,
    )
  })
  const { row, column } = laid.cursor
  const cursor = { row: head.length + row, column: PROMPT.length + column }
  const isFocused = state.focus === 'composer' && state.overlays.length === 0
  return { rows: [...head, ...rows], ...(isFocused ? { cursor } : {}) }
}

/** What is edited, or answered, and how to leave that. */
function headRows(chat: Chat, { look, surface }: Pick<Room, 'look' | 'surface'>): readonly Row[] {
  const { screen } = surface.words
  const { message, escCancel } = screen
  if (chat.editing !== undefined) {
    const said = messageOf(chat, chat.editing.message)?.message.text ?? ''
    return [headRow(message.editing, said, message.escLeaves, look)]
  }
  if (chat.replyTo === undefined) return []
  const answered = messageOf(chat, chat.replyTo)
  const who = answered === undefined ? '' : nameOf(answered, surface)
  return [headRow(screen.replyingTo(who), answered?.message.text ?? '', escCancel, look)]
}

function headRow(what: string, said: string, how: string, look: Look): Row {
  const left: readonly Span[] = [
    { text: ` ${what}`, role: 'accent' },
    { text: `  ${said.slice(0, 200).replace(/\s+/g, ' ')}`, role: 'quote' },
  ]
  return twoSided(left, [{ text: `${how} `, role: 'dim' }], look)
}

function nameOf({ sender, conversation }: ShownMessage, { words }: Room['surface']): string {
  return sender.self ? words.you : senderName(sender, conversation)
}

/** What is looked for, and which of what was found is shown. */
function searchLine(
  state: UiState,
  { query, asked, hits, at, limit }: Search,
  { look, surface }: Pick<Room, 'look' | 'surface'>,
): Drawn {
  const { search } = surface.words.screen.message
  const count = hits?.length ?? 0
  const told =
    asked === undefined
      ? ''
      : hits === undefined
        ? search.searching
        : count === 0
          ? search.none
          : search.place(at + 1, count, count === limit)
  const right: readonly Span[] =
    told === '' ? [] : [{ text: `${told} `, role: count === 0 ? 'warn' : 'accent' }]
  const room = Math.max(1, look.columns - search.prompt.length - told.length - 4)
  const typed = layout(query.draft, room, look.widths.of, { rowsMax: 1 })
  const text = typed.rows[0]?.spans.map((span) => span.text).join('') ?? ''
  const left: readonly Span[] = [
    { text: search.prompt, role: 'accent' },
    { text, role: 'text' },
  ]
  const cursor = { row: 0, column: search.prompt.length + typed.cursor.column }
  const isFocused = state.focus === 'search' && state.overlays.length === 0
  return { rows: [twoSided(left, right, look)], ...(isFocused ? { cursor } : {}) }
}
