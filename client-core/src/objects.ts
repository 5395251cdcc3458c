import type { AccountId, ConversationId, ErrorObject, EventId, MessageId } from '@sotto/protocol'
import type { NotifyRule } from './conversation/notify-rule.js'

export type { ErrorObject } from '@sotto/protocol'
export type { CheckObject, RelayCheckObject, StoreCheckObject } from './check-objects.js'

/**
 * The objects that scripts, bots and screens read: cli.md, "Objects", without the `"v":1` that a
 * printer puts in front. Fields are only ever added. Times are RFC 3339 in UTC with milliseconds.
 */

export interface AccountObject {
  readonly id: AccountId
  /** As in `alice.42`; null where the account has none. */
  readonly username: string | null
  readonly device: number
  /** The relay's origin. */
  readonly relay: string
  /** What contacts see; null: nothing. Left out where the store was not opened. */
  readonly name?: string | null
  readonly status?: string | null
  /** Whether read receipts are sent, and others' are shown. */
  readonly readReceipts?: boolean
}

/** Where the key of an account's store rests. */
export interface StoreKeyObject {
  /** `passphrase`: in a file, locked under one. */
  readonly keyIn: 'keyring' | 'file' | 'passphrase'
}

/** `list` and `show`: the account with what is known of it here. */
export interface AccountDetailObject extends AccountObject, StoreKeyObject {
  /** The relay's root key, base64url: compare it with what the operator published. */
  readonly relayRoot: string
  readonly createdAt: string
  /** The folder of the account's store. */
  readonly path: string
  readonly default: boolean
}

/** `store stats`. */
export interface StoreStatsObject {
  readonly messages: number
  readonly conversations: number
  /** Envelopes that would not open. */
  readonly quarantined: number
  /** Events in the journal. */
  readonly events: number
  /** Rows of the outbox. */
  readonly queued: number
  readonly oldestMessageAt: string | null
  readonly databaseBytes: number
  readonly walBytes: number
  /** Of the database, what searching needs. */
  readonly searchBytes: number
  /** Of the database, what is empty. */
  readonly freeBytes: number
}

/** `store gc`. */
export interface StoreGcObject {
  readonly bytesBefore: number
  readonly bytesAfter: number
  readonly eventsForgotten: number
  /** The database was written anew without its empty space. */
  readonly vacuumed: boolean
}

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
}

export interface ReplyObject {
  readonly id: MessageId
  readonly author: AccountId
  /** How its first line begins, where it is known here. */
  readonly quote?: string
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
  | 'contact.request'
  | 'contact.changed'
  | 'identity.changed'
  | 'gap'
  | 'conversation.changed'
  | 'account.changed'
  | 'connection.state'
  | 'backlog.done'

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

/** `live`: whoever shows it becomes a contact. */
export type InviteState = 'live' | 'used' | 'expired' | 'revoked'

export interface InviteObject {
  readonly id: string
  /** Holds a secret: for whom it is meant. Null once it is over. */
  readonly link: string | null
  readonly state: InviteState
  /** How many people may use it; null: any number. */
  readonly uses: number | null
  readonly usesLeft: number | null
  /** Null: never. */
  readonly expiresAt: string | null
  readonly createdAt: string
}

export interface VerifyObject {
  readonly handle: string
  /** 60 digits (Signal's numeric fingerprint, 5,200 iterations, version 2). */
  readonly safetyNumber: string
  readonly verified: boolean
  /** The number is that of the account which has their username now, and not the one before. */
  readonly changed?: true
}

/** `verify qr`: Signal's scannable fingerprint, version 2, base64url. */
export interface VerifyQrObject extends VerifyObject {
  readonly qr: string
}

/** A line of `verify log`. */
export interface IdentityLogObject {
  readonly at: string
  readonly event: 'met' | 'changed' | 'trusted' | 'verified' | 'reset'
  readonly account: AccountId
  /** How the account is written to now. */
  readonly name: string
  /** The account that has the username now, where it went from one to another. */
  readonly other: AccountId | null
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
    readonly reactions: readonly []
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
