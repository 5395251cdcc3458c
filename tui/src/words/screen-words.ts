import type { NamedCommand } from './commands-en.js'
import type { DestinationGroup } from './palette-words.js'
import type { KeyOf } from './key-of.js'
import type { HelpWords } from './help-words.js'
import type { LockWords } from './lock-words.js'
import type { MessageWords } from './message-words.js'
import type { SettingsWords } from './settings-words.js'
import type { PeopleWords } from './people-words.js'

/** What the keys of some commands do together, in a word or two. */
export interface KeyHint {
  readonly names: readonly NamedCommand[]
  readonly does: string
  /** Between the keys; left out: a blank. */
  readonly between?: string
}

/** What only the full screen says. */
export interface ScreenWords {
  readonly tooSmall: string
  /** Of a list without a line, by its filter. */
  readonly nothingHere: Readonly<
    Record<'all' | 'unread' | 'groups' | 'requests', (key: KeyOf) => readonly string[]>
  >
  readonly noneChosen: (key: KeyOf) => readonly string[]
  readonly emptyConversation: (name: string, key: KeyOf) => string
  readonly draft: string
  readonly notes: string
  /** A username that somebody says is theirs. */
  readonly claimed: (handle: string) => string
  readonly pinned: string
  readonly muted: string
  /** Somebody writes to us. */
  readonly typing: string
  readonly replyingTo: (who: string) => string
  readonly escCancel: string
  readonly queued: (count: number) => string
  readonly retryIn: (seconds: number) => string
  readonly unreadConversations: (count: number) => string
  readonly filters: Readonly<Record<'all' | 'unread' | 'groups' | 'requests', string>>
  readonly verified: string
  readonly notVerified: string
  /** Where keys can be changed, with those that lead there now. */
  readonly keyHints: Readonly<Record<'composer' | 'list' | 'timeline', readonly KeyHint[]>>
  readonly hints: Readonly<Record<'completion' | 'search' | 'overlay', string>>
  readonly loading: string
  readonly beginning: string
  readonly paletteTitle: string
  readonly paletteGroups: Readonly<Record<DestinationGroup | 'messages', string>>
  readonly helpTitle: string
  readonly help: HelpWords
  /** Of somebody known with whom there is no conversation yet. */
  readonly contact: string
  readonly everywhere: { readonly title: string; readonly help: string }
  readonly nothingFound: string
  /** How many rows of an overlay are below what is seen. */
  readonly moreRows: (count: number) => string
  readonly noticeTitle: string
  readonly nothingToDecide: string
  /** `how`: the key that shows the rest. */
  readonly noticeRest: (how: string) => string
  readonly leaveHint: string
  /** In a notification. */
  readonly somebodyReacted: string
  readonly confirmPaste: (key: KeyOf) => string
  readonly tooLong: (bytesOver: number) => string
  readonly unknownCommand: (word: string, key: KeyOf) => string
  readonly notNow: (word: string) => string
  /** `Ctrl+K` of `ctrl+k`. */
  readonly chord: (chord: string) => string
  readonly message: MessageWords
  readonly people: PeopleWords
  readonly lock: LockWords
  readonly settings: SettingsWords
  readonly commands: Readonly<Record<NamedCommand, string>>
}
