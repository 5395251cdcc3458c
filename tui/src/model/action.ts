import type {
  ContactObject,
  ConversationDetailObject,
  EventObject,
  HistoryObject,
  PlacedLineObject,
  SearchObject,
  TimelineEventObject,
} from '@sotto/client-core'
import type { ConversationId, MessageId, SottoError } from '@sotto/protocol'

import type { InputEvent } from '../input/events.js'
import type { ThemeFile } from '../rows/user-theme.js'
import type { Answer, Refusal } from './answer.js'
import type { Capabilities } from './capabilities.js'
import type { PageKind } from './effect.js'
import type { Panes } from './panes.js'
import type { SavedSetting } from './settings.js'
import type { FolderEntry, Size } from './state.js'

/** Messages that were asked for, and of which part of the conversation: its first and last message. */
export interface AskedLines {
  readonly messages: readonly MessageId[]
  /** Undefined: from the beginning. */
  readonly from: MessageId | undefined
  /** Undefined: to the end. */
  readonly through: MessageId | undefined
}

/** Everything that can happen to the screen. */
export type Action =
  | { readonly kind: 'input'; readonly event: InputEvent }
  | { readonly kind: 'resize'; readonly size: Size }
  /** What the terminal has answered, soon after the start; never from one that does not answer. */
  | { readonly kind: 'capabilities'; readonly capabilities: Capabilities }
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
  /** Some conversations of the list; the others are as they were. */
  | {
      readonly kind: 'conversations'
      readonly conversations: readonly ConversationDetailObject[]
      /** Undefined: the outbox was not asked for. */
      readonly queued: number | undefined
    }
  | {
      readonly kind: 'page'
      readonly conversation: ConversationId
      readonly which: PageKind | 'refresh'
      /** What it was asked from: what is not loaded any more when the page comes is passed over. */
      readonly from: MessageId | undefined
      readonly lines: readonly HistoryObject[]
      /** What stands behind these messages beside them; before the first only where that is the first of all. */
      readonly events: readonly TimelineEventObject[]
      /** Whether there is nothing before and behind it; undefined: nothing new is known of that. */
      readonly reaches: { readonly start: boolean | undefined; readonly end: boolean | undefined }
    }
  /** Some messages, with their neighbours: those of the ones asked for that stand in the part. */
  | {
      readonly kind: 'lines'
      readonly conversation: ConversationId
      readonly asked: AskedLines
      readonly lines: readonly PlacedLineObject[]
    }
  | {
      readonly kind: 'no-page'
      readonly conversation: ConversationId
      readonly which: PageKind
      readonly error: SottoError
    }
  | { readonly kind: 'draft'; readonly conversation: ConversationId; readonly draft: string }
  /** A text is on the disk: its draft need not be kept any more. */
  | { readonly kind: 'sent'; readonly conversation: ConversationId }
  /** A text that was not taken: it goes back to where it was written. */
  | {
      readonly kind: 'not-sent'
      readonly conversation: ConversationId
      readonly text: string
      readonly replyTo: MessageId | undefined
      readonly error: SottoError
    }
  /** An edit that was not taken. */
  | {
      readonly kind: 'not-edited'
      readonly conversation: ConversationId
      readonly message: MessageId
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
  /** What comes back from the editor; of a message that was being edited when it was opened. */
  | {
      readonly kind: 'edited'
      readonly text: string
      readonly message: MessageId | undefined
    }
  /** To a `search`, which may have been overtaken. */
  | {
      readonly kind: 'found'
      readonly query: string
      readonly hits: readonly SearchObject[]
    }
  | { readonly kind: 'not-found'; readonly query: string; readonly error: SottoError }
  /** The themes of one's own that there are files of. */
  | { readonly kind: 'themes'; readonly names: readonly string[] }
  | { readonly kind: 'theme'; readonly name: string; readonly file: ThemeFile }
  /** What is in a folder, by the name it was asked for. */
  | { readonly kind: 'folder'; readonly path: string; readonly entries: readonly FolderEntry[] }
  /** The path as it was written: a line of the screen may have no room for more. */
  | { readonly kind: 'exported'; readonly path: string; readonly messages: number }
  /** What the person has set before, as it is kept with the account. */
  | { readonly kind: 'settings'; readonly saved: readonly SavedSetting[] }
  /** What was not saved is saved; only `under` opens the account again. */
  | { readonly kind: 'locked'; readonly under: 'passphrase' | 'key' }
  /** A message came while the screen is locked. */
  | { readonly kind: 'came'; readonly conversation: ConversationId; readonly isNamed: boolean }
  | { readonly kind: 'unlocked' }
  | { readonly kind: 'not-unlocked'; readonly error: SottoError }
