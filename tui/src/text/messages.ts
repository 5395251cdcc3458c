import type {
  ConversationObject,
  EventObject,
  HistoryObject,
  MessageObject,
  MessageStatus,
  SenderObject,
} from '@sotto/client-core'

import { LINE_ENGLISH } from '../words/line-en.js'
import type { Paint } from './paint.js'
import { safeLine, safeLines } from './safe-text.js'
import { shortTime } from './time.js'

/** What rendering depends on besides the object: the same for a whole command or screen. */
export interface Look {
  readonly paint: Paint
  readonly nowMs: number
}

/** Beside the word, since not everybody sees a mark. */
export const STATUS_MARKS: Readonly<Record<MessageStatus, string>> = {
  queued: '…',
  accepted: '✓',
  delivered: '✓✓',
  read: '✓✓',
  failed: '✗',
}

/** `✓ accepted`: the word too, since not everybody sees the mark. */
export function renderStatus(status: MessageStatus, paint: Paint): string {
  const text = `${STATUS_MARKS[status]} ${LINE_ENGLISH.status[status]}`
  if (status === 'failed') return paint.bad(text)
  return status === 'queued' ? paint.warn(text) : paint.good(text)
}

/**
 * Who wrote something, by what is known here rather than by what they call themselves: the
 * conversation's own name in a direct one, else the handle that was looked up, else the id.
 */
export function senderName(sender: SenderObject, conversation: ConversationObject | null): string {
  if (sender.self) return 'you'
  if (conversation?.kind === 'direct') return safeLine(conversation.name)
  return safeLine(sender.handle ?? `acct:${sender.id}`)
}

/** What a stranger says of themselves, marked as said and not known; empty where they say nothing. */
export function renderClaims(sender: SenderObject): string {
  const claims = [sender.claimedHandle, sender.name].flatMap((claim) =>
    claim === undefined || claim === null ? [] : [safeLine(claim)],
  )
  return claims.length === 0 ? '' : ` (${LINE_ENGLISH.claims(claims.join(', '))})`
}

/** `14:02 @bob.42: hello`, further lines indented below; a reply first quotes what it answers. */
export function renderMessage(line: HistoryObject, look: Look): string {
  const time = look.paint.dim(shortTime(line.message.sentAt, look.nowMs))
  const name = `${look.paint.bold(senderName(line.sender, line.conversation))}${renderFlag(line.sender, look.paint)}`
  const head = `${time} ${name}${renderChanges(line, look.paint)}`
  const failed = line.message.status === 'failed' ? ` ${renderStatus('failed', look.paint)}` : ''
  if (line.message.deleted === true) return `${head}${failed}`
  return `${head}: ${renderText(line.message, look.paint)}${failed}`
}

/** ` (edited, 👍 you)`, in front of the text, which could say the same behind itself. */
function renderChanges({ message, conversation }: HistoryObject, paint: Paint): string {
  const changes = [
    ...(message.deleted === true ? [LINE_ENGLISH.deleted] : []),
    ...(message.edited === true ? [LINE_ENGLISH.edited] : []),
    ...(message.reactions ?? []).map(
      ({ emoji, sender }) => `${safeLine(emoji)} ${senderName(sender, conversation)}`,
    ),
  ]
  return changes.length === 0 ? '' : ` ${paint.dim(`(${changes.join(', ')})`)}`
}

/** The name may mean somebody else by now. */
function renderFlag({ changed }: SenderObject, paint: Paint): string {
  return changed === true ? ` ${paint.warn(`(${LINE_ENGLISH.safetyNumberChanged})`)}` : ''
}

/** One event as people read it. Every event has a rendering; which are shown, the caller decides. */
export function renderEvent(event: EventObject, look: Look): string {
  const time = look.paint.dim(shortTime(event.ts, look.nowMs))
  switch (event.type) {
    case 'message.received':
      return event.message.held === true ? renderRequest(event, look) : renderMessage(event, look)
    case 'message.sent':
      return renderMessage(event, look)
    case 'contact.request':
      return renderRequest(event, look)
    case 'message.status':
      return `${time} ${event.message.id} ${renderStatus(event.message.status, look.paint)}${renderReason(event.error)}`
    case 'message.undecryptable':
      return `${time} ${look.paint.bad(renderUndecryptable(event))}`
    case 'message.edited':
      return `${time} ${renderWho(event, look.paint)} ${LINE_ENGLISH.edited}: ${renderText(event.message, look.paint)}`
    case 'message.deleted':
      return `${time} ${renderWho(event, look.paint)} ${LINE_ENGLISH.deletedOne}: ${event.message.id}`
    case 'reaction.added':
      return `${time} ${renderWho(event, look.paint)} ${LINE_ENGLISH.reacted(safeLine(event.emoji))}: ${event.message.id}`
    case 'reaction.removed':
      return `${time} ${renderWho(event, look.paint)} ${LINE_ENGLISH.unreacted(safeLine(event.emoji))}: ${event.message.id}`
    case 'change.failed':
      return `${time} ${look.paint.bad(LINE_ENGLISH.changeFailed(event.change, safeLine(event.conversation.name)))}: ${event.message.id}${renderReason(event.error)}`
    case 'contact.changed':
      return `${time} contact ${LINE_ENGLISH.contactChanged(safeLine(event.contact.conversation.name), event.contact.trust)}`
    case 'identity.changed':
      return `${time} ${look.paint.warn(LINE_ENGLISH.identityChanged(safeLine(event.conversation.name)))}\n  compare: sotto verify show ${safeLine(event.conversation.name)}`
    case 'gap':
      return `${time} ${look.paint.bad(renderGap(event))}`
    case 'conversation.changed':
      return `${time} ${LINE_ENGLISH.conversationChanged(safeLine(event.conversation.name))}`
    case 'account.changed':
      return `${time} ${LINE_ENGLISH.accountChanged[event.changed]}`
    case 'typing.started':
    case 'typing.stopped':
      return `${time} ${LINE_ENGLISH.typing[event.type](senderName(event.sender, event.conversation))}`
    case 'connection.state':
      return `${time} ${LINE_ENGLISH.connection[event.state]}`
    case 'backlog.done':
      return `${time} ${LINE_ENGLISH.caughtUp}`
  }
}

type EventOf<Type extends EventObject['type']> = Extract<EventObject, { readonly type: Type }>

function renderWho(
  { sender, conversation }: Pick<HistoryObject, 'sender' | 'conversation'>,
  paint: Paint,
): string {
  return paint.bold(senderName(sender, conversation))
}

function renderRequest(
  event: Extract<EventObject, { readonly message: MessageObject }>,
  look: Look,
) {
  const time = look.paint.dim(shortTime(event.message.sentAt, look.nowMs))
  const who = `${senderName(event.sender, event.conversation)}${renderClaims(event.sender)}`
  const text = renderText(event.message, look.paint)
  const request = `${time} ${look.paint.warn('request')} from ${who}: ${text}`
  const held =
    event.sender.claimHeldBy === undefined
      ? ''
      : `\n  ${look.paint.warn(LINE_ENGLISH.claimHeld)}: see sotto contact show acct:${event.sender.id}`
  return `${request}${held}\n  accept: sotto contact accept acct:${event.sender.id}`
}

function renderText(message: MessageObject, paint: Paint): string {
  if (message.unsupported === true) return paint.dim('[needs a newer sotto]')
  const lines = safeLines(message.text ?? '')
  const { replyTo } = message
  const quote = replyTo?.deleted === true ? LINE_ENGLISH.deleted : replyTo?.quote
  const quoted = quote === undefined ? [] : [paint.dim(`> ${safeLine(quote)}`)]
  return [...quoted, ...lines].join('\n  ')
}

function renderReason(error: { readonly message: string } | undefined): string {
  return error === undefined ? '' : `: ${safeLine(error.message)}`
}

function renderUndecryptable(event: EventOf<'message.undecryptable'>): string {
  const who = event.sender === null ? undefined : senderName(event.sender, event.conversation)
  return LINE_ENGLISH.undecryptable(who, event.resendAsked === true)
}

function renderGap(event: EventOf<'gap'>): string {
  return `${LINE_ENGLISH.missing(event.count)}: ${LINE_ENGLISH.gapReason[event.reason]}`
}
