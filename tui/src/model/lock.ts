import type { ConversationDetailObject } from '@sotto/client-core'

import type { InputEvent } from '../input/events.js'
import type { Action } from './action.js'
import { alertEffects } from './alerts.js'
import { initialState } from './initial.js'
import { chordOf } from './keymap.js'
import { openConversationById } from './list.js'
import { mutedUntilMs } from './notify-rule.js'
import type { Lock, UiState } from './state.js'
import { step, then, type Step } from './step.js'
import type { Surface } from './surface.js'

const MINUTE_MS = 60_000

/** All that was decrypted is let go at once; what is not saved yet is saved first. */
export function locked(state: UiState): Step {
  const { account, size, nowMs, settings, capabilities, themes, isWatched, open } = state
  const muted = new Map(state.conversations.map((each) => [each.id, quietUntilMs(each)]))
  const named = state.conversations.filter(({ notify }) => notify === 'mentions')
  const byMention = new Set(named.map(({ id }) => id))
  const lock: Lock = {
    ...{ state: 'closing', under: undefined, refusal: undefined, came: 0, muted, byMention, open },
  }
  const anew = initialState({ account, size, nowMs, settings, capabilities, themes })
  return step({ ...anew, isWatched, lock, link: state.link }, { kind: 'lock' })
}

function quietUntilMs(conversation: ConversationDetailObject): number {
  return conversation.notify === 'none' ? Number.POSITIVE_INFINITY : mutedUntilMs(conversation)
}

/** Nobody has touched a key for as long as the person has set. */
export function isIdle({ settings, nowMs, lastInputMs }: UiState): boolean {
  const { lockAfterMinutes } = settings
  return lockAfterMinutes > 0 && nowMs - lastInputMs >= lockAfterMinutes * MINUTE_MS
}

/** What happens to a screen while it is locked. */
export function updateLocked(state: UiState, lock: Lock, action: Action, surface: Surface): Step {
  switch (action.kind) {
    case 'input':
      return input(state, lock, action.event)
    case 'resize':
      return step({ ...state, size: action.size }, { kind: 'redraw' })
    case 'capabilities':
      return step({ ...state, capabilities: action.capabilities })
    case 'laid-out':
      return step({ ...state, panes: action.panes })
    case 'tick':
      return step({ ...state, nowMs: action.nowMs })
    case 'locked':
      return step(withLock(state, { ...lock, state: 'closed', under: action.under }))
    case 'not-unlocked':
      return step(withLock(state, { ...lock, state: 'closed', refusal: action.error.message }))
    case 'came': {
      const { conversation, isNamed } = action
      const next = withLock(state, { ...lock, came: lock.came + 1 })
      if ((lock.muted.get(conversation) ?? 0) > state.nowMs) return step(next)
      if (lock.byMention.has(conversation) && !isNamed) return step(next)
      const { screen } = surface.words
      const told = { title: 'sotto', text: screen.lock.something }
      return step(next, ...alertEffects(state, told))
    }
    case 'unlocked': {
      const { account, size, nowMs, settings, capabilities, themes, isWatched, link } = state
      const anew = initialState({ account, size, nowMs, settings, capabilities, themes })
      const opened = step({ ...anew, link, isWatched }, { kind: 'redraw' })
      const { open } = lock
      return open === undefined ? opened : then(opened, (each) => openConversationById(each, open))
    }
    case 'answer':
    case 'connected':
    case 'conversations':
    case 'done':
    case 'draft':
    case 'edited':
    case 'events':
    case 'failed':
    case 'lines':
    case 'list':
    case 'no-page':
    case 'not-edited':
    case 'not-sent':
    case 'page':
    case 'refused':
    case 'found':
    case 'not-found':
    case 'sent':
    case 'settings':
    case 'folder':
    case 'exported':
    case 'theme':
    case 'themes':
      return step(state) // Told to the screen as it was before.
  }
}

function input(state: UiState, lock: Lock, event: InputEvent): Step {
  switch (event.kind) {
    case 'text':
    case 'paste':
      return typed(state, lock, event.text)
    case 'key':
      return key(state, lock, chordOf(event))
    case 'focus':
      return step({ ...state, isWatched: event.focused })
    case 'mouse':
    case 'reply':
    case 'unknown':
      return step(state)
  }
}

function typed(state: UiState, { state: at, under }: Lock, text: string): Step {
  if (at !== 'closed' || under !== 'passphrase') return step(state)
  return step(state, { kind: 'secret', change: 'type', text })
}

function key(state: UiState, lock: Lock, chord: string): Step {
  switch (chord) {
    case 'ctrl+c':
    case 'ctrl+d':
      return step(state, { kind: 'quit' })
    case 'ctrl+z':
      return step(state, { kind: 'suspend' })
    case 'backspace':
    case 'ctrl+h':
      return step(state, { kind: 'secret', change: 'erase', text: '' })
    case 'ctrl+u':
    case 'escape':
      return step(state, { kind: 'secret', change: 'wipe', text: '' })
    case 'enter':
      if (lock.state !== 'closed') return step(state)
      return step(withLock(state, { ...lock, state: 'opening', refusal: undefined }), {
        kind: 'unlock',
      })
    default:
      return step(state)
  }
}

function withLock(state: UiState, lock: Lock): UiState {
  return { ...state, lock }
}
