import type { HistoryObject } from '@sotto/client-core'
import type { ConversationId, EventId, MessageId } from '@sotto/protocol'

import type { Action } from '../model/action.js'
import { loadedPart } from '../model/chat.js'
import { reference, type Effect } from '../model/effect.js'
import type { Chat } from '../model/state.js'
import type { ScreenClient } from './screen-client.js'

type History = Pick<ScreenClient, 'call'>
export type PageAction = Extract<Action, { readonly kind: 'page' }>
/** A page before it is known what stands between its messages. */
type Messages = Omit<PageAction, 'events'>
type LoadPage = Extract<Effect, { readonly kind: 'load-page' }>

/** More than come in between two refreshes; where there are more, the end is another page. */
const REFRESH_MESSAGES_MAX = 200
/** As many as the core answers at a time. */
const EVENTS_A_CALL = 1_000
/** Of one page. */
const EVENTS_MAX = 10_000

/** A page of a conversation. Throws what the core does, as for a message that is not there. */
export async function readPage(client: History, effect: LoadPage): Promise<PageAction> {
  const messages = await readMessages(client, effect)
  return withEvents(client, messages, messages.reaches.start === true)
}

async function readMessages(client: History, effect: LoadPage): Promise<Messages> {
  const { conversation, which, from, limit } = effect
  const ask = { conversation: reference(conversation), limit }
  const common = { kind: 'page', conversation, which, from } as const
  if (from === undefined || which === 'newest') {
    const lines = await client.call('conversation.history', ask)
    return { ...common, lines, reaches: { start: lines.length < limit, end: true } }
  }
  switch (which) {
    case 'older': {
      const lines = await client.call('conversation.history', { ...ask, before: from })
      return { ...common, lines, reaches: { start: lines.length < limit, end: undefined } }
    }
    case 'newer': {
      const lines = await client.call('conversation.history', { ...ask, after: from })
      return { ...common, lines, reaches: { start: undefined, end: lines.length < limit } }
    }
    case 'around': {
      const half = { ...ask, limit: Math.ceil(limit / 2) }
      const older = await client.call('conversation.history', { ...half, before: from })
      const newer = await client.call('conversation.history', { ...half, after: from })
      const lines = [...older, ...(await lineBefore(client, ask, newer[0])), ...newer]
      const reaches = { start: older.length < half.limit, end: newer.length < half.limit }
      return { ...common, lines, reaches }
    }
  }
}

/** Some messages as they are now, as far as they stand in what is loaded. */
export async function readLines(
  client: History,
  {
    id,
    chat,
    messages,
  }: {
    readonly id: ConversationId
    readonly chat: Chat
    readonly messages: readonly MessageId[]
  },
): Promise<Extract<Action, { readonly kind: 'lines' }>> {
  const part = loadedPart(chat)
  const ask = { conversation: reference(id), messages, ...part }
  const lines = await client.call('conversation.lines', ask)
  return { kind: 'lines', conversation: id, asked: { messages, ...part }, lines }
}

/** What is loaded, as it is now, with what has come since where the end of it is loaded. */
export async function readAgain(
  client: History,
  conversation: ConversationId,
  { entries, atStart, atEnd }: Chat,
): Promise<PageAction> {
  const first = entries.find(({ kind }) => kind === 'message')
  const limit = entries.length + (atEnd ? REFRESH_MESSAGES_MAX : 0)
  if (first?.kind !== 'message')
    return readPage(client, {
      ...{ kind: 'load-page', conversation, which: 'newest', from: undefined, limit },
    })
  const ask = { conversation: reference(conversation), limit }
  const after = await client.call('conversation.history', { ...ask, after: first.id })
  const lines = [...(await lineBefore(client, ask, after[0])), ...after]
  const end = atEnd ? after.length < limit : undefined
  const common = { kind: 'page', conversation, which: 'refresh', from: first.id } as const
  return withEvents(client, { ...common, lines, reaches: { start: undefined, end } }, atStart)
}

/**
 * With what stands behind the messages of the page; a newer one brings what stands behind the
 * message it was asked from, too. Before the first message there is something only at the beginning.
 */
async function withEvents(client: History, page: Messages, isFirst: boolean): Promise<PageAction> {
  const { conversation, which, lines, reaches } = page
  const first = which === 'newer' ? page.from : lines[0]?.message.id
  const last = lines.at(-1)?.message.id ?? page.from
  if (!isFirst && first === undefined) return { ...page, events: [] }
  const events = await readEvents(client, {
    conversation: reference(conversation),
    ...(isFirst || first === undefined ? {} : { from: first }),
    ...(reaches.end === true || last === undefined ? {} : { through: last }),
  })
  return { ...page, events }
}

/** All of them, as far as anybody could look through them. */
async function readEvents(
  client: History,
  asked: { readonly conversation: string; readonly from?: string; readonly through?: string },
): Promise<PageAction['events']> {
  const events = new Map<EventId, PageAction['events'][number]>()
  for (let skip = 0; skip < EVENTS_MAX; skip += EVENTS_A_CALL) {
    const beyond = skip === 0 ? {} : { skip }
    const older = await client.call('conversation.events', { ...asked, ...beyond })
    // What has happened meanwhile moves the rest by one: it comes twice.
    for (const event of [...older].reverse()) events.set(event.id, event)
    if (older.length < EVENTS_A_CALL) break
  }
  return [...events.values()].reverse()
}

/** The message that stands right before another; without one, the newest. */
function lineBefore(
  client: History,
  { conversation }: { readonly conversation: string },
  line: HistoryObject | undefined,
): Promise<readonly HistoryObject[]> {
  const before = line === undefined ? {} : { before: line.message.id }
  return client.call('conversation.history', { conversation, limit: 1, ...before })
}
