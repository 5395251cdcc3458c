import type {
  ContactObject,
  ConversationDetailObject,
  EventObject,
  HistoryObject,
} from '@sotto/client-core'
import type { ConversationId, SottoError } from '@sotto/protocol'

import type { InputEvent } from '../input/events.js'
import type { Answer, Refusal } from './answer.js'
import type { Panes } from './frame.js'
import type { Size } from './state.js'

/** Everything that can happen to the screen. */
export type Action =
  | { readonly kind: 'input'; readonly event: InputEvent }
  | { readonly kind: 'resize'; readonly size: Size }
  | { readonly kind: 'laid-out'; readonly panes: Panes }
  /** The clock: at least once a minute, and each second while something counts down. */
  | { readonly kind: 'tick'; readonly nowMs: number }
  /** What the core told, gathered for at most 100 ms. */
  | { readonly kind: 'events'; readonly events: readonly EventObject[]; readonly nowMs: number }
  | {
      readonly kind: 'list'
      readonly conversations: readonly ConversationDetailObject[]
      readonly contacts: readonly ContactObject[]
      readonly queued: number
    }
  | {
      readonly kind: 'page'
      readonly conversation: ConversationId
      readonly which: 'newest' | 'older' | 'newer' | 'around' | 'refresh'
      readonly lines: readonly HistoryObject[]
      /** As many as were asked for: there may be more. */
      readonly isFull: boolean
    }
  | { readonly kind: 'draft'; readonly conversation: ConversationId; readonly draft: string }
  /** A text that was not taken: it goes back to where it was written. */
  | {
      readonly kind: 'not-sent'
      readonly conversation: ConversationId
      readonly text: string
      readonly error: SottoError
    }
  /** To an `ask`; overlays are told first, the topmost before the others. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly error: SottoError }
  /** The relay is reached: it may have been before the screen was there to hear of it. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'edited'; readonly text: string }
