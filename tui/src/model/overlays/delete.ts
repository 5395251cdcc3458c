import { blankRow, paragraph } from '../../rows/plain-row.js'
import { WAITING } from '../answer.js'
import { messageOf } from '../chat.js'
import { withChanged, withoutOverlay } from '../editing.js'
import { ask, messageReference } from '../effect.js'
import type { DeleteOverlay } from '../overlay.js'
import { openChat, openConversation, type UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { toast } from '../toasts.js'
import { askedRows } from './asked.js'
import { movedIndex } from './choices.js'
import { lineRows } from './lines.js'
import { titleParts } from './message-title.js'
import type { OverlayPart } from './part.js'

type For = 'everyone' | 'here'

function lineOf(state: UiState, { message }: DeleteOverlay) {
  const chat = openChat(state)
  return chat && messageOf(chat, message)
}

/** For everyone only what is one's own, and was not deleted yet; notes to oneself nobody else has. */
function offers(state: UiState, overlay: DeleteOverlay): readonly For[] {
  const line = lineOf(state, overlay)
  const isOwn = line?.sender.self === true && line.message.deleted !== true
  return isOwn && openConversation(state)?.kind !== 'self' ? ['everyone', 'here'] : ['here']
}

function confirmed(state: UiState, overlay: DeleteOverlay): Step {
  const line = lineOf(state, overlay)
  const chosen = offers(state, overlay)[overlay.index]
  if (overlay.asked.state === 'waiting' || line === undefined || chosen === undefined)
    return step(state)
  return step(
    withChanged(state, overlay, { ...overlay, asked: WAITING }),
    ask('message.delete', {
      ...{ message: messageReference(line), everyone: chosen === 'everyone', wait: 'queued' },
    }),
  )
}

/** It stays until the core has answered, so that what fails is read where it was asked for. */
export const deletePart: OverlayPart<DeleteOverlay> = {
  move: (state, overlay, by) => {
    const index = movedIndex(overlay.index, by, offers(state, overlay).length)
    return step(withChanged(state, overlay, { ...overlay, index }))
  },
  choose: confirmed,
  answer: (state, overlay, answer, { words }) => {
    if (answer.method !== 'message.delete' || !answer.params.message.startsWith(overlay.message))
      return undefined
    const { done } = words.screen.message.delete
    const said = answer.params.everyone === true ? done.everyone : done.here
    return step(toast(withoutOverlay(state, overlay), said, 'good'))
  },
  refused: (state, overlay, { call, error }) =>
    call.method === 'message.delete' && call.params.message.startsWith(overlay.message)
      ? step(withChanged(state, overlay, { ...overlay, asked: { state: 'refused', error } }))
      : undefined,
  hint: (_overlay, { screen }) => screen.message.delete.hint,
  view: (state, overlay, { look, surface }) => {
    const { words } = surface
    const said = words.screen.message.delete
    const line = lineOf(state, overlay)
    const { who, said: excerpt } =
      line === undefined ? { who: '', said: '' } : titleParts(line, words)
    const all = offers(state, overlay)
    const rows = lineRows(
      all.map((each) => ({ left: said[each] })),
      overlay.index,
      look,
    )
    const chosen = all[overlay.index] ?? 'here'
    return {
      title: said.title(who, excerpt),
      rows: [
        ...rows,
        blankRow(look),
        ...said.lines[chosen].flatMap((text) => paragraph(text, 'dim', look)),
        ...askedRows(overlay.asked, look, surface),
      ],
      chosen: overlay.index,
    }
  },
}
