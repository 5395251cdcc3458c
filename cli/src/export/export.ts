import type {
  AccountObject,
  Client,
  ContactObject,
  ConversationObject,
  HistoryObject,
} from '@sotto/client-core'

/** Messages asked for, written and forgotten together. */
const PAGE_MESSAGES = 256

export interface ExportRequest {
  readonly client: Pick<Client, 'call'>
  /** Recipients; none: everybody. */
  readonly conversations: readonly string[]
  /** RFC 3339: only what was said from then on. */
  readonly since: string | undefined
  readonly nowMs: () => number
}

/** The first line of an export: what the rest of it holds. */
export interface ExportObject {
  readonly account: AccountObject
  readonly exportedAt: string
  /** With anything in them. */
  readonly conversations: number
  readonly messages: number
}

export type ExportLine =
  { readonly export: ExportObject } | { readonly contact: ContactObject } | HistoryObject

/**
 * An account in lines: what it is, its contacts, then each conversation, oldest message first. Comes
 * in parts of bounded size, each asked for when the last was taken, so that memory stays flat
 * however long the history is. What arrives meanwhile is left out: the first line tells how much
 * follows. Requests that nobody accepted, and what they hold, are not part of it.
 */
export async function* exportAccount(
  request: ExportRequest,
): AsyncGenerator<readonly ExportLine[], void> {
  const { client, nowMs } = request
  const counted = await countEach(request)
  yield [
    {
      export: {
        account: await client.call('account.current', {}),
        exportedAt: new Date(nowMs()).toISOString(),
        conversations: counted.length,
        messages: counted.reduce((sum, { messages }) => sum + messages, 0),
      },
    },
  ]
  yield (await contactsOf(request)).map((contact) => ({ contact }))
  for (const { conversation, messages } of counted) {
    yield* exportConversation(request, conversation, messages)
  }
}

interface Counted {
  /** As a recipient. */
  readonly conversation: string
  readonly messages: number
}

async function countEach(request: ExportRequest): Promise<readonly Counted[]> {
  const counted: Counted[] = []
  for (const conversation of await namesOf(request)) {
    const { messages } = await request.client.call('conversation.count', {
      ...{ conversation, after: afterOf(request) },
    })
    if (messages > 0) counted.push({ conversation, messages })
  }
  return counted
}

async function namesOf({ client, conversations }: ExportRequest): Promise<readonly string[]> {
  if (conversations.length > 0) return [...new Set(conversations)]
  const all: readonly ConversationObject[] = await client.call('conversation.list', {})
  return all.map(({ id }) => `id:${id}`)
}

async function contactsOf({
  client,
  conversations,
}: ExportRequest): Promise<readonly ContactObject[]> {
  const contacts: readonly ContactObject[] = await client.call('contact.list', {})
  return contacts
    .filter(({ trust }) => trust !== 'request')
    .filter((contact) => conversations.length === 0 || conversations.some(isNameOf(contact)))
}

function isNameOf({ id, handle, alias, conversation }: ContactObject) {
  return (written: string): boolean =>
    written.startsWith('id:')
      ? `id:${conversation.id}`.startsWith(written)
      : [`acct:${id}`, handle?.toLowerCase(), alias?.toLowerCase()].includes(written.toLowerCase())
}

async function* exportConversation(
  request: ExportRequest,
  conversation: string,
  messages: number,
): AsyncGenerator<readonly HistoryObject[], void> {
  let after = afterOf(request)
  for (let left = messages; left > 0;) {
    // Before everything there is: without a place a page would be the newest.
    const limit = Math.min(left, PAGE_MESSAGES)
    const page = await request.client.call('conversation.history', {
      ...{ conversation, limit, after: after ?? BEGINNING },
    })
    const last = page.at(-1)
    if (last === undefined) return // Deleted meanwhile.
    yield page
    after = `${last.message.id}@acct:${last.sender.id}`
    left -= page.length
  }
}

const BEGINNING = '0000-01-01T00:00:00.000Z'

/** `after` leaves out what stands at it; `since` does not. */
function afterOf({ since }: ExportRequest): string | undefined {
  return since === undefined ? undefined : new Date(Date.parse(since) - 1).toISOString()
}
