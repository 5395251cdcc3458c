import type { Content, MessageId } from '@sotto/protocol'
import { changeMessage, type Changed, type Wish } from '../../src/changes/own.js'
import type { EventObject, MessageObject } from '../../src/objects.js'
import type { Desk } from './desk.js'

/** An own change, written down; `message` as somebody would name it. */
export function wish(desk: Desk, message: string, wanted: Wish): Promise<Changed> {
  return changeMessage(desk.person.core, message, wanted)
}

export const react = (emoji: string): Wish => ({ kind: 'reaction', emoji })
export const edit = (text: string): Wish => ({ kind: 'edit', text })
export const DELETE: Wish = { kind: 'delete', everyone: true }
export const DELETE_HERE: Wish = { kind: 'delete', everyone: false }

/** Written down, sent and received. */
export async function change(from: Desk, to: Desk, message: string, wanted: Wish): Promise<void> {
  await wish(from, message, wanted)
  await from.send()
  await to.catchUp()
}

/** Sealed and delivered as they are, in this order. */
export async function tell(from: Desk, to: Desk, ...contents: readonly Content[]): Promise<void> {
  for (const content of contents)
    from.network.put(to.person.id, (await from.person.seal(to.person, content)).body)
  await to.catchUp()
}

/** A message as a line of history has it; undefined: it is not there. */
export function shown(desk: Desk, author: Desk, id: MessageId): MessageObject | undefined {
  const stored = desk.read.messages.get(author.person.id, id)
  return stored === undefined ? undefined : desk.person.core.views.message(stored)
}

export function eventsSince(desk: Desk, seq: number): readonly EventObject[] {
  return desk.events().filter((event) => (event.seq ?? 0) > seq)
}

export function lastSeq(desk: Desk): number {
  return desk.events().at(-1)?.seq ?? 0
}

/** All that stands in the desk's database, decrypted: every value of every row, the search index too. */
export function everything(desk: Desk): string {
  const database = desk.person.database()
  try {
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
      .all() as readonly { readonly name: string }[]
    return tables
      .flatMap(({ name }) => database.prepare(`SELECT * FROM "${name}"`).all())
      .flatMap((row) => Object.values(row as object).map(textOf))
      .join('\n')
  } finally {
    database.close()
  }
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
}
