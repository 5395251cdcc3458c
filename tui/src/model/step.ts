import type { Effect } from './effect.js'
import type { UiState } from './state.js'

/** The next state, and what is wanted done. */
export interface Step {
  readonly state: UiState
  readonly effects: readonly Effect[]
}

export function step(state: UiState, ...effects: readonly Effect[]): Step {
  return { state, effects }
}

/** One after the other, the second from where the first led. */
export function then({ state, effects }: Step, next: (state: UiState) => Step): Step {
  const second = next(state)
  return { state: second.state, effects: [...effects, ...second.effects] }
}
