import type { ConversationId } from '@sotto/protocol'

import {
  afterSending,
  confirmChips,
  expandChip,
  moveRow,
  recall,
  type,
  type Composer,
} from '../../composer/composer.js'
import { chipsToConfirm } from '../../composer/chips.js'
import { wrapDraft } from '../../composer/wrap.js'
import { editDraft } from '../editing.js'
import { PROMPT } from '../frame.js'
import { leftEditing, sendEdit } from '../edit-mode.js'
import { whyHeld } from '../held.js'
import { keyWords } from '../key-words.js'
import { isSplit, openChat, withChat, type Chat, type UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { runSlash } from '../slash.js'
import { toast } from '../toasts.js'
import type { Command, Invocation } from '../surface.js'
import { chatCommands, select } from './chat.js'
import { editCommands } from './edit.js'

/** A slash that is meant as one. */
const LITERAL = /^\/\//

/** The draft on its way, or the command that it is; what is edited is neither. */
function send(state: UiState, invocation: Invocation): Step {
  const chat = openChat(state)
  const { open } = state
  if (chat === undefined || open === undefined) return step(state)
  const { text } = chat.composer.draft
  const { words } = invocation.surface
  const isEdit = chat.editing !== undefined
  if (text.trim() === '')
    return step(isEdit ? toast(state, words.screen.message.emptyEdit, 'bad') : state)
  if (!isEdit && text.startsWith('/') && !LITERAL.test(text))
    return runSlash(state, text, invocation)
  const held = whyHeld(state, words)
  if (held !== undefined) return step(toast(state, held, 'bad'))
  if (chipsToConfirm(chat.composer.draft).length > 0) {
    const confirmed = editDraft(state, confirmChips)
    const { surface } = invocation
    const says = surface.words.screen.confirmPaste(keyWords(state, surface))
    return step(toast(confirmed.state, says, 'plain'), ...confirmed.effects)
  }
  return isEdit ? sendEdit(state, chat, text) : sendDraft(state, chat, open)
}

function sendDraft(state: UiState, chat: Chat, open: ConversationId): Step {
  const { text } = chat.composer.draft
  const composer = afterSending(chat.composer)
  const sent = withChat(state, (before) => ({
    ...{ ...before, composer, replyTo: undefined, firstUnread: undefined },
    place: { kind: 'bottom' },
  }))
  // The draft stays kept until the message is: whatever dies between them, one of both is there.
  return step(sent, {
    ...{ kind: 'send', conversation: open, replyTo: chat.replyTo },
    text: text.replace(LITERAL, '/'),
  })
}

function vertical(by: -1 | 1): Command {
  return {
    isPlain: true,
    run: (state, invocation) => {
      const chat = openChat(state)
      if (chat === undefined) return step(state)
      if (chat.composer.draft.text === '' && by < 0) return select(state, -1, invocation)
      const columns = (state.panes.composer?.width ?? state.size.columns) - PROMPT.length
      const { of } = invocation.surface.look(columns).widths
      const still = { extend: false }
      const wrapped = (draft: Composer['draft']) => wrapDraft(draft, Math.max(1, columns), of)
      const moved = moveRow(chat.composer, by, wrapped, still)
      if (moved !== chat.composer) return editDraft(state, () => moved)
      return editDraft(state, (composer) => recall(composer, by < 0 ? 'older' : 'newer'))
    },
  }
}

/** Within the draft; where nothing is written yet, within what was said. */
function edge(ofDraft: Command, ofTimeline: Command): Command {
  return {
    isPlain: true,
    run: (state, invocation) => {
      const isEmpty = openChat(state)?.composer.draft.text === ''
      return (isEmpty ? ofTimeline : ofDraft).run(state, invocation)
    },
  }
}

/** Nothing is edited any more, or answered; undefined: nothing was. */
function aLayerBack(state: UiState): Step | undefined {
  const chat = openChat(state)
  if (chat?.editing !== undefined) return step(withChat(state, leftEditing))
  if (chat?.replyTo === undefined) return undefined
  return step(withChat(state, (before) => ({ ...before, replyTo: undefined })))
}

export const composerCommands = {
  'composer.send': { run: send, isPlain: true },
  'composer.newline': {
    run: (state) => editDraft(state, (composer) => type(composer, '\n')),
    isPlain: true,
  },
  'composer.up': vertical(-1),
  'composer.down': vertical(1),
  'composer.home': edge(editCommands['edit.line-start'], chatCommands['timeline.home']),
  'composer.end': edge(editCommands['edit.line-end'], chatCommands['timeline.end']),
  /** One layer back: what is edited or answered, then, where the list is another screen, the list. */
  'composer.escape': {
    run: (state) => aLayerBack(state) ?? step(isSplit(state) ? state : { ...state, focus: 'list' }),
    isPlain: true,
  },
  /** In the keys of vim: from the text to what was said. */
  'composer.normal': {
    run: (state, invocation) => aLayerBack(state) ?? select(state, -1, invocation),
    isPlain: true,
  },
  'composer.expand-paste': {
    isEnabled: (state) => (openChat(state)?.composer.draft.chips.length ?? 0) > 0,
    run: (state) => editDraft(state, expandChip),
  },
  'composer.editor': {
    run: (state) => {
      const chat = openChat(state)
      if (chat === undefined) return step(state)
      const { composer, editing } = chat
      return step(state, {
        ...{ kind: 'edit-draft', text: composer.draft.text, message: editing?.message },
      })
    },
  },
} satisfies Record<string, Command>
