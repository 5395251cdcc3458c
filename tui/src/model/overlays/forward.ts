import { moveTo, type as typed } from '../../composer/composer.js'
import type { ConversationDetailObject } from '@sotto/client-core'

import { leftEditing } from '../edit-mode.js'
import { editDraft, withChanged, withoutOverlay } from '../editing.js'
import { fuzzyScore } from '../fuzzy.js'
import { openConversationById } from '../list.js'
import { keyWords } from '../key-words.js'
import type { ForwardOverlay } from '../overlay.js'
import { withChat, type UiState } from '../state.js'
import { step, then, type Step } from '../step.js'
import { toast } from '../toasts.js'
import { choicesView, movedIndex } from './choices.js'
import type { OverlayPart } from './part.js'

function found(
  { conversations }: UiState,
  { query }: ForwardOverlay,
): readonly ConversationDetailObject[] {
  const wanted = query.draft.text.trim()
  return conversations
    .map((conversation) => ({ conversation, score: fuzzyScore(wanted, conversation.name) }))
    .filter(({ score }) => score !== undefined)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map(({ conversation }) => conversation)
}

/** Nothing goes at once: the text stands in the draft there, to be looked at and sent with Enter. */
function write(state: UiState, { id }: ConversationDetailObject, text: string): Step {
  return then(openConversationById(state, id), (opened) =>
    editDraft(withChat(opened, leftEditing), (composer) => {
      const before = composer.draft.text
      const gap = before === '' || before.endsWith('\n') ? '' : '\n'
      return typed(moveTo(composer, before.length, { extend: false }), `${gap}${text}`)
    }),
  )
}

export const forwardPart: OverlayPart<ForwardOverlay> = {
  move: (state, overlay, by) => {
    const index = movedIndex(overlay.index, by, found(state, overlay).length)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: (state, overlay, { surface }) => {
    const closed = withoutOverlay(state, overlay)
    const chosen = found(state, overlay)[overlay.index]
    if (chosen === undefined) return step(state)
    return then(write(closed, chosen, overlay.text), (written) =>
      step(
        toast(
          written,
          surface.words.screen.message.forwardReady(keyWords(state, surface)),
          'plain',
        ),
      ),
    )
  },
  view: (state, overlay, { look, height, surface }) => {
    const { screen } = surface.words
    const choices = found(state, overlay).map(({ name, kind }) => ({
      left: [{ text: kind === 'self' ? screen.notes : name, role: 'name' as const }],
    }))
    const { query, index } = overlay
    return choicesView({
      ...{ title: screen.message.forwardTitle, query, index, choices },
      ...{ empty: screen.nothingFound, look, height },
    })
  },
}
