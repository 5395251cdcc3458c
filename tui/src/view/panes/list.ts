import type { ConversationDetailObject, MessageObject } from '@sotto/client-core'

import { calledOf } from '../../model/called.js'
import { draftComposer } from '../../model/edit-mode.js'
import { contactIn, highlighted, shownConversations } from '../../model/list.js'
import { keyWords } from '../../model/key-words.js'
import type { UiState } from '../../model/state.js'
import { isTyping } from '../../model/typing.js'
import { blankRow, paragraph, plainRow, twoSided } from '../../rows/plain-row.js'
import type { Row, Span } from '../../rows/row.js'
import type { Words } from '../../words/words.js'
import type { Pane, Room } from './pane.js'

/** A conversation takes two lines: its name, and what was written last. */
const LINES_EACH = 2
const FILTERS = ['all', 'unread', 'groups', 'requests'] as const

/** The conversations, the one that keys are for in sight, and the filters below. */
export const listPane: Pane = (state, room) => {
  const { look, height, surface } = room
  const { screen } = surface.words
  const shown = shownConversations(state)
  const chosen = highlighted(state)
  const fitting = Math.max(1, Math.floor((height - 1) / LINES_EACH))
  const at = Math.max(
    0,
    shown.findIndex(({ id }) => id === chosen),
  )
  const top = Math.max(0, Math.min(at - Math.floor(fitting / 2), shown.length - fitting))
  const rows = shown
    .slice(top, top + fitting)
    .flatMap((conversation) => conversationRows(state, conversation, room, chosen))
  if (shown.length === 0)
    rows.push(
      ...(state.isListed
        ? screen.nothingHere[state.filter](keyWords(state, surface))
        : [screen.loading]
      ).flatMap((text) => paragraph(text, 'dim', look)),
    )
  while (rows.length < height - 1) rows.push(blankRow(look))
  const filters = FILTERS.map((filter): Span => ({
    ...{ text: ` ${screen.filters[filter]}`, role: filter === state.filter ? 'accent' : 'dim' },
  }))
  return { rows: [...rows.slice(0, height - 1), plainRow(filters, look)] }
}

function conversationRows(
  state: UiState,
  conversation: ConversationDetailObject,
  { look, surface }: Room,
  chosen: ConversationDetailObject['id'] | undefined,
): readonly Row[] {
  const { words } = surface
  const { screen } = words
  const { id, unread, markedUnread, muted, pinned, kind } = conversation
  const isChosen = id === chosen
  const isUnread = unread > 0 || markedUnread
  const mark = isChosen && state.focus === 'list' ? '› ' : id === state.open ? '▌ ' : '  '
  const right: Span[] = []
  if (pinned) right.push({ text: `${screen.pinned} `, role: 'dim' })
  if (muted) right.push({ text: `${screen.muted} `, role: 'dim' })
  if (unread > 0) right.push({ text: `[${String(unread)}]`, role: muted ? 'dim' : 'badge' })
  else if (markedUnread) right.push({ text: '[•]', role: 'badge' })
  else right.push({ text: when(conversation, state, words), role: 'time' })
  const isVerified = kind === 'direct' && conversation.trust === 'verified'
  const { text: title, isClaimed } = calledOf(state, conversation, words)
  const first = twoSided(
    [
      { text: mark, role: 'accent' },
      { text: title, role: isClaimed ? 'warn' : isUnread ? 'name' : isChosen ? 'accent' : 'text' },
      { text: isVerified ? ` ${look.signs.verified}` : '', role: 'good' },
    ],
    right,
    look,
  )
  return [
    first,
    plainRow([{ text: '  ', role: 'text' }, ...preview(state, conversation, words)], look),
  ]
}

function when(
  { lastActivityAt }: ConversationDetailObject,
  { nowMs }: UiState,
  words: Words,
): string {
  const atMs = Date.parse(lastActivityAt)
  return words.dayKey(atMs) === words.dayKey(nowMs) ? words.time(atMs) : words.shortDay(atMs, nowMs)
}

function preview(
  state: UiState,
  { id, lastMessage, trust, kind }: ConversationDetailObject,
  words: Words,
): readonly Span[] {
  const { screen } = words
  if (isTyping(state, id)) return [{ text: screen.typing, role: 'accent' }]
  const chat = id === state.open ? undefined : state.chats.get(id)
  const draft = chat === undefined ? '' : draftComposer(chat).draft.text
  if (draft !== '')
    return [
      { text: `${screen.draft}: `, role: 'warn' },
      { text: oneLine(draft), role: 'dim' },
    ]
  const contact = contactIn(state, id)
  if (contact?.blocked === true) return [{ text: screen.people.blockedShort, role: 'dim' }]
  if (trust === 'request' && kind === 'direct')
    return [{ text: screen.people.requestFrom(contact?.claimedHandle), role: 'warn' }]
  if (lastMessage === null) return []
  const said = saidIn(lastMessage, words)
  const isOwn = lastMessage.status !== undefined && kind === 'direct'
  const own: readonly Span[] = isOwn ? [{ text: `${words.you}: `, role: 'dim' }] : []
  return [...own, { text: oneLine(said), role: 'dim' }]
}

function saidIn({ text, deleted, unsupported }: MessageObject, words: Words): string {
  if (deleted === true) return words.deleted
  return unsupported === true ? words.unsupported : (text ?? '')
}

/** As much of a text as a line may need. */
function oneLine(text: string): string {
  return text.slice(0, 200).replace(/\s+/g, ' ').trim()
}
