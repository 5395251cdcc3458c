import type {
  ContactDetailObject,
  InviteObject,
  MessageDetailObject,
  SearchObject,
  TimelineEventObject,
  VerifyQrObject,
} from '@sotto/client-core'
import type { AccountId, ConversationId, MessageId } from '@sotto/protocol'

import type { Composer } from '../composer/composer.js'
import { openComposer } from '../composer/composer.js'
import type { Asked } from './answer.js'
import type { QrModules } from '../text/qr-modules.js'
import type { Call } from './effect.js'
import type { KeyRefusal, TakenKey } from './own-keys.js'

/**
 * What stands over the conversation and has the keys until it is closed. Each kind has a module in
 * `overlays/`, and a row in its table.
 */
export type Overlay = (
  | PaletteOverlay
  | HelpOverlay
  | ConfirmOverlay
  | MeetOverlay
  | InvitesOverlay
  | InfoOverlay
  | RenameOverlay
  | MuteOverlay
  | VerifyOverlay
  | WhyOverlay
  | EventOverlay
  | NoticeOverlay
  | MessageMenuOverlay
  | ReactOverlay
  | DeleteOverlay
  | ForwardOverlay
  | MessageDetailsOverlay
  | SettingsOverlay
  | EverywhereOverlay
  | WelcomeOverlay
) & {
  /** The first row that is seen, once somebody has scrolled; else what is chosen is kept in sight. */
  readonly top?: number
}

/** What was found in all conversations for the line that is typed in. */
export type Hits =
  | { readonly state: 'none' }
  | { readonly state: 'found'; readonly query: string; readonly all: readonly SearchObject[] }
  | { readonly state: 'refused'; readonly text: string }

export const NO_HITS: Hits = { state: 'none' }
interface WithQuery {
  /** One line. */
  readonly query: Composer
  /** The line of the list that is chosen. */
  readonly index: number
}

export interface PaletteOverlay extends WithQuery {
  readonly kind: 'palette'
  readonly hits: Hits
}

/** Looks for messages in all conversations, as one types. */
export interface EverywhereOverlay extends WithQuery {
  readonly kind: 'everywhere'
  readonly hits: Hits
}

/** The commands by where their keys are pressed; each key can be changed there. */
export interface HelpOverlay {
  readonly kind: 'help'
  /** The line that is chosen; headings are none. */
  readonly index: number
  readonly changing: KeyChange | undefined
}

/** The chosen command gets another key: which one is asked, then whether it may be taken from others. */
export type KeyChange =
  | {
      readonly state: 'asked'
      readonly refused: { readonly chord: string; readonly refusal: KeyRefusal } | undefined
    }
  | { readonly state: 'pressed'; readonly chord: string; readonly taken: readonly TakenKey[] }

/** What the person has set, and can change. */
export interface SettingsOverlay {
  readonly kind: 'settings'
  /** The setting that is chosen. */
  readonly index: number
}

/** The last step of a first run: whom to talk with. It is gone as soon as a conversation is open. */
export interface WelcomeOverlay {
  readonly kind: 'welcome'
  readonly index: number
}

/** Asks once more before something is done that is not easily taken back. */
export interface ConfirmOverlay {
  readonly kind: 'confirm'
  readonly title: string
  /** What it comes to. */
  readonly lines: readonly string[]
  /** One after the other, each when the one before is done; what is done is left out. */
  readonly calls: readonly Call[]
  /** What is said when all are. */
  readonly done: string
  readonly asked: Asked
}

/** Somebody to write to: by username, account or invite link, or a contact. */
export interface MeetOverlay extends WithQuery {
  readonly kind: 'meet'
  readonly asked: Asked
}

export interface InvitesOverlay {
  readonly kind: 'invites'
  /** The one whose link is shown; else all are listed. */
  readonly shown: ShownInvite | undefined
  /** Undefined until they are there. */
  readonly invites: readonly InviteObject[] | undefined
  readonly index: number
  readonly asked: Asked
}

export interface ShownInvite {
  readonly invite: InviteObject
  readonly modules: QrModules | undefined
}

export interface InfoOverlay {
  readonly kind: 'info'
  readonly contact: AccountId
  readonly detail: ContactDetailObject | undefined
  readonly index: number
  readonly asked: Asked
}

export interface RenameOverlay extends WithQuery {
  readonly kind: 'rename'
  readonly contact: AccountId
  readonly name: string
  readonly asked: Asked
}

export interface MuteOverlay {
  readonly kind: 'mute'
  readonly conversation: ConversationId
  readonly name: string
  readonly index: number
}

export interface VerifyOverlay {
  readonly kind: 'verify'
  readonly contact: AccountId
  readonly name: string
  readonly shown: VerifyQrObject | undefined
  readonly modules: QrModules | undefined
  /** The person has said that the other reads another number. */
  readonly differs: boolean
  readonly asked: Asked
}

/** What a changed safety number means, of whom. */
export interface WhyOverlay {
  readonly kind: 'why'
  readonly name: string
}

/** All that stands above the composer, where it is too high for that. */
export interface NoticeOverlay {
  readonly kind: 'notice'
}

/** What a line between the messages means. */
export interface EventOverlay {
  readonly kind: 'event'
  readonly event: TimelineEventObject
}

/** What can be done with a message. */
export interface MessageMenuOverlay {
  readonly kind: 'message-menu'
  readonly message: MessageId
  readonly index: number
}

/** Where a text is to be written again. */
export interface ForwardOverlay extends WithQuery {
  readonly kind: 'forward'
  readonly text: string
  /** The one whose text it is. */
  readonly message: MessageId | undefined
}

/** Which emoji a message gets. */
export interface ReactOverlay extends WithQuery {
  readonly kind: 'react'
  readonly message: MessageId
}

/** For whom a message is deleted. */
export interface DeleteOverlay {
  readonly kind: 'delete'
  readonly message: MessageId
  readonly index: number
  readonly asked: Asked
}

export interface MessageDetailsOverlay {
  readonly kind: 'message-details'
  /** As it was asked for. */
  readonly message: string
  /** Undefined until it is there. */
  readonly detail: MessageDetailObject | undefined
}

/** What may be typed into an overlay. */
const QUERY_BYTES_MAX = 1_024

export const emptyQuery = (): Composer => openComposer({ bytesMax: QUERY_BYTES_MAX })
