import { applyCompletion } from '../../composer/completion.js'
import { isWritten, popupOf, withRecentEmoji } from '../completing.js'
import { editDraft } from '../editing.js'
import { openChat, withChat, type UiState } from '../state.js'
import { step, type Step } from '../step.js'
import type { Command, Invocation } from '../surface.js'

function moved(by: -1 | 1): Command {
  return {
    run: (state) => {
      const popup = popupOf(state)
      if (popup === undefined) return step(state)
      const count = popup.choices.length
      const index = (popup.index + by + count) % count
      return step(withChat(state, (chat) => ({ ...chat, popup: { ...popup, index } })))
    },
    isPlain: true,
  }
}

/**
 * What is chosen stands where it was typed. Where it does already, Enter is what it always is; behind a
 * path too, which may be one that is not there yet: there only Tab takes.
 */
function take(state: UiState, invocation: Invocation): Step {
  const chat = openChat(state)
  const popup = popupOf(state)
  const choice = popup?.choices[popup.index]
  if (chat === undefined || popup === undefined || choice === undefined) return step(state)
  const closed = withChat(state, (before) => ({ ...before, popup: undefined }))
  const isPath = popup.completion.kind === 'path'
  if (invocation.key === 'enter' && (isPath || isWritten(chat, popup)))
    return invocation.surface.commands['composer.send'].run(closed, invocation)
  const { completion } = popup
  const known = completion.kind === 'emoji' ? withRecentEmoji(closed, choice.insert) : closed
  return editDraft(known, (composer) => applyCompletion(composer, completion, choice.insert))
}

export const completionCommands = {
  'completion.up': moved(-1),
  'completion.down': moved(1),
  'completion.take': { run: take, isPlain: true },
  'completion.close': {
    run: (state) => {
      const popupClosedAt = popupOf(state)?.completion.range.start
      return step(withChat(state, (chat) => ({ ...chat, popup: undefined, popupClosedAt })))
    },
    isPlain: true,
  },
} satisfies Record<string, Command>
