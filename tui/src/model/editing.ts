import { serialiseDraft } from '../composer/saved-draft.js'
import type { Composer } from '../composer/composer.js'
import { IDLE } from './answer.js'
import type { Effect } from './effect.js'
import { searchOf } from './hits.js'
import type { Overlay } from './overlay.js'
import { editSearch } from './search.js'
import { openChat, withChat, type UiState } from './state.js'
import { step, type Step } from './step.js'

/** What is being written changes: the line of the topmost overlay, else the draft. */
export function editing(state: UiState, change: (composer: Composer) => Composer): Step {
  const overlay = state.overlays.at(-1)
  if (overlay === undefined)
    return state.focus === 'search' ? editSearch(state, change) : editDraft(state, change)
  if (!('query' in overlay)) return step(state)
  if ('asked' in overlay && overlay.asked.state === 'waiting') return step(state)
  const query = change(overlay.query)
  if (query === overlay.query) return step(state)
  if (query.draft.text === overlay.query.draft.text)
    return step(withTop(state, { ...overlay, query }))
  // What was refused was something else.
  const fresh = { query, index: 0 }
  if (!('asked' in overlay)) {
    const changed = withTop(state, { ...overlay, ...fresh })
    return step(changed, ...searchOf(overlay, query.draft.text))
  }
  return step(withTop(state, { ...overlay, ...fresh, asked: IDLE }))
}

/** The draft of the open conversation changes, and is kept; or what is edited, which is not. */
export function editDraft(state: UiState, change: (composer: Composer) => Composer): Step {
  const chat = openChat(state)
  const { open } = state
  if (chat === undefined || open === undefined || state.focus !== 'composer') return step(state)
  const composer = change(chat.composer)
  if (composer === chat.composer) return step(state)
  const changed = withChat(state, (before) => ({ ...before, composer }))
  const isSame = composer.draft.text === chat.composer.draft.text
  if (isSame || chat.editing !== undefined) return step(changed)
  return step(changed, saveDraft(open, composer))
}

export function saveDraft(conversation: NonNullable<UiState['open']>, { draft }: Composer): Effect {
  const saved = draft.text === '' ? '' : serialiseDraft(draft)
  return { kind: 'save-draft', conversation, draft: saved }
}

/** The topmost overlay in another state. */
export function withTop(state: UiState, overlay: Overlay): UiState {
  return { ...state, overlays: [...state.overlays.slice(0, -1), overlay] }
}

/** One overlay in another state, wherever it stands; gone meanwhile, it stays gone. */
export function withChanged(state: UiState, overlay: Overlay, changed: Overlay): UiState {
  const overlays = state.overlays.map((each) => (each === overlay ? changed : each))
  return { ...state, overlays }
}

/** One overlay is closed, wherever it stands. */
export function withoutOverlay(state: UiState, overlay: Overlay): UiState {
  return { ...state, overlays: state.overlays.filter((each) => each !== overlay) }
}

export function withoutTop(state: UiState): UiState {
  return { ...state, overlays: state.overlays.slice(0, -1) }
}

export function withOverlay(state: UiState, overlay: Overlay): UiState {
  return { ...state, overlays: [...state.overlays, overlay] }
}
