import type { AccountId, Bytes, ConversationId, DeviceId, MessageId } from '@sotto/protocol'
import type { MessageStatus } from '../../objects.js'
import { blobOrNull, integer, integerOrNull, text, textOrNull, type Row } from '../rows.js'

export interface StoredMessage {
  readonly conversation: ConversationId
  readonly author: AccountId
  readonly id: MessageId
  readonly device: DeviceId
  readonly sentMs: number
  /** Relay time; an estimate while an own message is queued. */
  readonly arrivalMs: number
  readonly body: string | null
  readonly raw: Bytes | null
  readonly replyAuthor: AccountId | null
  readonly replyId: MessageId | null
  readonly status: MessageStatus | 'received'
  readonly held: boolean
  readonly seen: boolean
  /** Its author asks for no sound. */
  readonly silent: boolean
  /** When its author wrote `body`, by their clock; null: it is the first text. */
  readonly editedMs: number | null
  /** Of the text; 0: the first. */
  readonly revision: number
  /** For everyone: nothing is left of it. */
  readonly deleted: boolean
  /** There may be reactions to it. */
  readonly reacted: boolean
  /** Own: it failed after it was sealed. */
  readonly mayHaveArrived: boolean
}

/** A message as it comes, before anything has changed it. */
export type NewMessage = Omit<
  StoredMessage,
  'editedMs' | 'revision' | 'deleted' | 'reacted' | 'mayHaveArrived'
>

export function messageOf(row: Row): StoredMessage {
  return {
    conversation: text(row, 'conversation') as ConversationId,
    author: text(row, 'author') as AccountId,
    id: text(row, 'id') as MessageId,
    device: integer(row, 'device') as DeviceId,
    sentMs: integer(row, 'sent_ms'),
    arrivalMs: integer(row, 'arrival_ms'),
    body: textOrNull(row, 'body'),
    raw: blobOrNull(row, 'raw'),
    replyAuthor: textOrNull(row, 'reply_author') as AccountId | null,
    replyId: textOrNull(row, 'reply_id') as MessageId | null,
    status: text(row, 'status') as StoredMessage['status'],
    held: integer(row, 'held') === 1,
    seen: integer(row, 'seen') === 1,
    silent: integer(row, 'silent') === 1,
    editedMs: integerOrNull(row, 'edited_ms'),
    revision: integer(row, 'revision'),
    deleted: integer(row, 'deleted') === 1,
    reacted: integer(row, 'reacted') === 1,
    mayHaveArrived: integer(row, 'may_have_arrived') === 1,
  }
}
