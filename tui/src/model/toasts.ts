import type { Toast, UiState } from './state.js'

const TOAST_MS = 5_000
const TOASTS_MAX = 3

/** The state with one more line about what just happened. */
export function toast(state: UiState, text: string, tone: Toast['tone']): UiState {
  const toasts = [...state.toasts, { text, tone, untilMs: state.nowMs + TOAST_MS }]
  return { ...state, toasts: toasts.slice(-TOASTS_MAX) }
}

/** Without those that have been seen for long enough. */
export function withoutOldToasts(state: UiState): UiState {
  const toasts = state.toasts.filter(({ untilMs }) => untilMs > state.nowMs)
  return toasts.length === state.toasts.length ? state : { ...state, toasts }
}
