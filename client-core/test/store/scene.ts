import { join } from 'node:path'
import {
  conversationIdFromHash,
  messageIdFromBytes,
  SecretBytes,
  type AccountId,
  type DeviceId,
  type MessageId,
} from '@sotto/protocol'
import type { Database } from '@signalapp/sqlcipher'
import type { Test } from 'tap'
import { openDatabase } from '../../src/store/database.js'
import { Store } from '../../src/store/store.js'
import type { StoredMessage } from '../../src/store/tables/messages.js'
import { ManualClock } from '../net/manual-clock.js'
import { temporaryFolder } from '../support/world.js'

export const KEY = new SecretBytes(new Uint8Array(32).fill(7))

export interface StoreScene {
  readonly path: string
  readonly database: Database
  readonly store: Store
}

/** An empty store with its database in reach. */
export function beginStore(t: Test): StoreScene {
  const path = join(temporaryFolder(t), 'store.db')
  const database = openDatabase(path, KEY)
  const store = new Store(database, new ManualClock())
  t.teardown(() => {
    store.close()
  })
  return { path, database, store }
}

export const ALICE = '00000000-0000-8000-8000-00000000000a' as AccountId
export const BOB = '00000000-0000-8000-8000-00000000000b' as AccountId
export const CONVERSATION = conversationIdFromHash(new Uint8Array(16).fill(1))
const DEVICE = 1 as DeviceId

export function messageId(index: number): MessageId {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, index)
  return messageIdFromBytes(bytes)
}

/** A message that Bob wrote; `index` makes its id. */
export function messageOf(index: number, changes: Partial<StoredMessage> = {}): StoredMessage {
  return {
    conversation: CONVERSATION,
    author: BOB,
    id: messageId(index),
    device: DEVICE,
    sentMs: 1_000,
    arrivalMs: 1_000 + index,
    body: `text ${index}`,
    raw: null,
    replyAuthor: null,
    replyId: null,
    silent: false,
    status: 'received',
    held: false,
    seen: false,
    editedMs: null,
    revision: 0,
    deleted: false,
    reacted: false,
    mayHaveArrived: false,
    ...changes,
  }
}

export function add(store: Store, ...messages: readonly StoredMessage[]): void {
  store.transact((tx) => {
    for (const message of messages) tx.messages.add(message)
  })
}
