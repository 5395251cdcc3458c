import type { SottoError } from '@sotto/protocol'

import type { InputEvent } from '../../input/events.js'
import type { Capabilities } from '../capabilities.js'
import type { Size } from '../state.js'
import type { Availability, ChosenRelay, FirstRun } from './state.js'

/** Everything that can happen to a first run. Answers say with `turn` to what. */
export type FirstRunAction =
  | { readonly kind: 'input'; readonly event: InputEvent }
  /** A whole line, where there are no keys: a number chooses, `back` goes back, none is the default. */
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'resize'; readonly size: Size }
  | { readonly kind: 'capabilities'; readonly capabilities: Capabilities }
  | { readonly kind: 'relay'; readonly turn: number; readonly chosen: ChosenRelay }
  | { readonly kind: 'username'; readonly username: string; readonly availability: Availability }
  | { readonly kind: 'key-place'; readonly place: 'keyring' | 'file' }
  /** What was typed blindly is complete: the first of two, or the second, the same or another one. */
  | { readonly kind: 'secret'; readonly is: 'empty' | 'first' | 'same' | 'different' }
  | { readonly kind: 'made'; readonly turn: number }
  | { readonly kind: 'refused'; readonly turn: number; readonly error: SottoError }

/** What a first run wants done. Nothing waits for it. */
export type FirstRunEffect =
  | {
      readonly kind: 'greet'
      readonly turn: number
      readonly relay: string
      readonly invite: string | undefined
    }
  | { readonly kind: 'start-relay'; readonly turn: number }
  /** Asked once nothing else was typed for a moment. */
  | { readonly kind: 'ask-username'; readonly relay: string; readonly username: string }
  | { readonly kind: 'find-key-place' }
  /** What is typed blindly: it is kept where it can be wiped, and never in a state. */
  | {
      readonly kind: 'secret'
      readonly change: 'type' | 'erase' | 'wipe' | 'enter' | 'forget'
      readonly text: string
    }
  | {
      readonly kind: 'make'
      readonly turn: number
      readonly relay: string
      readonly username: string
      /** In its one form; undefined: the relay wants none. */
      readonly code: string | undefined
      /** Under what was typed blindly. */
      readonly isLocked: boolean
    }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  /** The account is there. */
  | { readonly kind: 'done'; readonly relay: ChosenRelay }
  | { readonly kind: 'quit' }

export interface FirstRunStep {
  readonly state: FirstRun
  readonly effects: readonly FirstRunEffect[]
}
