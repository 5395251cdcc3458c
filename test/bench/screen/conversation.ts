import type { Person, Scope } from '../../harness/index.js'
import { succeed } from '../../harness/index.js'
import { messageIdFromBytes } from '@sotto/protocol'
import { acquainted } from '../acquainted.js'
import { bytesOf, openDatabase } from '../large-store.js'
import { numberedText } from './numbered.js'

/** Unless another number is asked for. */
const MESSAGES = 10_000
const BETWEEN_MESSAGES_MS = 60_000

/** Two people who have written to each other very often, as one of them has it. */
export interface LongConversation {
  readonly alice: Person
  readonly bob: Person
  /** The number of the newest message, which is in order with those before it. */
  newest: number
}

/** A relay, two accounts, and so many messages that lie in the store of one as if they had come. */
export async function longConversation(
  scope: Scope,
  dir: string,
  messages = MESSAGES,
): Promise<LongConversation> {
  const { alice, bob } = await acquainted(scope, dir)
  fill(alice.home, messages)
  await succeed(alice.run(['send', bob.handle, numberedText(messages)]))
  await succeed(bob.run(['receive']))
  return { alice, bob, newest: messages }
}

function fill(home: string, messages: number): void {
  const database = openDatabase(home)
  const own = String(database.prepare('SELECT account FROM account').get()?.['account'])
  const { id, account } =
    database.prepare(`SELECT id, account FROM conversation WHERE kind = 'direct'`).get() ?? {}
  const add = database.prepare(
    `INSERT INTO message (conversation, author, id, device, sent_ms, arrival_ms, body, status, seen)
     VALUES (?, ?, ?, 1, ?, ?, ?, ?, 1)`,
  )
  const firstMs = Date.now() - (messages + 1) * BETWEEN_MESSAGES_MS
  database.transaction(() => {
    for (let number = 0; number < messages; number++) {
      const isOwn = number % 3 === 0
      const atMs = firstMs + number * BETWEEN_MESSAGES_MS
      add.run([
        ...[String(id), isOwn ? own : String(account), messageIdFromBytes(bytesOf(number))],
        ...[atMs, atMs, numberedText(number), isOwn ? 'read' : 'received'],
      ])
    }
  })()
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}
