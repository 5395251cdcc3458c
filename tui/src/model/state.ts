import type {
  AccountObject,
  ConnectionState,
  ContactObject,
  ConversationDetailObject,
  OutboxObject,
} from '@sotto/client-core'
import type { ConversationId, MessageId } from '@sotto/protocol'

import type { Completion } from '../composer/completion.js'
import type { Composer } from '../composer/composer.js'
import type { Entry } from '../rows/entry.js'
import type { EntryId } from '../rows/row.js'
import type { ScrollPlace } from '../rows/virtual.js'
import type { Capabilities } from './capabilities.js'
import type { Overlay } from './overlay.js'
import type { Panes } from './panes.js'
import type { Settings } from './settings.js'
import type { Themes } from './shown-theme.js'

/**
 * All that the screen shows and where the person is in it: a value. `update` makes the next one of
 * it, and nothing else does. It holds decrypted text: when the screen is locked it is dropped whole.
 */
export interface UiState {
  readonly account: AccountObject
  readonly size: Size
  /** What the terminal can do, as far as it has said. */
  readonly capabilities: Capabilities
  /** Where everything was laid out last. */
  readonly panes: Panes
  /** Unix milliseconds, as of the last tick. */
  readonly nowMs: number
  /** Whether the terminal has the keyboard; true where it does not say. */
  readonly isWatched: boolean
  readonly link: Link
  /** The list as the store has it: pinned ones first, then by the latest activity. */
  readonly conversations: readonly ConversationDetailObject[]
  /** Before it has come nobody knows whether there are conversations. */
  readonly isListed: boolean
  /** When all of it came last, Unix milliseconds as of the last tick. */
  readonly listedMs: number
  readonly contacts: readonly ContactObject[]
  readonly filter: ListFilter
  /** The line of the list that keys are for; undefined: that of the open conversation. */
  readonly highlighted: ConversationId | undefined
  /** What is opened as soon as the list is there. */
  readonly wanted: ConversationId | undefined
  /** The conversation that is shown. */
  readonly open: ConversationId | undefined
  /** Of every conversation that was open since the start; entries only of the one that is. */
  readonly chats: ReadonlyMap<ConversationId, Chat>
  /** Where somebody writes to us, and until when that is believed, Unix milliseconds. */
  readonly typists: ReadonlyMap<ConversationId, number>
  /** That we write, as it was told. */
  readonly telling: Telling | undefined
  /** What keys are for, where no overlay is. */
  readonly focus: Focus
  /** The topmost last. */
  readonly overlays: readonly Overlay[]
  /** Short lines about what just happened, the newest last. */
  readonly toasts: readonly Toast[]
  readonly settings: Settings
  readonly themes: Themes
  /** Those that were taken, the last first; known for as long as the screen is open. */
  readonly recentEmoji: readonly string[]
  /** The folder whose names complete a path; undefined: none was asked for. */
  readonly folder: Folder | undefined
  /** What the palette led to, by its keys, the last first; as long as those. */
  readonly recentDestinations: readonly string[]
  /** When Ctrl+C was pressed last: a second one within a second leaves. */
  readonly interruptedMs: number | undefined
  /** When the person did something last, as far as ticks tell. */
  readonly lastInputMs: number
  /** Undefined: the screen is not locked. */
  readonly lock: Lock | undefined
}

/** That we write somewhere, as it was told last. */
export interface Telling {
  readonly conversation: ConversationId
  /** Unix milliseconds, as of the last tick. */
  readonly saidMs: number
}

export interface Folder {
  /** As it was written, with the slash at its end; empty: where the program was started. */
  readonly path: string
  readonly entries: readonly FolderEntry[]
}

export interface FolderEntry {
  readonly name: string
  readonly isFolder: boolean
}

/** Cells. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** How the relay is reached. */
export interface Link {
  readonly state: ConnectionState
  /** When it is tried again, Unix milliseconds. */
  readonly retryMs: number | undefined
  /** Messages that wait in the outbox. */
  readonly queued: number
}

export type ListFilter = 'all' | 'unread' | 'groups' | 'requests'
/** `search`: the line in the place of the composer. */
export type Focus = 'list' | 'composer' | 'timeline' | 'search'

/** One conversation as the screen has it. */
export interface Chat {
  /** What of it is loaded, oldest first, without a hole. */
  readonly entries: readonly Entry[]
  /** There is nothing before, nothing behind what is loaded. */
  readonly atStart: boolean
  readonly atEnd: boolean
  /** A page is on its way. `first`: in place of all that is loaded. */
  readonly loading: 'older' | 'newer' | 'first' | undefined
  /** Something changed while a page was on its way: what is loaded is asked for again. */
  readonly isOld: boolean
  /** Where the window goes when the page is there that is loaded for it. */
  readonly landing: Landing | undefined
  readonly place: ScrollPlace
  /** The message or event that keys are for, while the timeline has the focus. */
  readonly selected: EntryId | undefined
  /** The draft; while something is edited, that. */
  readonly composer: Composer
  /** What of one's own is being written anew. */
  readonly editing: Editing | undefined
  /** How the chosen message stands that is not sent, as it was asked for last. */
  readonly unsent: OutboxObject | undefined
  /** What may be meant by the word that is being typed. */
  readonly popup: Popup | undefined
  /** Where a word began whose list was closed. */
  readonly popupClosedAt: number | undefined
  /** What is looked for in it. */
  readonly search: Search | undefined
  /** What the draft answers. */
  readonly replyTo: MessageId | undefined
  /** Where the unread ones began when it was opened. */
  readonly firstUnread: { readonly id: EntryId; readonly count: number } | undefined
  /** More is unread than is loaded at once: so many of them stand above the oldest that is. */
  readonly unreadAbove: { readonly above: number; readonly count: number } | undefined
  readonly expanded: ReadonlySet<EntryId>
  /** Where the person came from by jumping to what was quoted. */
  readonly jumps: readonly ScrollPlace[]
}

/** A message that is being written anew in the composer, and the draft that stands aside meanwhile. */
export interface Editing {
  readonly message: MessageId
  /** As the core is told which one. */
  readonly reference: string
  readonly draft: Composer
  /** What the draft answers. */
  readonly replyTo: MessageId | undefined
}

/** A place that is not loaded yet: one where the person was, or a message that is then chosen. */
export type Landing =
  /** The first unread message. */
  | { readonly kind: 'unread' }
  | { readonly kind: 'place'; readonly place: ScrollPlace }
  | { readonly kind: 'message'; readonly id: MessageId; readonly back: ScrollPlace | undefined }

/** What may be meant by the word that is being typed: a list above the draft, never in its way. */
export interface Popup {
  readonly completion: Completion
  /** At least one, the likeliest first. */
  readonly choices: readonly CompletionChoice[]
  readonly index: number
}

export interface CompletionChoice {
  /** What stands in the draft when it is taken. */
  readonly insert: string
  readonly label: string
  readonly detail: string
}

/** Looking for something in the open conversation. */
export interface Search {
  readonly query: Composer
  /** What was asked for last; undefined: nothing yet. */
  readonly asked: string | undefined
  /** How many were asked for: where so many were found there may be more. */
  readonly limit: number
  /** The newest first; undefined while they are not there. */
  readonly hits: readonly SearchHit[] | undefined
  /** Of `hits`, the one that is shown. */
  readonly at: number
  /** Where one was, to go back to. */
  readonly from: { readonly place: ScrollPlace; readonly selected: EntryId | undefined }
  readonly fromFocus: Focus
}

export interface SearchHit {
  readonly id: MessageId
  /** What was found in it, as it is written there; empty where only operators were asked for. */
  readonly text: string
}

/** What a locked screen knows: nothing that was said, and nobody's name. */
export interface Lock {
  /** `closing`: what is being written is saved, and the account closed where that locks it. */
  readonly state: 'closing' | 'closed' | 'opening'
  /** What opens it again; `key`: any. */
  readonly under: 'passphrase' | 'key' | undefined
  /** Why it did not open. */
  readonly refusal: string | undefined
  /** Messages that came meanwhile. */
  readonly came: number
  /** Those that ring no bell, and until when (Unix milliseconds); or only by what names the person. */
  readonly muted: ReadonlyMap<ConversationId, number>
  readonly byMention: ReadonlySet<ConversationId>
  /** What was open, and is again afterwards. */
  readonly open: ConversationId | undefined
}

export interface Toast {
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad'
  /** Unix milliseconds. */
  readonly untilMs: number
}

/** Narrower than this the list and the conversation are two screens. */
export const SPLIT_COLUMNS_MIN = 80
/** Smaller than this nothing can be shown. */
export const SIZE_MIN: Size = { columns: 40, rows: 10 }

export const isSplit = ({ size }: Pick<UiState, 'size'>): boolean =>
  size.columns >= SPLIT_COLUMNS_MIN

/** Nothing is shown then, so that no key means anything but to leave. */
export const isTooSmall = ({ size }: Pick<UiState, 'size'>): boolean =>
  size.columns < SIZE_MIN.columns || size.rows < SIZE_MIN.rows

export function openChat(state: UiState): Chat | undefined {
  return state.open === undefined ? undefined : state.chats.get(state.open)
}

export function openConversation(state: UiState): ConversationDetailObject | undefined {
  return state.conversations.find(({ id }) => id === state.open)
}

/** The same state with the open conversation changed; without one, the same. */
export function withChat(state: UiState, change: (chat: Chat) => Chat): UiState {
  return state.open === undefined ? state : withChatOf(state, state.open, change)
}

export function withChatOf(
  state: UiState,
  id: ConversationId,
  change: (chat: Chat) => Chat,
): UiState {
  const chat = state.chats.get(id)
  if (chat === undefined) return state
  const changed = change(chat)
  return changed === chat ? state : { ...state, chats: new Map(state.chats).set(id, changed) }
}
