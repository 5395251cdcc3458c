import type { SearchObject } from '@sotto/client-core'

import type { Composer } from '../composer/composer.js'
import type { Answer, Refusal } from './answer.js'
import { goToMessage, returnTo } from './commands/chat.js'
import { ask, reference } from './effect.js'
import { emptyQuery } from './overlay.js'
import {
  openChat,
  withChat,
  type Chat,
  type Search,
  type SearchHit,
  type UiState,
} from './state.js'
import { step, type Step } from './step.js'
import type { Surface } from './surface.js'
import { tell } from './tell.js'
import { toast } from './toasts.js'

/** So many more are asked for at a time. */
export const HITS_AT_A_TIME = 200

/** The line to type in, with what was looked for before. */
export function openSearch(state: UiState): Step {
  const chat = openChat(state)
  if (chat === undefined) return step(state)
  if (chat.search !== undefined) return step({ ...state, focus: 'search' })
  const { place, selected } = chat
  const search: Search = {
    ...{ query: emptyQuery(), asked: undefined, hits: undefined, at: 0 },
    limit: HITS_AT_A_TIME,
    ...{ from: { place, selected }, fromFocus: state.focus },
  }
  return step(withChat({ ...state, focus: 'search' }, (before) => ({ ...before, search })))
}

/** Asks the store; what was asked already leads on to the next one that is older. */
export function find(state: UiState, surface: Surface): Step {
  const search = openChat(state)?.search
  const query = search?.query.draft.text.trim() ?? ''
  if (search === undefined || query === '' || state.open === undefined) return step(state)
  if (search.asked === query) return towardsHit(state, 1, surface)
  return askFor(state, { ...search, asked: query, at: 0, limit: HITS_AT_A_TIME })
}

function askFor(state: UiState, search: Search): Step {
  const { asked: query, limit } = search
  if (state.open === undefined || query === undefined) return step(state)
  const asking = withSearch(state, { ...search, hits: undefined })
  return step(asking, ask('message.search', { query, in: [reference(state.open)], limit }))
}

/** What was asked for: the newest is shown at once, or the one after those that there were. Undefined: it was not asked for here. */
export function found(state: UiState, answer: Answer, surface: Surface): Step | undefined {
  const search = openChat(state)?.search
  if (answer.method !== 'message.search' || search?.asked !== answer.params.query) return undefined
  if (search === undefined || search.hits !== undefined || search.limit !== answer.params.limit)
    return undefined
  const hits = answer.result.map(hitOf)
  return towardsHit(withSearch(state, { ...search, hits }), 0, surface)
}

/** A query that is none says why, and may be changed. */
export function notFound(
  state: UiState,
  { call, error }: Refusal,
  surface: Surface,
): Step | undefined {
  const search = openChat(state)?.search
  if (call.method !== 'message.search' || search?.asked !== call.params.query) return undefined
  if (search === undefined) return undefined
  const idle = withSearch(state, { ...search, asked: undefined })
  return step(toast(idle, tell(error, surface), 'bad'))
}

/** To the hit that is `by` older; behind the last there may be more. */
export function towardsHit(state: UiState, by: number, surface: Surface): Step {
  const search = openChat(state)?.search
  if (search?.hits === undefined) return step(state)
  const count = search.hits.length
  if (search.at + by >= count && count === search.limit)
    return askFor(state, { ...search, at: search.at + by, limit: count + HITS_AT_A_TIME })
  const at = Math.max(0, Math.min(count - 1, search.at + by))
  const hit = search.hits[at]
  if (hit === undefined) return step(state)
  const moved = withSearch(state, { ...search, at })
  return goToMessage(moved, { id: hit.id, back: undefined }, surface)
}

/** Nothing is looked for any more, and the window is where it was. */
export function closeSearch(state: UiState): Step {
  const search = openChat(state)?.search
  if (search === undefined) return step({ ...state, focus: 'composer' })
  const { from, fromFocus } = search
  const closed = withChat({ ...state, focus: fromFocus }, (chat) => ({
    ...chat,
    search: undefined,
    selected: from.selected,
  }))
  return returnTo(closed, from.place)
}

/** Whoever writes again has found what they looked for: the window stays. */
export function withoutLeftSearch(state: UiState): UiState {
  if (state.focus !== 'composer' || openChat(state)?.search === undefined) return state
  return withChat(state, (chat) => ({ ...chat, search: undefined }))
}

/** The line that is typed in changes; what was found is no longer what it says. */
export function editSearch(state: UiState, change: (composer: Composer) => Composer): Step {
  const search = openChat(state)?.search
  if (search === undefined) return step(state)
  return step(withSearch(state, { ...search, query: change(search.query) }))
}

function withSearch(state: UiState, search: Search): UiState {
  return withChat(state, (chat): Chat => ({ ...chat, search }))
}

function hitOf({ message, match }: SearchObject): SearchHit {
  const text = match === null ? '' : (message.text ?? '').slice(match.start, match.end)
  return { id: message.id, text }
}
