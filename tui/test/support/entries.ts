import type { SenderObject, TimelineEventObject } from '@sotto/client-core'
import { messageIdFromBytes, type MessageId } from '@sotto/protocol'

import type { Entry, ShownMessage } from '../../src/rows/entry.js'
import { CONVERSATION, line } from './objects.js'

export interface MessageOptions {
  readonly at?: string
  readonly own?: boolean
  readonly text?: string | null
  readonly revision?: number
  readonly sender?: Partial<SenderObject>
  readonly message?: Partial<ShownMessage['message']>
}

export function idOf(number: number): MessageId {
  return messageIdFromBytes(new Uint8Array(16).fill(number))
}

export function messageEntry(
  number: number,
  options: MessageOptions = {},
): Entry & { kind: 'message' } {
  const { at = '2026-10-31T12:58:00Z', own = false, text = 'hello', revision = 1 } = options
  const base = line({ own })
  const sender = { ...base.sender, ...options.sender }
  const message = { ...base.message, id: idOf(number), sentAt: at, text, ...options.message }
  const conversation = { ...CONVERSATION, name: '@alice.42' }
  return { kind: 'message', id: idOf(number), revision, object: { conversation, sender, message } }
}

export function eventEntry(object: TimelineEventObject): Entry & { kind: 'event' } {
  return { kind: 'event', id: object.id, revision: 1, object }
}
