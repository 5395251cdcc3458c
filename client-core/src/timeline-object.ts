import type { AccountId, EventId, MessageId } from '@sotto/protocol'
import type { ConversationObject, GapReason } from './objects.js'

interface TimelineEventCommon {
  readonly id: EventId
  /** When it was, by the relay's clock. */
  readonly ts: string
  /** The message that it stands behind; null: before all. */
  readonly after: MessageId | null
}

/** What happened in a conversation beside its messages, as it stands between them. */
export type TimelineEventObject = TimelineEventCommon &
  (
    | {
        readonly type: 'gap'
        /** 0: nobody can tell how many. */
        readonly count: number
        readonly reason: GapReason
        /** Left out where nobody can tell whose they were: they may have been of any conversation. */
        readonly conversation?: ConversationObject
      }
    | {
        readonly type: 'message.undecryptable'
        readonly count: number
        /** Who sent it, as far as that was proven or is at least claimed; else it is left out. */
        readonly conversation?: ConversationObject
        readonly resendAsked: boolean
        /** How many of `count` have come again. */
        readonly resent: number
      }
    | {
        /** What happened to the safety number. */
        readonly type: 'identity'
        readonly change: 'changed' | 'trusted' | 'verified' | 'reset'
        /**
         * The account that has the username now, and how it is written to. Of `trusted`, in the
         * conversation with that one, the account before.
         */
        readonly other: { readonly id: AccountId; readonly name: string } | null
      }
    | { readonly type: 'block'; readonly blocked: boolean }
    | {
        /** What changed: the local name, the username as it was looked up, or what they call themselves. */
        readonly type: 'name'
        readonly what: 'alias' | 'handle' | 'name'
        /** Without `@`; null: none. */
        readonly from: string | null
        readonly to: string | null
      }
  )
