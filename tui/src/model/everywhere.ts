import type { SearchObject } from '@sotto/client-core'

import type { Action } from './action.js'
import { goToMessage } from './commands/chat.js'
import { withChanged, withOverlay } from './editing.js'
import { openConversationById } from './list.js'
import { emptyQuery, NO_HITS, type Hits } from './overlay.js'
import type { UiState } from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { tell } from './tell.js'

export function openEverywhere(state: UiState): Step {
  return step(
    withOverlay(state, { kind: 'everywhere', query: emptyQuery(), index: 0, hits: NO_HITS }),
  )
}

/** An answer is for the overlay in which just this is typed; any other is too late. */
export function withHits(
  state: UiState,
  action: Extract<Action, { readonly kind: 'found' | 'not-found' }>,
  surface: Surface,
): UiState {
  const overlay = state.overlays.at(-1)
  if (overlay?.kind !== 'everywhere' && overlay?.kind !== 'palette') return state
  const { query } = action
  if (overlay.query.draft.text.trim() !== query) return state
  const hits: Hits =
    action.kind === 'found'
      ? { state: 'found', query, all: action.hits }
      : { state: 'refused', text: tell(action.error, surface) }
  return withChanged(state, overlay, { ...overlay, hits })
}

/** The conversation around what was found, with it chosen. */
export function goToHit(
  state: UiState,
  { conversation, message }: SearchObject,
  surface: Surface,
): Step {
  // Its newest page is not asked for: the one around the message takes that place.
  const { state: opened } = openConversationById(state, conversation.id)
  return goToMessage(opened, { id: message.id, back: undefined }, surface)
}
