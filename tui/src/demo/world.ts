import type {
  AccountObject,
  ContactObject,
  ConversationDetailObject,
  ConversationObject,
  EventObject,
  HistoryObject,
  InviteObject,
  MessageObject,
  MessageStatus,
  ReplyObject,
  SenderObject,
  TimelineEventObject,
} from '@sotto/client-core'
import { NotFoundError, type ConversationId, type MessageId } from '@sotto/protocol'

import { accountOf, conversationOf, eventOf, inviteOf, messageOf } from './demo-ids.js'
import { NOTES, PARTS, type Happening, type Line, type Part } from './script.js'

const MINUTE_MS = 60_000
/** As much of a text as stands in an answer to it. */
const QUOTE_LENGTH_MAX = 80

/** A conversation, with everything that was said in it. */
export interface Talk {
  contact: ContactObject | undefined
  detail: ConversationDetailObject
  readonly lines: HistoryObject[]
  readonly events: TimelineEventObject[]
  readonly isBot: boolean
}

export type EventBody = EventObject extends infer Event
  ? Event extends EventObject
    ? Omit<Event, 'seq' | 'id' | 'ts' | 'account'>
    : never
  : never

/** People and messages that are made up, the same in every run, and kept in memory alone. */
export class DemoWorld {
  account: AccountObject = {
    ...{ id: accountOf(1), username: 'you.42', device: 1, relay: 'https://relay.example' },
    ...{ name: 'You', status: null, readReceipts: true, typing: true },
  }
  readonly talks: Talk[] = []
  readonly invites: InviteObject[] = []
  readonly drafts = new Map<ConversationId, string>()
  readonly settings = new Map<string, string>()
  readonly nowMs: () => number
  readonly #typists = new Set<Talk>()
  #messages = 0
  #events = 0

  /** `nowMs` when it is made is when all of it was said before. */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs
    const self: ConversationObject = { id: conversationOf(1), kind: 'self', name: 'me' }
    this.#add({ conversation: self, contact: undefined, lines: NOTES, part: undefined })
    for (const [at, part] of PARTS.entries()) this.#addPart(part, at + 2)
  }

  /** How the other end of a conversation is written to. */
  talk(reference: string): Talk {
    const wanted = reference.toLowerCase()
    const found = this.talks.find(({ contact, detail }) =>
      [
        ...[`id:${detail.id}`.toLowerCase(), detail.kind === 'self' ? 'me' : undefined],
        ...(contact === undefined
          ? []
          : [`acct:${contact.id}`, contact.handle, contact.claimedHandle]),
        ...(typeof contact?.alias === 'string' ? [`@${contact.alias}`] : []),
      ].some((name) => name?.toLowerCase() === wanted),
    )
    if (found !== undefined) return found
    throw new NotFoundError('recipient/unknown', `nobody in this made-up world is ${reference}`, {
      fix: 'There are those in the list, and no relay to look for others.',
    })
  }

  /** `@last`, an id, or the beginning of one. */
  line(reference: string): HistoryObject {
    const all = this.talks.flatMap(({ lines }) => lines)
    const found = all.filter(
      ({ message }) => reference.startsWith(`${message.id}@`) || message.id.startsWith(reference),
    )
    const [only] = found
    if (only !== undefined && found.length === 1) return only
    throw new NotFoundError('message/unknown', `there is no message ${reference}`)
  }

  /** Somebody new, with nothing said yet. */
  meet(handle: string): Talk {
    const part: Part = { handle, name: null, trust: 'known', lines: [] }
    return this.#addPart(part, this.talks.length + 1)
  }

  change(talk: Talk, changed: Partial<ConversationDetailObject>): ConversationDetailObject {
    talk.detail = { ...talk.detail, ...changed }
    return talk.detail
  }

  changeContact(talk: Talk, changed: Partial<ContactObject>): ContactObject {
    const { contact } = talk
    if (contact === undefined)
      throw new NotFoundError('recipient/unknown', 'the notes to self are nobody')
    const trust = changed.trust ?? contact.trust
    const alias = changed.alias === undefined ? contact.alias : changed.alias
    const name = alias === null ? (contact.handle ?? talk.detail.name) : `@${alias}`
    const conversation = { ...contact.conversation, name }
    talk.contact = { ...contact, ...changed, conversation }
    this.change(talk, { trust, name })
    return talk.contact
  }

  /** One more message, the newest of its conversation. */
  write(
    talk: Talk,
    line: { readonly text: string; readonly status?: MessageStatus; readonly replyTo?: string },
  ): HistoryObject {
    const answered = line.replyTo === undefined ? undefined : this.line(line.replyTo)
    const written = this.#line(talk, { ...line, ago: 0 }, answered)
    talk.lines.push(written)
    this.change(talk, {
      ...{ lastMessage: written.message, lastActivityAt: written.message.sentAt },
      ...(line.status === undefined ? { unread: talk.detail.unread + 1 } : {}),
      archived: false,
    })
    return written
  }

  /** Something happened, now unless it is said how many minutes ago. */
  note(talk: Talk, what: Happening, ago = 0): void {
    const ts = this.#time(ago)
    const { id, kind, name } = talk.detail
    const after = talk.lines.findLast(({ message }) => message.sentAt <= ts)?.message.id ?? null
    const common = { id: eventOf((this.#events += 1)), ts, after }
    talk.events.push({ ...common, conversation: { id, kind, name }, ...what })
  }

  /** They are nobody known any more; what was said stays. */
  forget(talk: Talk): void {
    if (talk.contact === undefined) return
    this.change(talk, { name: `acct:${talk.contact.id}` })
    talk.contact = undefined
  }

  takeBack(talk: Talk, id: MessageId): void {
    const at = talk.lines.findIndex(({ message }) => message.id === id)
    if (at >= 0) talk.lines.splice(at, 1)
    this.change(talk, { lastMessage: talk.lines.at(-1)?.message ?? null })
  }

  invite(uses: number): InviteObject {
    const made: InviteObject = {
      ...{ id: inviteOf(this.invites.length + 1), link: 'sotto://relay.example/i#made-up' },
      ...{ state: 'live', uses, usesLeft: uses, expiresAt: null, createdAt: this.#time(0) },
    }
    this.invites.push(made)
    return made
  }

  revoke(id: string): InviteObject {
    const at = this.invites.findIndex((each) => each.id.startsWith(id))
    const live = this.invites[at]
    if (live === undefined) throw new NotFoundError('invite/unknown', 'there is no such invite')
    return (this.invites[at] = { ...live, state: 'revoked', link: null })
  }

  setStatus(talk: Talk, id: MessageId, status: MessageStatus): void {
    const line = talk.lines.find(({ message }) => message.id === id)
    if (line !== undefined) this.rewrite(talk, { ...line.message, status })
  }

  /** Another message in the place of the one with its id, in the list and in answers to it too. */
  rewrite(talk: Talk, message: MessageObject): void {
    const { id } = message
    for (const [at, line] of talk.lines.entries()) {
      if (line.message.id === id) talk.lines[at] = { ...line, message }
      const { replyTo } = line.message
      if (replyTo?.id === id)
        talk.lines[at] = {
          ...line,
          message: { ...line.message, replyTo: quoting(replyTo, message) },
        }
    }
    if (talk.detail.lastMessage?.id === id) this.change(talk, { lastMessage: message })
  }

  switchTyping(on: boolean): AccountObject {
    this.account = { ...this.account, typing: on }
    return this.account
  }

  get now(): string {
    return this.#time(0)
  }

  /** Off, nobody has read anything as far as one sees. */
  switchReadReceipts(on: boolean): AccountObject {
    this.account = { ...this.account, readReceipts: on }
    if (on) return this.account
    for (const talk of this.talks)
      for (const { message } of talk.lines.filter((line) => line.message.status === 'read'))
        this.setStatus(talk, message.id, 'delivered')
    return this.account
  }

  /** The other end writes, or no more; undefined where nothing is otherwise than it was. */
  typing(talk: Talk, started: boolean): EventBody | undefined {
    if (this.#typists.has(talk) === started) return undefined
    if (started) this.#typists.add(talk)
    else this.#typists.delete(talk)
    const { id, kind, name } = talk.detail
    const type = started ? 'typing.started' : 'typing.stopped'
    return { type, conversation: { id, kind, name }, sender: this.senderIn(talk, false) }
  }

  event(body: EventBody): EventObject {
    const seq = (this.#events += 1)
    const common = { seq, id: eventOf(seq), ts: this.#time(0), account: 'you.42' }
    return { ...common, ...body }
  }

  #addPart(part: Part, number: number): Talk {
    const isRequest = part.trust === 'request'
    const handle = `@${part.handle}`
    const id = accountOf(number)
    const name = part.alias !== undefined ? `@${part.alias}` : isRequest ? `acct:${id}` : handle
    const conversation: ConversationObject = { id: conversationOf(number), kind: 'direct', name }
    const contact: ContactObject = {
      ...{ id, handle: isRequest ? null : handle, alias: part.alias ?? null, name: part.name },
      ...{ trust: part.trust, conversation, blocked: false, status: part.about ?? null },
      ...(isRequest ? { claimedHandle: handle } : {}),
      ...(part.is?.includes('changed') === true ? { successor: accountOf(number + 1000) } : {}),
    }
    return this.#add({ conversation, contact, lines: part.lines, part })
  }

  #add({
    conversation,
    contact,
    lines,
    part,
  }: {
    readonly conversation: ConversationObject
    readonly contact: ContactObject | undefined
    readonly lines: readonly Line[]
    readonly part: Part | undefined
  }): Talk {
    const is = (flag: NonNullable<Part['is']>[number]): boolean => part?.is?.includes(flag) === true
    const talk: Talk = {
      ...{ contact, lines: [], events: [], isBot: is('bot') },
      detail: {
        ...{ ...conversation, trust: part?.trust ?? 'verified', unread: part?.unread ?? 0 },
        ...{ markedUnread: is('marked'), muted: is('muted'), mutedUntil: null, notify: 'all' },
        ...{ archived: is('archived'), pinned: is('pinned'), lastMessage: null },
        lastActivityAt: this.#time(lines.at(-1)?.ago ?? 60 * 24 * 30),
      },
    }
    for (const [at, line] of lines.entries()) {
      const answered = line.answers === undefined ? undefined : talk.lines[at - line.answers]
      talk.lines.push(this.#line(talk, line, answered))
    }
    for (const { ago, what } of part?.happened ?? []) this.note(talk, what, ago)
    const newest = talk.lines.at(-1)
    if (newest !== undefined) this.change(talk, { lastMessage: newest.message })
    this.talks.push(talk)
    return talk
  }

  #line(
    talk: Talk,
    { text, status, ago, edited, deleted, reacted = [] }: Omit<Line, 'answers'>,
    answered: HistoryObject | undefined,
  ): HistoryObject {
    const own = status !== undefined
    const { id, kind, name } = talk.detail
    const message: MessageObject = {
      id: messageOf((this.#messages += 1), this.nowMs() - ago * MINUTE_MS),
      ...{ sentAt: this.#time(ago), text, attachments: [], expiresAt: null },
      replyTo:
        answered === undefined
          ? null
          : quoting({ id: answered.message.id, author: answered.sender.id }, answered.message),
      ...(own ? { status } : {}),
      ...(edited === undefined ? {} : { edited: true, editedAt: this.#time(edited) }),
      ...(deleted === true ? { text: null, deleted } : {}),
      ...(reacted.length === 0
        ? {}
        : {
            reactions: reacted.map(([by, emoji]) => {
              return { emoji, sender: this.senderIn(talk, by === 'me'), at: this.#time(ago) }
            }),
          }),
      ...(talk.detail.trust === 'request' && !own ? { held: true as const } : {}),
    }
    return { message, sender: this.senderIn(talk, own), conversation: { id, kind, name } }
  }

  senderIn({ contact, detail }: Talk, own: boolean): SenderObject {
    if (own || contact === undefined) {
      const { id, name = null } = this.account
      return { id, handle: '@you.42', name, device: 1, trust: 'verified', self: true }
    }
    const { id, handle, name, claimedHandle, successor } = contact
    return {
      ...{ id, handle, name, device: 1, trust: detail.trust, self: false },
      ...(claimedHandle === undefined ? {} : { claimedHandle }),
      ...(successor === undefined ? {} : { changed: true as const }),
    }
  }

  #time(agoMinutes: number): string {
    return new Date(this.nowMs() - agoMinutes * MINUTE_MS).toISOString()
  }
}

/** With how the message begins now. */
function quoting({ id, author }: ReplyObject, { text, deleted }: MessageObject): ReplyObject {
  const quote = text?.split('\n')[0]?.slice(0, QUOTE_LENGTH_MAX)
  return {
    ...{ id, author },
    ...(quote === undefined ? {} : { quote }),
    ...(deleted === true ? { deleted: true as const } : {}),
  }
}
