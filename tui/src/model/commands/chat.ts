import type { MessageId } from '@sotto/protocol'

import { BOTTOM, pageOf, scrollBy, scrollTo, type ScrollPlace } from '../../rows/virtual.js'
import { messageOf, neighbour, PAGE_MESSAGES, timelineOf } from '../chat.js'
import { call } from '../effect.js'
import { openChat, withChat, type Chat, type UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Surface } from '../surface.js'
import type { Command, Invocation } from './command.js'

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
  const messages = chat.entries.flatMap((entry) => (entry.kind === 'message' ? [entry.id] : []))
  const from = which === 'older' ? messages[0] : messages.at(-1)
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
  const selected = neighbour(
    state.focus === 'timeline' ? chat : { ...chat, selected: undefined },
    by,
  )
  if (selected === undefined && by > 0)
    return step(withChat({ ...state, focus: 'composer' }, (before) => ({ ...before, selected })))
  if (selected === undefined) return loadNear(state)
  return shown({ ...state, focus: 'timeline' }, selected, surface)
}

/** A message is chosen, and seen. */
function shown(state: UiState, selected: MessageId, surface: Surface): Step {
  const chosen = withChat(state, (before) => ({ ...before, selected }))
  const chat = openChat(chosen)
  if (chat === undefined) return step(chosen)
  const { timeline, height } = laidOut(chosen, chat, surface)
  return placed(chosen, scrollTo(timeline, chat.place, { height, id: selected }))
}

function about(run: (state: UiState, chat: Chat, id: MessageId, surface: Surface) => Step) {
  return (state: UiState, { surface }: Invocation): Step => {
    const chat = openChat(state)
    return chat?.selected === undefined ? step(state) : run(state, chat, chat.selected, surface)
  }
}

const hasSelected = (state: UiState): boolean => openChat(state)?.selected !== undefined

const retry: Command['run'] = about((state, chat, id) =>
  messageOf(chat, id)?.message.status === 'failed'
    ? step(state, call('outbox.retry', { messages: [id] }))
    : step(state),
)

const expand: Command['run'] = about((state, chat, id) => {
  const expanded = new Set(chat.expanded)
  if (!expanded.delete(id)) expanded.add(id)
  return step(withChat(state, (before) => ({ ...before, expanded })))
})

export const chatCommands = {
  'timeline.page-up': scroll((height) => -pageOf(height)),
  'timeline.page-down': scroll((height) => pageOf(height)),
  'timeline.up': { run: (state, invocation) => select(state, -1, invocation), isPlain: true },
  'timeline.down': { run: (state, invocation) => select(state, 1, invocation), isPlain: true },
  'timeline.home': scroll(() => -1_000_000),
  'timeline.end': {
    run: (state) => {
      const chat = openChat(state)
      if (chat === undefined || state.open === undefined) return step(state)
      const atEnd = withChat(state, (before) => ({ ...before, place: BOTTOM }))
      if (chat.atEnd) return step(atEnd)
      return step(atEnd, {
        ...{ kind: 'load-page', conversation: state.open, which: 'newest', from: undefined },
        limit: PAGE_MESSAGES,
      })
    },
  },
  'timeline.first-unread': {
    isEnabled: (state) => openChat(state)?.firstUnread !== undefined,
    run: (state, { surface }) => {
      const chat = openChat(state)
      if (chat?.firstUnread === undefined) return step(state)
      const { timeline, height } = laidOut(state, chat, surface)
      return placed(state, scrollTo(timeline, chat.place, { height, id: chat.firstUnread.id }))
    },
  },
  'message.reply': {
    isEnabled: hasSelected,
    run: about((state, _chat, id) =>
      step(withChat({ ...state, focus: 'composer' }, (chat) => ({ ...chat, replyTo: id }))),
    ),
  },
  'message.copy': {
    isEnabled: hasSelected,
    run: about((state, chat, id) => {
      const text = messageOf(chat, id)?.message.text
      return text === null || text === undefined ? step(state) : step(state, { kind: 'copy', text })
    }),
  },
  'message.expand': { isEnabled: hasSelected, run: expand },
  'message.retry': { isEnabled: hasSelected, run: retry },
  'message.jump-to-quoted': {
    isEnabled: hasSelected,
    run: about((state, chat, id, surface) => {
      const quoted = messageOf(chat, id)?.message.replyTo?.id
      if (quoted === undefined || state.open === undefined) return step(state)
      const jumped = withChat(state, (before) => ({
        ...before,
        jumps: [...before.jumps, chat.place],
      }))
      if (messageOf(chat, quoted) !== undefined) return shown(jumped, quoted, surface)
      return step(
        withChat(jumped, (before) => ({ ...before, loading: 'first', selected: quoted })),
        {
          ...{ kind: 'load-page', conversation: state.open, which: 'around', from: quoted },
          limit: PAGE_MESSAGES,
        },
      )
    }),
  },
  'message.jump-back': {
    run: (state) => {
      const place = openChat(state)?.jumps.at(-1)
      if (place === undefined) return step(state)
      return placed(
        withChat(state, (chat) => ({ ...chat, jumps: chat.jumps.slice(0, -1) })),
        place,
      )
    },
  },
  /** Enter: what is natural for the message. */
  'message.activate': {
    isPlain: true,
    run: (state, invocation) => {
      const chat = openChat(state)
      const message = chat === undefined ? undefined : messageOf(chat, chat.selected)
      return (message?.message.status === 'failed' ? retry : expand)(state, invocation)
    },
  },
} satisfies Record<string, Command>
