import type {
  ConversationDetailObject,
  ConversationObject,
  EventObject,
  HistoryObject,
  MessageObject,
  MessageStatus,
} from '@sotto/client-core'
import { asSottoError, NotFoundError, UsageError } from '@sotto/protocol'
import type { Readable, Writable } from 'node:stream'

import { messageReference } from '../model/effect.js'
import { isTold } from '../model/notify-rule.js'
import { renderEvent, renderStatus, type Look } from '../text/messages.js'
import type { Paint } from '../text/paint.js'
import { safeLine, safeLines } from '../text/safe-text.js'
import { renderPage } from '../text/timeline-event.js'
import { conversationOf, type ChatConversation } from './chat-conversation.js'
import { parseLine } from './chat-line.js'
import type { ChatClient } from './chat-client.js'
import { isChange, renderChange, type OfMessage } from './line-changes.js'
import type { LineDoor } from './line-command.js'
import { LINE_COMMANDS } from './line-commands.js'
import { findConversation, renderBanner, renderConversations } from './line-list.js'
import { openScreen, type LineScreen } from './line-screen.js'
import { LineTyping } from './line-typing.js'

/** Messages shown at the beginning. */
const HISTORY_MESSAGES = 20
/** Node's timers end at 24 days; the connection is kept open long after. */
const CONNECT_MS_MAX = 24 * 60 * 60 * 1000

export interface LineChatOptions {
  readonly client: ChatClient
  /** Undefined: the only one there is, else they are listed and one is chosen by its number. */
  readonly conversation: ChatConversation | undefined
  readonly input: Readable
  readonly output: Writable
  /** Input and output are one terminal. */
  readonly terminal: boolean
  readonly paint: Paint
  readonly nowMs: () => number
  /** Where conversations are written to. */
  readonly files: LineDoor['files']
  /** Ends the chat as if the person had left. */
  readonly signal?: AbortSignal
}

/**
 * The chat as lines, each printed once: shows the last messages and what comes, from everybody, sends
 * what is typed. Resolves when the person leaves (`/quit`, Ctrl-D) or interrupts (Ctrl-C); what was
 * typed by then is on disk. A relay that goes away is a line: messages wait until it is back.
 * Rejects with what the system says where the input cannot be read.
 */
export async function openLineChat(options: LineChatOptions): Promise<'left' | 'interrupted'> {
  return new Promise((finish, fail) => {
    new LineChat(options, { finish, fail }).begin()
  })
}

/** An event that brings a message. */
type MessageEvent = Extract<EventObject, { readonly message: MessageObject }>

/** Who waits for the end of a chat. */
interface Ended {
  readonly finish: (how: 'left' | 'interrupted') => void
  readonly fail: (thrown: unknown) => void
}

class LineChat {
  readonly #options: LineChatOptions
  readonly #screen: LineScreen
  readonly #ended: Ended
  readonly #unsubscribe: () => void
  readonly #typing = new LineTyping()
  #here: ChatConversation | undefined
  /** The id of the open conversation, known from its first message on. */
  #id: string | undefined
  /** What numbers mean: the conversations as they were listed last. */
  #listed: readonly ConversationDetailObject[] = []
  /** The oldest message that was shown of the open conversation, and the last that came. */
  #oldest: string | undefined
  #lastReceived: string | undefined
  #lastSent: string | undefined
  /** What came before the history was shown; then undefined. */
  #early: EventObject[] | undefined = []
  #offline = false
  /** Lines are taken one after the other. */
  #working: Promise<void> = Promise.resolve()

  constructor(options: LineChatOptions, ended: Ended) {
    this.#options = options
    this.#ended = ended
    const { input, output, terminal } = options
    this.#screen = openScreen(
      { input, output, terminal },
      {
        line: (text) => this.#take(text),
        end: (how) => this.#leave(how),
        fail: (thrown) => this.#close(() => this.#ended.fail(thrown)),
      },
    )
    this.#unsubscribe = options.client.subscribe((event) => this.#show(event))
    options.signal?.addEventListener('abort', () => this.#leave('interrupted'), { once: true })
  }

  begin(): void {
    this.#working = this.#begin().catch((error: unknown) => this.#complain(error))
  }

  async #begin(): Promise<void> {
    const { client, conversation } = this.#options
    try {
      if (conversation === undefined) await this.#choose()
      else await this.#open(conversation)
    } finally {
      for (const event of this.#early?.splice(0) ?? []) this.#show(event)
      this.#early = undefined
    }
    client
      .call('relay.connect', { timeoutMs: CONNECT_MS_MAX })
      .catch((error: unknown) => this.#complain(error))
  }

  async #choose(): Promise<void> {
    const all = await this.#options.client.call('conversation.list', { which: 'all' })
    const shown = all.filter(({ archived }) => !archived)
    const [only] = shown
    if (only !== undefined && shown.length === 1) await this.#open(conversationOf(only))
    else this.#list(shown)
  }

  #list(conversations: readonly ConversationDetailObject[]): void {
    this.#listed = conversations
    for (const line of renderConversations(conversations, this.#look)) this.#screen.print(line)
    this.#note(
      conversations.length === 0
        ? 'no conversations; /new @bob.42 begins one, /invite makes a link, /help tells the rest'
        : '/open and a number or name chooses one; /help tells the rest',
    )
  }

  async #open(conversation: ChatConversation): Promise<void> {
    const { client } = this.#options
    const contacts = await client.call('contact.list', {})
    const contact = contacts.find(
      ({ id, conversation: { id: own } }) =>
        conversation.to === `acct:${id}` || conversation.to === `id:${own}`,
    )
    this.#here = conversation
    this.#id = contact?.conversation.id
    this.#lastReceived = undefined
    const lines = await client.call('conversation.history', {
      ...{ conversation: conversation.to, limit: HISTORY_MESSAGES },
    })
    await this.#print(conversation.to, lines)
    this.#oldest = lines[0]?.message.id
    const received = lines.findLast(({ sender }) => !sender.self)
    this.#lastReceived = received && messageReference(received)
    this.#id ??= lines.at(-1)?.conversation.id
    this.#screen.print(renderBanner(conversation.name, contact, this.#options.paint))
    this.#markRead(conversation)
  }

  /** Messages, oldest first, and what happened between them and behind them. */
  async #print(
    conversation: string,
    lines: readonly HistoryObject[],
    { through }: { readonly through?: string | undefined } = {},
  ): Promise<void> {
    const isFirst = lines.length < HISTORY_MESSAGES
    const from = isFirst ? undefined : lines[0]?.message.id
    const { client } = this.#options
    const events = await client.call('conversation.events', { conversation, from, through })
    for (const text of renderPage(lines, events, this.#look)) this.#screen.print(text)
  }

  async #older(): Promise<void> {
    const conversation = this.#reference()
    const lines =
      this.#oldest === undefined
        ? []
        : await this.#options.client.call('conversation.history', {
            ...{ conversation, before: this.#oldest, limit: HISTORY_MESSAGES },
          })
    if (lines.length > 0)
      await this.#print(conversation, lines, { through: lines.at(-1)?.message.id })
    this.#oldest = lines[0]?.message.id ?? this.#oldest
    this.#note(lines.length === 0 ? 'the conversation begins here' : 'what was said before')
  }

  /** A number of the list, or a name as it is shown there. */
  async #openWritten(written: string): Promise<void> {
    const numbered = /^\d+$/.test(written) ? this.#listed[Number(written) - 1] : undefined
    const found = numbered ?? (await findConversation(this.#options.client, written))
    if (found !== undefined) return this.#open(conversationOf(found))
    throw new NotFoundError('recipient/unknown', `no conversation here is ${written}`, {
      fix: '/list shows them, /new @bob.42 begins one.',
    })
  }

  #reference(): string {
    if (this.#here !== undefined) return this.#here.to
    throw new UsageError('usage/invalid', 'no conversation is open', {
      fix: '/list shows them, /open and a number opens one.',
    })
  }

  get #look(): Look {
    return { paint: this.#options.paint, nowMs: this.#options.nowMs() }
  }

  #markRead({ to: conversation }: ChatConversation): void {
    this.#options.client
      .call('conversation.markRead', { conversation })
      .catch((error: unknown) => this.#complain(error))
  }

  #take(text: string): void {
    this.#working = this.#working
      .then(() => this.#run(text))
      .catch((error: unknown) => this.#complain(error))
  }

  async #run(text: string): Promise<void> {
    const line = parseLine(text)
    switch (line.kind) {
      case 'nothing':
        return
      case 'text':
        // Where nothing is open a number can only be that of the list.
        if (this.#here === undefined && /^\d+$/.test(line.text.trim()))
          return this.#openWritten(line.text.trim())
        return this.#send(line.text)
      case 'command': {
        const command = Object.hasOwn(LINE_COMMANDS, line.name)
          ? LINE_COMMANDS[line.name]
          : undefined
        if (command === undefined) this.#note(`no such command: /${line.name}   /help`)
        else await command.run(this.#door, line.args)
      }
    }
  }

  get #door(): LineDoor {
    const { client, files } = this.#options
    return {
      ...{ client, files, look: this.#look },
      here: () => this.#reference(),
      open: (written) => this.#openWritten(written),
      list: (conversations) => this.#list(conversations),
      older: () => this.#older(),
      shut: () => (this.#here = undefined),
      reply: (text) => this.#send(text, this.#lastReceived),
      print: (text) => this.#screen.print(text),
      note: (text) => this.#note(text),
      leave: () => this.#leave('left'),
    }
  }

  async #send(text: string, replyTo?: string): Promise<void> {
    const { result } = await this.#options.client.call('message.send', {
      ...{ to: [this.#reference()], text, wait: 'queued' },
      ...(replyTo === undefined ? {} : { replyTo }),
    })
    this.#id ??= result.conversation?.id
  }

  #show(event: EventObject): void {
    if (this.#early !== undefined) {
      this.#early.push(event)
      return
    }
    if (event.type === 'typing.started' && !this.#isTypingLine(event.conversation)) return
    switch (event.type) {
      case 'connection.state': {
        this.#showConnection(event.state)
        return
      }
      case 'message.received':
      case 'contact.request': {
        this.#showReceived(event)
        return
      }
      case 'message.sent':
      case 'message.edited':
      case 'message.deleted':
      case 'reaction.added':
      case 'reaction.removed': {
        this.#showHere(event)
        return
      }
      case 'message.status':
        this.#showStatus(event)
        return
      case 'typing.started':
      case 'change.failed':
      case 'message.undecryptable':
      case 'identity.changed':
      case 'gap': {
        this.#screen.print(renderEvent(event, this.#look))
        return
      }
      case 'typing.stopped':
      case 'contact.changed':
      case 'conversation.changed':
      case 'account.changed':
      case 'backlog.done':
    }
  }

  #isTypingLine(conversation: ConversationObject): boolean {
    if (!this.#options.terminal || !this.#isHere(conversation)) return false
    return this.#typing.isLine(conversation, this.#options.nowMs())
  }

  /** What oneself wrote, from here or another process, and what became of the messages that stand here. */
  #showHere(event: OfMessage): void {
    if (!this.#isHere(event.conversation)) return
    if (event.type === 'message.sent') {
      this.#lastSent = event.message.id
      this.#screen.setState('')
    }
    const print = (text: string): void => this.#screen.print(text)
    if (isChange(event)) void renderChange(this.#options.client, event, this.#look).then(print)
    else print(renderEvent(event, this.#look))
  }

  #showReceived(event: MessageEvent): void {
    // A stranger is told of once, by the request.
    const isHere = this.#isHere(event.conversation)
    if (!isHere && event.type === 'message.received' && event.message.held === true) return
    if (!isHere || this.#here === undefined) {
      this.#showElsewhere(event).catch((error: unknown) => this.#complain(error))
      return
    }
    this.#screen.print(renderEvent(event, this.#look))
    this.#lastReceived = messageReference(event)
    this.#markRead(this.#here)
  }

  async #showElsewhere(event: MessageEvent): Promise<void> {
    const conversation = `id:${event.conversation.id}`
    const { client } = this.#options
    const rules = await client.call('conversation.show', { conversation })
    const { username } = await client.call('account.current', {})
    if (isTold(rules, event.message, { username, nowMs: this.#options.nowMs() }))
      this.#screen.print(renderEvent(event, this.#look))
  }

  #showStatus(event: Extract<EventObject, { readonly type: 'message.status' }>): void {
    const { id, status } = event.message
    if (status === 'failed') this.#screen.print(renderEvent(event, this.#look))
    else if (id === this.#lastSent) this.#showState(status)
  }

  #showState(status: MessageStatus): void {
    this.#screen.setState(renderStatus(status, this.#options.paint))
  }

  #showConnection(state: 'connecting' | 'online' | 'offline'): void {
    if (state === 'connecting' || (state === 'offline') === this.#offline) return
    this.#offline = state === 'offline'
    this.#note(
      this.#offline
        ? 'the relay cannot be reached: what you write waits, and is sent when it is back'
        : 'connected again',
    )
  }

  #isHere({ id, kind }: ConversationObject): boolean {
    if (this.#here === undefined) return false
    return this.#here.kind === 'self' ? kind === 'self' : id === this.#id
  }

  #complain(thrown: unknown): void {
    const error = asSottoError(thrown)
    if (error.code === 'temporary/interrupted') return // The chat is closing.
    const fixes = error.fix === '' ? [] : safeLines(error.fix)
    const what = `${this.#options.paint.bad('error:')} ${safeLine(error.message)}  [${error.code}]`
    this.#screen.print([what, ...fixes.map((fix) => `  ${fix}`)].join('\n'))
  }

  #note(text: string): void {
    this.#screen.print(this.#options.paint.dim(`-- ${text}`))
  }

  #leave(how: 'left' | 'interrupted'): void {
    this.#close(() => this.#ended.finish(how))
  }

  #close(then: () => void): void {
    // What was typed before leaving goes to disk first.
    void this.#working.finally(() => {
      this.#unsubscribe()
      this.#screen.close()
      then()
    })
  }
}
