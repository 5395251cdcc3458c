import type { Client, EventObject, EventType } from '@sotto/client-core'
import { NotFoundError } from '@sotto/protocol'

import { parseChoice } from '../flags/values.js'

/** Which events are printed. The others count as seen. */
export interface Choice {
  readonly types: ReadonlySet<EventType>
  /** Undefined: everybody's. */
  readonly authors: Authors | undefined
  /** What strangers write after their request, too. */
  readonly requests: boolean
}

/** Account and conversation ids: names may change between two events, ids do not. */
export interface Authors {
  readonly accounts: ReadonlySet<string>
  readonly conversations: ReadonlySet<string>
}

/** Told in the journal, each with a seq. */
const STORED_TYPES = [
  'message.received',
  'message.sent',
  'message.status',
  'message.undecryptable',
  'message.edited',
  'message.deleted',
  'reaction.added',
  'reaction.removed',
  'change.failed',
  'contact.request',
  'contact.changed',
  'identity.changed',
  'gap',
] as const satisfies readonly EventType[]

/** True only while it happens. */
const PASSING_TYPES = [
  'conversation.changed',
  'account.changed',
  'typing.started',
  'typing.stopped',
  'connection.state',
  'backlog.done',
] as const satisfies readonly EventType[]

export const EVENT_TYPES: readonly EventType[] = [...STORED_TYPES, ...PASSING_TYPES]

/** What people want to see of it all: what others did and what went wrong. */
const PEOPLES_TYPES: readonly EventType[] = [
  'message.received',
  'message.edited',
  'message.deleted',
  'reaction.added',
  'reaction.removed',
  'change.failed',
  'message.undecryptable',
  'contact.request',
  'identity.changed',
  'gap',
]

export function parseTypes(words: readonly string[]): ReadonlySet<EventType> {
  return new Set(words.map((word) => parseChoice(word, EVENT_TYPES, 'event type')))
}

/** Where no type was asked for. */
export function shownTypes(json: boolean): ReadonlySet<EventType> {
  return new Set(json ? STORED_TYPES : PEOPLES_TYPES)
}

export function isChosen(event: EventObject, { types, authors, requests }: Choice): boolean {
  if (!types.has(event.type)) return false
  if (!requests && event.type === 'message.received' && event.message.held === true) return false
  return authors === undefined || isBy(event, authors)
}

function isBy(event: EventObject, { accounts, conversations }: Authors): boolean {
  if ('conversation' in event && event.conversation !== null) {
    if (conversations.has(event.conversation.id)) return true
  }
  if ('sender' in event && event.sender !== null) return accounts.has(event.sender.id)
  return event.type === 'contact.changed' && accounts.has(event.contact.id)
}

/** The ids behind recipients; throws `recipient/unknown` for who is not known here. */
export async function authorsOf(
  client: Pick<Client, 'account' | 'call'>,
  recipients: readonly string[],
): Promise<Authors> {
  const accounts = new Set<string>()
  const conversations = new Set<string>()
  for (const recipient of recipients) {
    if (recipient.startsWith('id:')) conversations.add(await conversationOf(client, recipient))
    else accounts.add(await accountOf(client, recipient))
  }
  return { accounts, conversations }
}

async function conversationOf(client: Pick<Client, 'call'>, recipient: string): Promise<string> {
  const conversations = await client.call('conversation.list', {})
  const found = conversations.filter(({ id }) => `id:${id}`.startsWith(recipient))
  const [conversation] = found
  if (conversation !== undefined && found.length === 1) return conversation.id
  throw nobody(recipient)
}

async function accountOf(
  client: Pick<Client, 'account' | 'call'>,
  recipient: string,
): Promise<string> {
  if (recipient === 'me') return client.account.id
  const wanted = recipient.toLowerCase()
  const contacts = await client.call('contact.list', {})
  const contact = contacts.find(({ id, handle, alias }) =>
    [`acct:${id}`, handle?.toLowerCase(), alias?.toLowerCase()].includes(wanted),
  )
  if (contact !== undefined) return contact.id
  throw nobody(recipient)
}

function nobody(recipient: string): NotFoundError {
  return new NotFoundError('recipient/unknown', `nobody here is ${recipient}`, {
    fix: `sotto contact list, or first: sotto contact add ${recipient}`,
  })
}
