import type { AccountId, ConversationId, ErrorObject, EventId, MessageId } from '@sotto/protocol'
import type { NotifyRule } from './conversation/notify-rule.js'

export type { ErrorObject } from '@sotto/protocol'
export type {
  AccountDetailObject,
  AccountObject,
  StoreGcObject,
  StoreKeyObject,
  StoreStatsObject,
} from './account-objects.js'
export type { CheckObject, RelayCheckObject, StoreCheckObject } from './check-objects.js'
export type {
  IdentityLogObject,
  InviteObject,
  InviteState,
  VerifyObject,
  VerifyQrObject,
} from './people-objects.js'

/**
 * The objects that scripts, bots and screens read: cli.md, "Objects", without the `"v":1` that a
 * printer puts in front. Fields are only ever added. Times are RFC 3339 in UTC with milliseconds.
 */

export type ConversationKind = 'direct' | 'self'

export interface ConversationObject {
  readonly id: ConversationId
  readonly kind: ConversationKind
  /** `@bob.42`, a local name, `me`, or `acct:…` where there is nothing better. */
  readonly name: string
}

export type Trust = 'verified' | 'known' | 'request'

/** A line of `conv list`: a conversation with how it stands. */
export interface ConversationDetailObject extends ConversationObject {
  /** The other's; of the notes to self `verified`. */
  readonly trust: Trust
  /** Received and not read. */
  readonly unread: number
  /** Marked by hand. */
  readonly markedUnread: boolean
  readonly muted: boolean
  /** Null where it is not muted, or for ever. */
  readonly mutedUntil: string | null
  readonly notify: NotifyRule
  readonly archived: boolean
  readonly pinned: boolean
  /** When the newest message arrived, else when the conversation began. */
  readonly lastActivityAt: string
  /** The newest message; null where there is none. Own ones have a status. */
  readonly lastMessage: MessageObject | null
}

export interface SenderObject {
  readonly id: AccountId
  /** `@bob.42`, once a lookup of the claimed username gave this account; else null. */
  readonly handle: string | null
  /** What the sender says their username is, while `handle` is null. */
  readonly claimedHandle?: string
  readonly name: string | null
  /** What they say about themselves; left out where they say nothing. */
  readonly status?: string
  readonly device: number
  readonly trust: Trust
  readonly self: boolean
  /** The username they are known by belongs to another account now, and nobody has decided yet. */
  readonly changed?: true
  /** Who is known here by the username that they claim: somebody else, or they before. */
  readonly claimHeldBy?: AccountId
}

export type MessageStatus = 'queued' | 'accepted' | 'delivered' | 'read' | 'failed'

export interface MessageObject {
  readonly id: MessageId
  readonly sentAt: string
  readonly text: string | null
  readonly replyTo: ReplyObject | null
  readonly attachments: readonly []
  readonly expiresAt: null
  /** Own messages only. */
  readonly status?: MessageStatus
  /** Written by a newer sotto: kept, and shown after an upgrade. */
  readonly unsupported?: true
  /** Its author asks for no sound. */
  readonly silent?: true
  /** From a request that nobody has accepted yet. */
  readonly held?: true
  /** Its author wrote it anew: `text` is the newest. Like `deleted`, left out where it is not so. */
  readonly edited?: boolean
  /** When its author wrote that; with `edited`. */
  readonly editedAt?: string
  /** Its author deleted it for everyone: `text` is null, and nothing of it is kept. */
  readonly deleted?: boolean
  /** At most one of each person; left out where there are none. */
  readonly reactions?: readonly ReactionObject[]
}

export interface ReactionObject {
  /** One emoji. */
  readonly emoji: string
  readonly sender: SenderObject
  /** On the clock of who reacted. */
  readonly at: string
}

export interface ReplyObject {
  readonly id: MessageId
  readonly author: AccountId
  /** How its first line begins, where it is known here. */
  readonly quote?: string
  /** It was deleted for everyone: there is nothing to quote. */
  readonly deleted?: true
}

/** A line of `history`. */
export interface HistoryObject {
  readonly message: MessageObject
  readonly sender: SenderObject
  readonly conversation: ConversationObject
}

/** A line of `history` with what stands right before and right behind it; null: nothing does. */
export interface PlacedLineObject {
  readonly line: HistoryObject
  readonly previous: MessageId | null
  readonly next: MessageId | null
}

/** A line of `search`. */
export interface SearchObject extends HistoryObject {
  /**
   * The first match in `message.text`, in UTF-16 code units, the end exclusive; null where only
   * operators or excluded words were asked for.
   */
  readonly match: { readonly start: number; readonly end: number } | null
}

export type EventType =
  | 'message.received'
  | 'message.sent'
  | 'message.status'
  | 'message.undecryptable'
  | 'message.edited'
  | 'message.deleted'
  | 'reaction.added'
  | 'reaction.removed'
  | 'change.failed'
  | 'contact.request'
  | 'contact.changed'
  | 'identity.changed'
  | 'gap'
  | 'conversation.changed'
  | 'account.changed'
  | 'typing.started'
  | 'typing.stopped'
  | 'connection.state'
  | 'backlog.done'

/** What changes a message that is there. */
export type ChangeKind = 'reaction' | 'edit' | 'delete'

/** `profile`: what `account.edit` changes; `settings`: what is set for whatever shows the account. */
export type AccountPart = 'profile' | 'settings'

interface EventCommon {
  /** Rises strictly; absent on events that are not stored. */
  readonly seq?: number
  readonly id: EventId
  readonly ts: string
  /** The account's username, else its id. */
  readonly account: string
}

/** A line of `receive --json`. */
export type EventObject = EventCommon &
  (
    | {
        readonly type: 'message.received' | 'message.sent' | 'contact.request'
        readonly conversation: ConversationObject
        readonly sender: SenderObject
        readonly message: MessageObject
      }
    | {
        readonly type: 'message.status'
        readonly conversation: ConversationObject
        readonly message: { readonly id: MessageId; readonly status: MessageStatus }
        /** Why it failed. */
        readonly error?: ErrorObject
      }
    | {
        /** An envelope that would not open: kept, acknowledged, never hidden. */
        readonly type: 'message.undecryptable'
        readonly conversation: ConversationObject | null
        readonly sender: SenderObject | null
        readonly reason: string
        /** Its author was asked to send it again; it then comes as a message like any other. */
        readonly resendAsked?: true
      }
    | {
        /** As it is now. `sender` is who changed it, oneself too. */
        readonly type: 'message.edited'
        readonly conversation: ConversationObject
        readonly sender: SenderObject
        readonly message: MessageObject
      }
    | {
        /** For everyone, by `sender`; or here alone, by oneself. */
        readonly type: 'message.deleted'
        readonly conversation: ConversationObject
        readonly sender: SenderObject
        readonly message: { readonly id: MessageId }
      }
    | {
        /** A newer one of the same `sender` takes the place of the one before. */
        readonly type: 'reaction.added' | 'reaction.removed'
        readonly conversation: ConversationObject
        readonly sender: SenderObject
        readonly message: { readonly id: MessageId }
        /** The one that was taken back, where it was. */
        readonly emoji: string
      }
    | {
        /** An own change that the other side will never see. */
        readonly type: 'change.failed'
        readonly conversation: ConversationObject
        readonly message: { readonly id: MessageId }
        readonly change: ChangeKind
        readonly error: ErrorObject
      }
    | { readonly type: 'contact.changed'; readonly contact: ContactObject }
    | {
        /** The sender's username belongs to another account now. */
        readonly type: 'identity.changed'
        readonly conversation: ConversationObject
        readonly sender: SenderObject
        /** The account that has it. */
        readonly successor: AccountId
      }
    | {
        readonly type: 'gap'
        readonly count: number
        readonly reason: GapReason
        /** Where it is known whose messages are lost. */
        readonly conversation?: ConversationObject
      }
    | {
        /** It was muted, pinned, archived, marked or its rule changed, here or from another process. */
        readonly type: 'conversation.changed'
        readonly conversation: ConversationObject
      }
    | {
        /** What is set for this account was changed, here or from another process. */
        readonly type: 'account.changed'
        readonly changed: AccountPart
      }
    | {
        /** Somebody is writing: told again while it lasts; ends by itself, or with what they wrote. */
        readonly type: 'typing.started' | 'typing.stopped'
        readonly conversation: ConversationObject
        readonly sender: SenderObject
      }
    | {
        readonly type: 'connection.state'
        readonly state: ConnectionState
        readonly retryAfterMs?: number
      }
    | { readonly type: 'backlog.done' }
  )

/**
 * `store-damaged`: this device forgot what it had, sent or received, behind a damage of its disk.
 * `held`: more was written before anybody accepted it than is kept of one request, or of all.
 */
export type GapReason =
  'quota' | 'expired' | 'relay-restored' | 'store-damaged' | 'missing' | 'purged' | 'held'

export type ConnectionState = 'connecting' | 'online' | 'offline'

export interface ContactObject {
  readonly id: AccountId
  readonly handle: string | null
  readonly claimedHandle?: string
  /** The local name, as in `@bob`. */
  readonly alias: string | null
  readonly name: string | null
  readonly trust: Trust
  readonly conversation: ConversationObject
  /** What comes from them is dropped, and nothing goes to them. */
  readonly blocked: boolean
  /** What they say about themselves. */
  readonly status: string | null
  /** The account that has their username now; until it is decided who is meant. */
  readonly successor?: AccountId
  readonly claimHeldBy?: AccountId
}

/** `contact show`: a contact with what is stored of the conversation. */
export interface ContactDetailObject extends ContactObject {
  readonly since: string
  readonly messages: {
    readonly sent: number
    readonly received: number
    readonly unread: number
    /** Of a request: what waits for it to be accepted, and what was let go. */
    readonly held: number
    readonly dropped: number
  }
}

export interface OutboxObject {
  readonly id: MessageId
  readonly status: 'queued' | 'failed'
  /** While it waits: whether its bytes are made, and may have been submitted. */
  readonly state?: 'queued' | 'sealed'
  readonly recipients: readonly string[]
  /** Submissions tried so far. */
  readonly attempts: number
  readonly sentAt: string
  readonly nextAttemptAt: string | null
  readonly error?: ErrorObject
}

/** What `outbox cancel` answers. */
export interface CancelledObject extends OutboxObject {
  /** It was sealed, and may have reached the relay although no answer came. */
  readonly mayHaveArrived: boolean
}

/** What somebody's device said of an own message. */
export interface ReceiptObject {
  readonly recipient: string
  readonly account: AccountId
  readonly status: 'delivered' | 'read'
  readonly at: string
}

/** What `message show` answers. */
export interface MessageDetailObject extends Omit<HistoryObject, 'message'> {
  readonly message: MessageObject & {
    readonly edited: boolean
    readonly deleted: boolean
    readonly reactions: readonly ReactionObject[]
    readonly receipts: readonly ReceiptObject[]
  }
}

/** What `send` answers. With one recipient `id` and `conversation` stand at the top too. */
export interface SendObject {
  readonly id?: MessageId
  /** The least advanced of `results`. */
  readonly status: MessageStatus
  readonly conversation?: ConversationObject
  readonly results: readonly SendResultObject[]
}

export interface SendResultObject {
  readonly recipient: string
  readonly status: MessageStatus
  readonly id?: MessageId
  readonly conversation?: ConversationObject
  readonly error?: ErrorObject
  /** It went to the account known so far, though the username belongs to another one now. */
  readonly changed?: true
}
