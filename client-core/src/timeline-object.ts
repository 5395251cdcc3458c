import type { AccountId, EventId, MessageId } from '@sotto/protocol'
import type { ChangeKind, ConversationObject, ErrorObject, GapReason } from './objects.js'

interface TimelineEventCommon {
  readonly id: EventId
  /** When it was, by the relay's clock. */
  readonly ts: string
  /** The message that it stands behind; null: before all. */
  readonly after: MessageId | null
  readonly conversation: ConversationObject
}

/** What happened in a conversation beside its messages, as it stands between them. */
export type TimelineEventObject = TimelineEventCommon &
  (
    | {
        readonly type: 'gap'
        /** 0: nobody can tell how many. */
        readonly count: number
        readonly reason: GapReason
        /** `unknown`: nobody can tell; they may have been of any conversation. */
        readonly whose: 'theirs' | 'unknown'
      }
    | {
        readonly type: 'message.undecryptable'
        readonly count: number
        /** `theirs`: proven where `resendAsked`, else claimed. */
        readonly whose: 'theirs' | 'unknown'
        readonly resendAsked: boolean
        /** How many of `count` have come again. */
        readonly resent: number
      }
    | {
        /** What happened to the safety number. */
        readonly type: 'identity'
        readonly change: 'changed' | 'trusted' | 'succeeded' | 'verified' | 'reset'
        /**
         * The account that has the username now, and how it is written to; of `succeeded`, in the
         * conversation with that one, the account before.
         */
        readonly other: { readonly id: AccountId; readonly name: string } | null
      }
    | {
        /** An own change of `message` that the other side will never see. */
        readonly type: 'change.failed'
        readonly message: MessageId
        readonly change: ChangeKind
        readonly error: ErrorObject
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
