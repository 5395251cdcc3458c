import { parseDuration, type ConversationDetailObject } from '@sotto/client-core'
import { asSottoError, type ConversationId } from '@sotto/protocol'

import { type as typed } from '../../composer/composer.js'
import { editDraft } from '../editing.js'
import { call, reference } from '../effect.js'
import { highlighted, meant, openConversationById, shownConversations } from '../list.js'
import { openChat, type ListFilter, type UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { choosingMute, muteFor, NOTIFY_RULES, withRule } from '../overlays/mute.js'
import type { Command, Invocation, Surface } from '../surface.js'
import { tell } from '../tell.js'
import { toast } from '../toasts.js'

const LIST_PAGE = 10

/** Opens the conversation that is so many lines further in the list. */
function towards(by: number): Command {
  return {
    run: (state) => {
      const shown = shownConversations(state)
      const at = shown.findIndex(({ id }) => id === state.open)
      const next = shown[at < 0 ? 0 : at + by]
      return next === undefined ? step(state) : openConversationById(state, next.id)
    },
  }
}

function highlight(by: number): Command {
  return {
    run: (state) => {
      const shown = shownConversations(state)
      const at = shown.findIndex(({ id }) => id === highlighted(state))
      const next = shown[Math.max(0, Math.min(shown.length - 1, Math.max(0, at) + by))]
      return step(next === undefined ? state : { ...state, highlighted: next.id })
    },
    isPlain: true,
  }
}

function about(
  run: (state: UiState, conversation: ConversationDetailObject, invocation: Invocation) => Step,
) {
  return (state: UiState, invocation: Invocation): Step => {
    const conversation = meant(state)
    return conversation === undefined ? step(state) : run(state, conversation, invocation)
  }
}

const named = ({ id }: { readonly id: ConversationId }) => ({ conversation: reference(id) })
const hasOne = (state: UiState): boolean => meant(state) !== undefined

function filter(which: ListFilter): Command {
  return { run: (state) => step({ ...state, filter: which, highlighted: undefined }) }
}

/** `/mute 8h`, `/mute 1w`. */
function muteWritten(
  state: UiState,
  conversation: ConversationDetailObject,
  written: string,
  surface: Surface,
): Step {
  try {
    const days = /^(\d{1,2})w$/.exec(written)?.[1]
    const durationMs = parseDuration(days === undefined ? written : `${String(Number(days) * 7)}d`)
    return muteFor(state, conversation, durationMs, surface.words)
  } catch (thrown) {
    return step(toast(state, tell(asSottoError(thrown), surface), 'bad'))
  }
}

export const conversationCommands = {
  'list.up': highlight(-1),
  'list.down': highlight(1),
  'list.page-up': highlight(-LIST_PAGE),
  'list.page-down': highlight(LIST_PAGE),
  'list.open': {
    run: (state) => {
      const id = highlighted(state)
      return id === undefined ? step(state) : openConversationById(state, id)
    },
    isPlain: true,
  },
  'filter.all': filter('all'),
  'filter.unread': filter('unread'),
  'filter.groups': filter('groups'),
  'filter.requests': { ...filter('requests'), slash: 'requests' },
  'conversation.previous': towards(-1),
  'conversation.next': towards(1),
  /** Alt+1 to Alt+9. */
  'conversation.nth': {
    run: (state, { key }) => {
      const nth = shownConversations(state)[Number(key) - 1]
      return nth === undefined ? step(state) : openConversationById(state, nth.id)
    },
    isPlain: true,
  },
  'conversation.next-unread': {
    run: (state) => {
      const unread = state.conversations.filter(
        ({ id, unread: count, markedUnread, muted }) =>
          id !== state.open && !muted && (count > 0 || markedUnread),
      )
      const [first] = unread
      return first === undefined ? step(state) : openConversationById(state, first.id)
    },
  },
  'conversation.archive': {
    slash: 'archive',
    isEnabled: hasOne,
    run: about((state, conversation) => {
      const { archived } = conversation
      const method = archived ? 'conversation.unarchive' : 'conversation.archive'
      return step(state, call(method, named(conversation)), { kind: 'load-list' })
    }),
  },
  'conversation.pin': {
    slash: 'pin',
    isEnabled: hasOne,
    run: about((state, conversation) => {
      const method = conversation.pinned ? 'conversation.unpin' : 'conversation.pin'
      return step(state, call(method, named(conversation)), { kind: 'load-list' })
    }),
  },
  'conversation.mute': {
    slash: 'mute',
    isEnabled: hasOne,
    run: about((state, conversation, { surface, args }) => {
      if (args !== '') return muteWritten(state, conversation, args, surface)
      const method = conversation.muted ? 'conversation.unmute' : 'conversation.mute'
      return step(state, call(method, named(conversation)), { kind: 'load-list' })
    }),
  },
  /** `/alerts mentions`; without a rule they are listed, with for how long one may mute. */
  'conversation.alerts': {
    slash: 'alerts',
    isEnabled: hasOne,
    run: about((state, conversation, { surface, args }) => {
      if (args === '') return choosingMute(state, conversation)
      const rule = NOTIFY_RULES.find((each) => each === args)
      const { alerts } = surface.words.screen.people.mute
      if (rule === undefined) return step(toast(state, alerts.noSuchRule, 'bad'))
      return withRule(state, conversation, rule, surface.words)
    }),
  },
  /** `/export FILE`; without one the draft begins so, and the person writes where to. */
  'conversation.export': {
    slash: 'export',
    takesPath: true,
    isEnabled: (state) => state.open !== undefined,
    run: (state, { args }) => {
      const { open } = state
      if (open === undefined) return step(state)
      if (args !== '') return step(state, { kind: 'export', conversation: open, path: args })
      if (openChat(state)?.composer.draft.text !== '') return step(state)
      return editDraft({ ...state, focus: 'composer' }, (composer) => typed(composer, '/export '))
    },
  },
  'conversation.mark-unread': {
    slash: 'unread',
    isEnabled: hasOne,
    run: about((state, conversation) => {
      const left = state.open === conversation.id ? { ...state, open: undefined } : state
      const shown: UiState = left.open === undefined ? { ...left, focus: 'list' } : left
      const marked = call('conversation.markUnread', named(conversation))
      return step(shown, marked, { kind: 'load-list' })
    }),
  },
} satisfies Record<string, Command>
