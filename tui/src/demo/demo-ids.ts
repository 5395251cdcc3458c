import {
  accountIdFromBytes,
  conversationIdFromHash,
  eventId,
  makeMessageId,
  messageIdFromBytes,
  type AccountId,
  type ConversationId,
  type EventId,
  type MessageId,
} from '@sotto/protocol'

/** Ids that are the same in every run: they are counted. */
export function accountOf(number: number): AccountId {
  const bytes = counted(number)
  bytes[6] = 0x80
  bytes[8] = 0x80
  return accountIdFromBytes(bytes)
}

export const conversationOf = (number: number): ConversationId =>
  conversationIdFromHash(counted(number))

export const eventOf = (number: number): EventId => eventId(counted(0), number)

export const inviteOf = (number: number): string => messageIdFromBytes(counted(number)).slice(2)

/** Sorts by its time. */
export const messageOf = (number: number, nowMs: number): MessageId =>
  makeMessageId({ nowMs, random: counted(number).slice(-10) })

function counted(number: number): Uint8Array {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, number)
  return bytes
}
