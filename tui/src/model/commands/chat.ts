import type { MessageId } from '@sotto/protocol'

import type { EntryId } from '../../rows/row.js'
import { BOTTOM, pageOf, reveal, scrollBy, scrollTo, type ScrollPlace } from '../../rows/virtual.js'
import {
  firstMessage,
  firstUnreadOf,
  lastMessage,
  messageOf,
  neighbour,
  PAGE_MESSAGES,
  timelineOf,
  unreadAbove,
} from '../chat.js'
import {
  openChat,
  openConversation,
  withChat,
  type Chat,
  type Landing,
  type UiState,
} from '../state.js'
import { step, type Step } from '../step.js'
import type { Command, Invocation, Surface } from '../surface.js'

/** The timeline of the open conversation as it is laid out, and how high it is. */
export function laidOut(state: UiState, chat: Chat, surface: Surface) {
  const { width = state.size.columns, height = state.size.rows } = state.panes.timeline ?? {}
  return { timeline: timelineOf(chat, { surface, columns: width, nowMs: state.nowMs }), height }
}

/** The open conversation somewhere else, with the next page where that is near an end of what is loaded. */
function placed(state: UiState, place: ScrollPlace): Step {
  return loadNear(withChat(state, (chat) => ({ ...chat, place })))
}

/** Asks for more where fewer entries than a page are left beyond what is seen. */
const NEAR_ENTRIES = 30
/** How many jumps lead back. */
const JUMPS_MAX = 50

export function loadNear(state: UiState): Step {
  const chat = openChat(state)
  const { open } = state
  if (chat === undefined || open === undefined || chat.loading !== undefined) return step(state)
  const first = chat.place.kind === 'bottom' ? undefined : chat.place.anchor.entry
  const at = first === undefined ? -1 : chat.entries.findIndex(({ id }) => id === first)
  const seen = at < 0 ? chat.entries.length - 1 : at
  if (seen < NEAR_ENTRIES && !chat.atStart) return load(state, open, chat, 'older')
  if (chat.entries.length - seen < 2 * NEAR_ENTRIES && !chat.atEnd)
    return load(state, open, chat, 'newer')
  return step(state)
}

function load(
  state: UiState,
  open: NonNullable<UiState['open']>,
  chat: Chat,
  which: 'older' | 'newer',
): Step {
  const from = which === 'older' ? firstMessage(chat) : lastMessage(chat)
  if (from === undefined) return step(state)
  const loading = withChat(state, (before) => ({ ...before, loading: which }))
  return step(loading, {
    ...{ kind: 'load-page', conversation: open, which, from, limit: PAGE_MESSAGES },
  })
}

function scroll(rows: (height: number) => number): Command {
  return {
    isPlain: true,
    run: (state, { surface }) => {
      const chat = openChat(state)
      if (chat === undefined) return step(state)
      const { timeline, height } = laidOut(state, chat, surface)
      return placed(state, scrollBy(timeline, chat.place, { height, rows: rows(height) }))
    },
  }
}

/** Another message is the one that keys are for; behind the last is the composer again. */
export function select(state: UiState, by: -1 | 1, { surface }: Invocation): Step {
  const chat = openChat(state)
  if (chat === undefined) return step(state)
  const isChoosing = state.focus === 'timeline'
  const selected = neighbour(isChoosing ? chat : { ...chat, selected: undefined }, by)
  const isPastEnd = selected === undefined && by > 0 && (chat.atEnd || !isChoosing)
  if (isPastEnd)
    return step(withChat({ ...state, focus: 'composer' }, (before) => ({ ...before, selected })))
  if (selected === undefined) return loadNear(state)
  const { timeline, height } = laidOut(state, chat, surface)
  const place = reveal(timeline, chat.place, { height, id: selected })
  return placed(
    withChat({ ...state, focus: 'timeline' }, (before) => ({ ...before, selected })),
    place,
  )
}

/** A message is chosen, in the middle of the window: loaded where it is not. */
export function goToMessage(
  state: UiState,
  { id, back }: { readonly id: MessageId; readonly back: ScrollPlace | undefined },
  surface: Surface,
): Step {
  const chat = openChat(state)
  if (chat === undefined) return step(state)
  if (messageOf(chat, id) === undefined) return loadAround(state, id, { kind: 'message', id, back })
  return land(
    withChat(state, (before) => ({ ...before, landing: { kind: 'message', id, back } })),
    surface,
  )
}

/** Back to where the window stood: loaded again where that was let go. */
export function returnTo(state: UiState, place: ScrollPlace): Step {
  const chat = openChat(state)
  if (chat === undefined) return step(state)
  if (place.kind === 'bottom') return toEnd(state)
  const { anchor, following } = place
  if (chat.entries.some(({ id }) => id === anchor.entry)) return placed(state, place)
  const message = [anchor.entry, ...following].find(isMessageId)
  return message === undefined ? toEnd(state) : loadAround(state, message, { kind: 'place', place })
}

function toEnd(state: UiState): Step {
  const chat = openChat(state)
  if (chat === undefined || chat.atEnd) return placed(state, BOTTOM)
  return replacing(state, 'newest', undefined, { kind: 'place', place: BOTTOM })
}

function loadAround(state: UiState, from: MessageId, landing: Landing): Step {
  return replacing(state, 'around', from, landing)
}

/** A page in place of all that is loaded, and where the window goes then. */
function replacing(
  state: UiState,
  which: 'newest' | 'around',
  from: MessageId | undefined,
  landing: Landing,
): Step {
  const { open } = state
  if (open === undefined) return step(state)
  return step(
    withChat(state, (chat) => ({ ...chat, loading: 'first', landing })),
    { kind: 'load-page', conversation: open, which, from, limit: PAGE_MESSAGES },
  )
}

/** What was loaded for a place is there: the window goes to it. */
export function land(state: UiState, surface: Surface): Step {
  const chat = openChat(state)
  const landing = chat?.landing
  if (chat === undefined || landing === undefined) return step(state)
  const landed = withChat(state, (before) => ({ ...before, landing: undefined }))
  if (landing.kind === 'place') return placed(landed, landing.place)
  const { timeline, height } = laidOut(state, chat, surface)
  const middle = (id: EntryId) => scrollTo(timeline, chat.place, { height, id })
  switch (landing.kind) {
    case 'unread': {
      const unread = openConversation(state)?.unread ?? 0
      const firstUnread = firstUnreadOf(chat.entries, unread)
      const above = unreadAbove(chat, unread)
      const oldest = above === undefined ? undefined : chat.entries[0]?.id
      const id = firstUnread?.id ?? oldest
      return placed(
        withChat(landed, (before) => ({ ...before, firstUnread, unreadAbove: above })),
        id === undefined ? BOTTOM : middle(id),
      )
    }
    case 'message': {
      const { id, back } = landing
      const chosen = withChat({ ...landed, focus: 'timeline' }, (before) => ({
        ...before,
        selected: id,
        jumps: back === undefined ? before.jumps : [...before.jumps, back].slice(-JUMPS_MAX),
      }))
      return placed(chosen, middle(id))
    }
  }
}

/** What is before the place of an event is a message, or nothing is. */
function isMessageId(id: EntryId): id is MessageId {
  return id.startsWith('m_')
}

export const chatCommands = {
  'timeline.page-up': scroll((height) => -pageOf(height)),
  'timeline.page-down': scroll((height) => pageOf(height)),
  'timeline.up': { run: (state, invocation) => select(state, -1, invocation), isPlain: true },
  'timeline.down': { run: (state, invocation) => select(state, 1, invocation), isPlain: true },
  'timeline.home': scroll(() => -1_000_000),
  'timeline.end': { run: toEnd },
  'timeline.first-unread': {
    isEnabled: (state) => {
      const chat = openChat(state)
      return chat?.firstUnread !== undefined || chat?.unreadAbove !== undefined
    },
    run: (state, { surface }) => {
      const chat = openChat(state)
      // Where it is not loaded yet it is further up.
      const id = chat?.firstUnread?.id ?? chat?.entries[0]?.id
      if (chat === undefined || id === undefined) return step(state)
      const { timeline, height } = laidOut(state, chat, surface)
      return placed(state, scrollTo(timeline, chat.place, { height, id }))
    },
  },
} satisfies Record<string, Command>
