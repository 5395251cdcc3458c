import type { HistoryObject, MethodName, MethodParams } from '@sotto/client-core'
import type { ConversationId, MessageId } from '@sotto/protocol'

/**
 * What the screen wants done outside of itself. `update` only asks; whatever comes of it comes back
 * as an action. Nothing waits for it.
 */
export type Effect =
  /** The list of conversations, the contacts and the outbox, as they are now. */
  | { readonly kind: 'load-list' }
  /** Only these conversations of it, and how much waits in the outbox where that may be otherwise. */
  | {
      readonly kind: 'load-conversations'
      readonly conversations: readonly ConversationId[]
      readonly outbox: boolean
    }
  /** A page of a conversation: the newest, or what is before or behind a message. */
  | {
      readonly kind: 'load-page'
      readonly conversation: ConversationId
      readonly which: PageKind
      readonly from: MessageId | undefined
      readonly limit: number
    }
  /** What is loaded of a conversation may have changed: the same range again. */
  | { readonly kind: 'refresh'; readonly conversation: ConversationId }
  /** Only these messages of it may have, or are new. */
  | {
      readonly kind: 'load-lines'
      readonly conversation: ConversationId
      readonly messages: readonly MessageId[]
    }
  | {
      readonly kind: 'send'
      readonly conversation: ConversationId
      readonly text: string
      readonly replyTo: MessageId | undefined
    }
  /** A message of one's own is written anew; refused, it comes back as `not-edited`. */
  | {
      readonly kind: 'edit'
      readonly conversation: ConversationId
      readonly message: MessageId
      readonly reference: string
      readonly text: string
    }
  /** One of the core's methods whose answer changes nothing here by itself; its events do. */
  | { readonly kind: 'call'; readonly call: Call; readonly done?: string }
  /** One whose answer is wanted: it comes back as `answer` or `refused`. */
  | { readonly kind: 'ask'; readonly call: Call }
  /** Looks in all conversations once nothing else was asked for a moment: `found` or `not-found`. */
  | { readonly kind: 'search'; readonly query: string }
  /** Keep the draft of a conversation; an empty one is forgotten. */
  | { readonly kind: 'save-draft'; readonly conversation: ConversationId; readonly draft: string }
  /** That something is being written there, or no more: nobody waits for what becomes of it. */
  | { readonly kind: 'typing'; readonly conversation: ConversationId; readonly started: boolean }
  | { readonly kind: 'bell' }
  /** Comes back as `themes`. */
  | { readonly kind: 'list-themes' }
  /** Comes back as `theme`, whatever is in its file, or that there is none. */
  | { readonly kind: 'load-theme'; readonly name: string }
  /** Comes back as `folder`. */
  | { readonly kind: 'list-folder'; readonly path: string }
  /** Comes back as `exported` or `failed`. */
  | { readonly kind: 'export'; readonly conversation: ConversationId; readonly path: string }
  | { readonly kind: 'notify'; readonly title: string; readonly text: string }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'suspend' }
  /** `message`: what is being edited, if something is. */
  | {
      readonly kind: 'edit-draft'
      readonly text: string
      readonly message: MessageId | undefined
    }
  | { readonly kind: 'redraw' }
  /** Something was removed: no row and no line that was made of it may stay in memory. */
  | { readonly kind: 'forget' }
  /** Everything decrypted is dropped, and the account closed until it is unlocked. */
  | { readonly kind: 'lock' }
  /** With what was typed blindly, where a passphrase is needed. */
  | { readonly kind: 'unlock' }
  /** What is typed blindly: it is kept where it can be wiped, and never in a state. */
  | {
      readonly kind: 'secret'
      readonly change: 'type' | 'erase' | 'wipe'
      readonly text: string
    }
  | { readonly kind: 'quit' }

/** The newest, or what is before, behind or on both sides of a message. */
export type PageKind = 'newest' | 'older' | 'newer' | 'around'

export type Call = {
  readonly [Name in MethodName]: { readonly method: Name; readonly params: MethodParams<Name> }
}[MethodName]

/** A call, with its parameters held against its name. */
export function call<Name extends MethodName>(
  method: Name,
  params: MethodParams<Name>,
  done?: string,
): Effect {
  return { kind: 'call', call: callOf(method, params), ...(done === undefined ? {} : { done }) }
}

export function ask<Name extends MethodName>(method: Name, params: MethodParams<Name>): Effect {
  return { kind: 'ask', call: callOf(method, params) }
}

export function callOf<Name extends MethodName>(method: Name, params: MethodParams<Name>): Call {
  // A union over all names cannot be built out of one that is not known yet.
  return { method, params } as unknown as Call
}

/** A conversation as the core's methods are told it. */
export function reference(id: ConversationId): string {
  return `id:${id}`
}

/** A message: whoever else may have used its id is not meant. */
export function messageReference({
  message,
  sender,
}: Pick<HistoryObject, 'message' | 'sender'>): string {
  return `${message.id}@acct:${sender.id}`
}
