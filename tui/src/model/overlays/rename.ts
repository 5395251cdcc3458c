import type { ContactObject } from '@sotto/client-core'

import { type as typed } from '../../composer/composer.js'
import { IDLE, WAITING } from '../answer.js'
import { ask } from '../effect.js'
import { withChanged, withOverlay, withoutOverlay } from '../editing.js'
import { emptyQuery, type RenameOverlay } from '../overlay.js'
import type { UiState } from '../state.js'
import { step, type Step } from '../step.js'
import { toast } from '../toasts.js'
import { askedRows } from './asked.js'
import { choicesView } from './choices.js'
import type { OverlayPart } from './part.js'

/** A line for the local name, with the one they have. */
export function renaming(state: UiState, { id, alias, conversation }: ContactObject): Step {
  const query = alias === null ? emptyQuery() : typed(emptyQuery(), alias)
  const { name } = conversation
  return step(
    withOverlay(state, { kind: 'rename', contact: id, name, query, index: 0, asked: IDLE }),
  )
}

/** An empty line takes the local name away. */
export const renamePart: OverlayPart<RenameOverlay> = {
  move: (state) => step(state),
  choose: (state, overlay) => {
    if (overlay.asked.state === 'waiting') return step(state)
    const alias = overlay.query.draft.text.trim()
    const waiting = withChanged(state, overlay, { ...overlay, asked: WAITING })
    const to = `acct:${overlay.contact}`
    return step(waiting, ask('contact.rename', { to, ...(alias === '' ? {} : { alias }) }))
  },
  answer: (state, overlay, answer, { words }) => {
    if (answer.method !== 'contact.rename') return undefined
    const { conversation, alias } = answer.result
    const said = words.screen.people.renamed(conversation.name, alias)
    const closed = toast(withoutOverlay(state, overlay), said, 'good')
    return step(closed, { kind: 'load-list' })
  },
  refused: (state, overlay, { call, error }) =>
    call.method === 'contact.rename'
      ? step(withChanged(state, overlay, { ...overlay, asked: { state: 'refused', error } }))
      : undefined,
  hint: (_overlay, { screen }) => screen.people.renameHint,
  view: (_state, { name, query, asked }, { look, height, surface }) => {
    const { rename } = surface.words.screen.people
    const { rows, ...view } = choicesView({
      ...{ title: rename.title(name), query, choices: [], index: 0, look, height },
      empty: rename.help,
    })
    return { ...view, rows: [...rows, ...askedRows(asked, look, surface)] }
  },
}
