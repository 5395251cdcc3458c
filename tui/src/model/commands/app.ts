import { openChat, withChat } from '../state.js'
import { step } from '../step.js'
import { leftEditing } from '../edit-mode.js'
import { editDraft, withOverlay } from '../editing.js'
import { clear } from '../../composer/composer.js'
import { openEverywhere } from '../everywhere.js'
import { locked } from '../lock.js'
import { emptyQuery, NO_HITS } from '../overlay.js'
import type { Command } from '../surface.js'

/** A second Ctrl+C within this leaves. */
const INTERRUPT_MS_MAX = 1_000

const FOCUS_ORDER = ['composer', 'timeline', 'list'] as const

export const appCommands = {
  'palette.open': {
    run: (state) =>
      step(withOverlay(state, { kind: 'palette', query: emptyQuery(), index: 0, hits: NO_HITS }), {
        kind: 'list-themes',
      }),
  },
  'everywhere.open': { slash: 'search-all', run: openEverywhere },
  'help.open': {
    slash: 'help',
    run: (state) => step(withOverlay(state, { kind: 'help', index: 0, changing: undefined })),
  },
  'focus.next': {
    run: (state) => {
      const order = FOCUS_ORDER.filter((focus) => focus === 'list' || state.open !== undefined)
      const next =
        order[(order.findIndex((focus) => focus === state.focus) + 1) % order.length] ?? 'list'
      return step({ ...state, focus: next })
    },
  },
  'focus.list': { run: (state) => step({ ...state, focus: 'list' }), isPlain: true },
  'focus.composer': {
    run: (state) => step(state.open === undefined ? state : { ...state, focus: 'composer' }),
    isPlain: true,
  },
  'app.lock': { slash: 'lock', run: locked },
  'app.redraw': { run: (state) => step(state, { kind: 'redraw' }) },
  'app.suspend': { run: (state) => step(state, { kind: 'suspend' }) },
  /** Clears the draft; a second time within a second it leaves. */
  'app.interrupt': {
    run: (state, { surface }) => {
      const { interruptedMs, nowMs } = state
      if (interruptedMs !== undefined && nowMs - interruptedMs <= INTERRUPT_MS_MAX)
        return step(state, { kind: 'quit' })
      const isEditing = openChat(state)?.editing !== undefined
      const cleared = isEditing
        ? step(withChat({ ...state, focus: 'composer' }, leftEditing))
        : editDraft({ ...state, focus: focusOf(state) }, clear)
      const toast = { text: surface.words.screen.leaveHint, tone: 'plain' } as const
      const toasts = [...state.toasts, { ...toast, untilMs: nowMs + INTERRUPT_MS_MAX }]
      return step({ ...cleared.state, interruptedMs: nowMs, toasts }, ...cleared.effects)
    },
    isPlain: true,
  },
  /** Leaves where nothing is being written. */
  'app.end-of-input': {
    run: (state) =>
      (openChat(state)?.composer.draft.text ?? '') === '' && openChat(state)?.editing === undefined
        ? step(state, { kind: 'quit' })
        : step(state),
    isPlain: true,
  },
  'app.quit': { slash: 'quit', run: (state) => step(state, { kind: 'quit' }) },
} satisfies Record<string, Command>

function focusOf(state: Parameters<Command['run']>[0]) {
  return state.open === undefined ? state.focus : 'composer'
}
