import type { ContactObject, ConversationDetailObject, MessageObject } from '@sotto/client-core'

import type { Look } from '../text/messages.js'
import type { Paint } from '../text/paint.js'
import { safeLine } from '../text/safe-text.js'
import { shortTime } from '../text/time.js'
import { LINE_ENGLISH } from '../words/line-en.js'
import type { ChatClient } from './chat-client.js'

const PREVIEW_LENGTH_MAX = 60

/** `3  @bob.42  14:02  2 unread, muted: see you`: a line each, said in words. */
export function renderConversations(
  conversations: readonly ConversationDetailObject[],
  { paint, nowMs }: Look,
): readonly string[] {
  const digits = String(conversations.length).length
  return conversations.map((conversation, at) => {
    const { name, kind, lastActivityAt, lastMessage } = conversation
    const number = String(at + 1).padStart(digits)
    const title = kind === 'self' ? 'notes to yourself' : safeLine(name)
    const marks = marksOf(conversation)
    const said = saidIn(lastMessage).slice(0, PREVIEW_LENGTH_MAX)
    const time = paint.dim(shortTime(lastActivityAt, nowMs))
    const how = marks.length === 0 ? '' : `  ${marks.join(', ')}`
    return `${number}  ${paint.bold(title)}  ${time}${how}${said === '' ? '' : `: ${said}`}`
  })
}

function saidIn(message: MessageObject | null): string {
  return message?.deleted === true ? LINE_ENGLISH.deleted : safeLine(message?.text ?? '')
}

function marksOf(conversation: ConversationDetailObject): readonly string[] {
  const { unread, markedUnread, muted, pinned, trust, kind } = conversation
  return [
    unread > 0 ? `${String(unread)} unread` : markedUnread ? 'marked as unread' : '',
    kind === 'direct' && trust !== 'known' ? trust : '',
    pinned ? 'pinned' : '',
    muted ? 'muted' : '',
  ].filter((mark) => mark !== '')
}

/** The conversation of a name, an id, a contact's handle or account, however it is capitalised. */
export async function findConversation(
  client: Pick<ChatClient, 'call'>,
  written: string,
): Promise<ConversationDetailObject | undefined> {
  const wanted = written.toLowerCase()
  const all = await client.call('conversation.list', { which: 'all' })
  const named = all.find(
    ({ id, name }) =>
      [wanted, `@${wanted}`].includes(name.toLowerCase()) || wanted === `id:${id.toLowerCase()}`,
  )
  if (named !== undefined) return named
  const contacts = await client.call('contact.list', {})
  const contact = contacts.find(({ id, handle }) =>
    [`acct:${id}`, handle?.toLowerCase()].includes(wanted),
  )
  return all.find(({ id }) => id === contact?.conversation.id)
}

/** Above a conversation; `contact` undefined: notes to oneself. */
export function renderBanner(
  name: string,
  contact: Pick<ContactObject, 'trust'> | undefined,
  paint: Paint,
): string {
  const trust =
    contact?.trust === 'request'
      ? 'a request: /accept to answer it'
      : contact?.trust === 'known'
        ? 'not verified: /verify'
        : (contact?.trust ?? 'notes to yourself')
  return paint.dim(`-- ${safeLine(name)} -- ${trust} -- /help --`)
}
