import type { ShownMessage } from '../../rows/entry.js'
import { IDLE } from '../answer.js'
import { beginEditing } from '../edit-mode.js'
import { withOverlay } from '../editing.js'
import { call, messageReference } from '../effect.js'
import { canDelete, canEdit, canReact, meantMessage, ownReaction } from '../meant-message.js'
import { emptyQuery } from '../overlay.js'
import { emojiNamed, react } from '../reacting.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Command, Invocation } from '../surface.js'
import { whyHeld } from '../held.js'
import { toast } from '../toasts.js'

/** About the chosen message, else the newest with which it can be done. */
function about(
  isMeant: (line: ShownMessage) => boolean,
  run: (state: UiState, line: ShownMessage, invocation: Invocation) => Step,
): Pick<Command, 'run' | 'isEnabled'> {
  return {
    isEnabled: (state) => meantMessage(state, isMeant) !== undefined,
    run: (state, invocation) => {
      const line = meantMessage(state, isMeant)
      return line === undefined ? step(state) : run(state, line, invocation)
    },
  }
}

/** Where nothing is chosen, what somebody else wrote is what one means. */
function isAnswerable(line: ShownMessage): boolean {
  return canReact(line) && !line.sender.self
}

function reactTo(state: UiState, line: ShownMessage, { args }: Invocation): Step {
  if (args !== '') return react(state, line, emojiNamed(args))
  const { id: message } = line.message
  return step(withOverlay(state, { kind: 'react', message, query: emptyQuery(), index: 0 }))
}

export const changeCommands = {
  /** `/react thumbsup`, `/react 👍`; without an emoji they are listed. */
  'message.react': {
    slash: 'react',
    isEnabled: (state) => meantMessage(state, canReact) !== undefined,
    run: (state, invocation) => {
      const isChosen = state.focus === 'timeline'
      const line =
        (isChosen ? undefined : meantMessage(state, isAnswerable)) ?? meantMessage(state, canReact)
      return line === undefined ? step(state) : reactTo(state, line, invocation)
    },
  },
  'message.unreact': {
    slash: 'unreact',
    ...about(
      (line) => canReact(line) && ownReaction(line) !== undefined,
      (state, line) =>
        step(state, call('message.unreact', { message: messageReference(line), wait: 'queued' })),
    ),
  },
  /** `/edit` writes it anew in the composer, `/edit TEXT` at once. */
  'message.edit': {
    slash: 'edit',
    ...about(canEdit, (state, line, { args, surface }) => {
      if (args === '') return beginEditing(state, line)
      const held = whyHeld(state, surface.words)
      const { open } = state
      if (open === undefined || held !== undefined)
        return step(held === undefined ? state : toast(state, held, 'bad'))
      const { id: message } = line.message
      const reference = messageReference(line)
      return step(state, { kind: 'edit', conversation: open, message, reference, text: args })
    }),
  },
  'message.delete': {
    slash: 'delete',
    isEnabled: (state) => meantMessage(state, canDelete) !== undefined,
    run: (state) => {
      // Where nothing is chosen, what one wrote oneself is what one means.
      const own = state.focus === 'timeline' ? undefined : meantMessage(state, canEdit)
      const line = own ?? meantMessage(state, canDelete)
      if (line === undefined) return step(state)
      const { id: message } = line.message
      return step(withOverlay(state, { kind: 'delete', message, index: 0, asked: IDLE }))
    },
  },
} satisfies Record<string, Command>
