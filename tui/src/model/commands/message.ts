import type { MessageId } from '@sotto/protocol'

import type { ShownMessage } from '../../rows/entry.js'
import { moveTo, type as typed } from '../../composer/composer.js'
import { eventOf, messageOf } from '../chat.js'
import { ask, call, messageReference } from '../effect.js'
import { leftEditing } from '../edit-mode.js'
import { editDraft, withOverlay } from '../editing.js'
import { emptyQuery } from '../overlay.js'
import { openChat, withChat, type Chat, type UiState } from '../state.js'
import { step, then, type Step } from '../step.js'
import type { Command, Invocation, Surface } from '../surface.js'
import { goToMessage, laidOut, returnTo, select } from './chat.js'

/** The message that keys are for. */
export function chosenMessage(state: UiState): ShownMessage['message'] | undefined {
  const chat = openChat(state)
  return chat === undefined ? undefined : messageOf(chat, chat.selected)?.message
}

/** Whether there is more of it than is shown, or was before it was asked for. */
export function isLong(state: UiState, id: MessageId, surface: Surface): boolean {
  const chat = openChat(state)
  if (chat === undefined) return false
  const { timeline } = laidOut(state, chat, surface)
  const rows = timeline.rowsAt(timeline.indexOf(id) ?? 0)
  return chat.expanded.has(id) || rows.some(({ kind }) => kind === 'collapsed')
}

function about(run: (state: UiState, chat: Chat, id: MessageId, surface: Surface) => Step) {
  return (state: UiState, { surface }: Invocation): Step => {
    const chat = openChat(state)
    const id = chosenMessage(state)?.id
    return chat === undefined || id === undefined ? step(state) : run(state, chat, id, surface)
  }
}

/** What was said, where it can be said again. */
function withText(run: (state: UiState, text: string) => Step): Pick<Command, 'run' | 'isEnabled'> {
  return {
    isEnabled: (state) => typeof chosenMessage(state)?.text === 'string',
    run: (state) => {
      const text = chosenMessage(state)?.text
      return typeof text === 'string' ? run(state, text) : step(state)
    },
  }
}

const hasSelected = (state: UiState): boolean => chosenMessage(state) !== undefined

/** The event that keys are for. */
function chosenEvent(state: UiState) {
  const chat = openChat(state)
  return chat === undefined ? undefined : eventOf(chat, chat.selected)
}

/** What an event means: that is all that can be done with one. */
function explain(state: UiState): Step | undefined {
  const event = chosenEvent(state)
  return event && step(withOverlay(state, { kind: 'event', event }))
}

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

const showDetails: Command['run'] = about((state, chat, id) => {
  const chosen = messageOf(chat, id)
  if (chosen === undefined) return step(state)
  const message = messageReference(chosen)
  return step(
    withOverlay(state, { kind: 'message-details', message, detail: undefined }),
    ask('message.show', { message }),
  )
})

/** What can be done with the chosen message; with none chosen, with the newest. */
function openMenu(state: UiState, invocation: Invocation): Step {
  const chosen = state.focus === 'timeline' ? step(state) : select(state, -1, invocation)
  const message = chosenMessage(chosen.state)?.id
  if (message === undefined) return then(chosen, (before) => explain(before) ?? step(before))
  return then(chosen, (before) =>
    step(withOverlay(before, { kind: 'message-menu', message, index: 0 })),
  )
}

/** `> ` in front of each line, below what is written already. */
function quote(state: UiState, text: string): Step {
  const quoted = text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
  return editDraft({ ...state, focus: 'composer' }, (composer) => {
    const before = composer.draft.text
    const gap = before === '' || before.endsWith('\n') ? '' : '\n'
    return typed(moveTo(composer, before.length, { extend: false }), `${gap}${quoted}\n`)
  })
}

export const messageCommands = {
  'message.menu': {
    isEnabled: (state) => (openChat(state)?.entries.length ?? 0) > 0,
    run: openMenu,
  },
  'message.reply': {
    isEnabled: (state) => {
      const message = chosenMessage(state)
      return message !== undefined && message.deleted !== true
    },
    run: about((state, _chat, id) =>
      step(
        withChat({ ...state, focus: 'composer' }, (chat) => ({
          ...leftEditing(chat),
          replyTo: id,
        })),
      ),
    ),
  },
  'message.quote': withText(quote),
  'message.copy': withText((state, text) => step(state, { kind: 'copy', text })),
  'message.forward': withText((state, text) =>
    step(
      withOverlay(state, {
        ...{ kind: 'forward', query: emptyQuery(), index: 0, text },
        message: chosenMessage(state)?.id,
      }),
    ),
  ),
  'message.jump-to-quoted': {
    isEnabled: (state) => (chosenMessage(state)?.replyTo ?? null) !== null,
    run: about((state, chat, id, surface) => {
      const quoted = messageOf(chat, id)?.message.replyTo?.id
      return quoted === undefined
        ? step(state)
        : goToMessage(state, { id: quoted, back: chat.place }, surface)
    }),
  },
  'message.jump-back': {
    run: (state) => {
      const place = openChat(state)?.jumps.at(-1)
      if (place === undefined) return step(state)
      const left = withChat(state, (chat) => ({ ...chat, jumps: chat.jumps.slice(0, -1) }))
      return returnTo(left, place)
    },
  },
  'message.expand': { isEnabled: hasSelected, run: expand },
  'message.retry': {
    isEnabled: (state) => chosenMessage(state)?.status === 'failed',
    run: retry,
  },
  'message.details': {
    isEnabled: (state) => openChat(state)?.selected !== undefined,
    run: (state, invocation) => explain(state) ?? showDetails(state, invocation),
  },
  /** Enter: what is natural for the message, else all that can be done with it. */
  'message.activate': {
    isPlain: true,
    run: (state, invocation) => {
      const message = chosenMessage(state)
      if (message === undefined) return explain(state) ?? step(state)
      if (message.status === 'failed') return retry(state, invocation)
      if (isLong(state, message.id, invocation.surface)) return expand(state, invocation)
      return openMenu(state, invocation)
    },
  },
} satisfies Record<string, Command>
