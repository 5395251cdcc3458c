import type {
  Client,
  ContactObject,
  ConversationObject,
  EventObject,
  MessageObject,
  MessageStatus,
} from '@sotto/client-core'
import { asSottoError } from '@sotto/protocol'
import type { Readable, Writable } from 'node:stream'

import { renderEvent, renderMessage, renderStatus, type Look } from '../text/messages.js'
import type { Paint } from '../text/paint.js'
import { safeLine, safeLines } from '../text/safe-text.js'
import { parseLine } from './chat-line.js'
import { openScreen, type LineScreen } from './line-screen.js'

/** Messages shown at the beginning. */
const HISTORY_MESSAGES = 20
/** Node's timers end at 24 days; the connection is kept open long after. */
const CONNECT_MS_MAX = 24 * 60 * 60 * 1000

export type ChatClient = Pick<Client, 'call' | 'subscribe'>

export interface LineChatOptions {
  readonly client: ChatClient
  readonly conversation: ChatConversation
  readonly input: Readable
  readonly output: Writable
  /** Input and output are one terminal. */
  readonly terminal: boolean
  readonly paint: Paint
  readonly nowMs: () => number
  /** Ends the chat as if the person had left. */
  readonly signal?: AbortSignal
}

export interface ChatConversation {
  /** As a recipient: `acct:…`, `me`. */
  readonly to: string
  readonly name: string
  readonly kind: ConversationObject['kind']
}

/**
 * The plain line prompt: shows the last messages and what comes, sends what is typed. Resolves when
 * the person leaves (`/quit`, Ctrl-D) or interrupts (Ctrl-C); what was typed by then is on disk. A
 * relay that goes away is a line on the screen: messages wait and are sent when it is back.
 */
export async function openLineChat(options: LineChatOptions): Promise<'left' | 'interrupted'> {
  return new Promise((resolve) => {
    const chat = new LineChat(options, resolve)
    chat.begin()
  })
}

/** An event that brings a message. */
type MessageEvent = Extract<EventObject, { readonly message: MessageObject }>

class LineChat {
  readonly #options: LineChatOptions
  readonly #screen: LineScreen
  readonly #finish: (how: 'left' | 'interrupted') => void
  readonly #unsubscribe: () => void
  /** The conversation's id, known from its first message on. */
  #id: string | undefined
  #lastSent: string | undefined
  /** What came before the history was shown; then undefined. */
  #early: EventObject[] | undefined = []
  #offline = false
  #sending: Promise<void> = Promise.resolve()

  constructor(options: LineChatOptions, finish: (how: 'left' | 'interrupted') => void) {
    this.#options = options
    this.#finish = finish
    const { input, output, terminal } = options
    this.#screen = openScreen(
      { input, output, terminal },
      { line: (text) => this.#take(text), end: (how) => this.#leave(how) },
    )
    this.#unsubscribe = options.client.subscribe((event) => this.#show(event))
    options.signal?.addEventListener('abort', () => this.#leave('interrupted'), { once: true })
  }

  begin(): void {
    this.#open().catch((error: unknown) => this.#complain(error))
  }

  async #open(): Promise<void> {
    const { client, conversation } = this.#options
    const contacts = await client.call('contact.list', {})
    const contact = contacts.find(({ id }) => conversation.to === `acct:${id}`)
    this.#id = contact?.conversation.id
    const lines = await client.call('conversation.history', {
      ...{ conversation: conversation.to, limit: HISTORY_MESSAGES },
    })
    for (const line of lines) this.#screen.print(renderMessage(line, this.#look))
    this.#id ??= lines.at(-1)?.conversation.id
    this.#screen.print(this.#banner(contact))
    for (const event of this.#early?.splice(0) ?? []) this.#show(event)
    this.#early = undefined
    this.#markRead()
    await client.call('relay.connect', { timeoutMs: CONNECT_MS_MAX })
  }

  get #look(): Look {
    return { paint: this.#options.paint, nowMs: this.#options.nowMs() }
  }

  #markRead(): void {
    const { client, conversation } = this.#options
    client
      .call('conversation.markRead', { conversation: conversation.to })
      .catch((error: unknown) => this.#complain(error))
  }

  #banner(contact: ContactObject | undefined): string {
    const { conversation, paint } = this.#options
    const trust =
      contact?.trust === 'request'
        ? 'a request: /accept to answer it'
        : contact?.trust === 'known'
          ? 'not verified: /verify'
          : (contact?.trust ?? 'notes to yourself')
    return paint.dim(`-- ${safeLine(conversation.name)} -- ${trust} -- /help --`)
  }

  #take(text: string): void {
    const line = parseLine(text)
    switch (line.kind) {
      case 'nothing':
        return
      case 'text':
        this.#sending = this.#sending.then(() => this.#send(line.text))
        return
      case 'help': {
        this.#note('/quit  /accept  /verify   a text that begins with /: //text')
        return
      }
      case 'quit': {
        this.#leave('left')
        return
      }
      case 'accept':
        return void this.#accept()
      case 'verify':
        return void this.#verify()
      case 'unknown': {
        this.#note(`no such command: ${line.command}   /help`)
        return
      }
    }
  }

  async #send(text: string): Promise<void> {
    const { client, conversation } = this.#options
    try {
      const { result } = await client.call('message.send', {
        ...{ to: [conversation.to], text, wait: 'queued' },
      })
      this.#id ??= result.conversation?.id
    } catch (error) {
      this.#complain(error)
    }
  }

  async #accept(): Promise<void> {
    try {
      await this.#options.client.call('contact.accept', { to: this.#options.conversation.to })
    } catch (error) {
      this.#complain(error)
    }
  }

  async #verify(): Promise<void> {
    try {
      const { safetyNumber } = await this.#options.client.call('verify.show', {
        to: this.#options.conversation.to,
      })
      const groups = safetyNumber.match(/\d{5}/g) ?? []
      this.#note(`compare by voice or in person:\n  ${groups.join(' ')}`)
    } catch (error) {
      this.#complain(error)
    }
  }

  #show(event: EventObject): void {
    if (this.#early !== undefined) {
      this.#early.push(event)
      return
    }
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
        if (!this.#isHere(event.conversation)) return
        this.#lastSent = event.message.id
        this.#screen.setState('')
        {
          this.#screen.print(renderMessage(event, this.#look))
          return
        }
      case 'message.status': {
        this.#showStatus(event)
        return
      }
      case 'message.undecryptable':
      case 'identity.changed':
      case 'gap': {
        this.#screen.print(renderEvent(event, this.#look))
        return
      }
      case 'contact.changed':
      case 'backlog.done':
    }
  }

  #showReceived(event: MessageEvent): void {
    if (!this.#isHere(event.conversation)) {
      // A stranger is told of once, by the request.
      if (event.type === 'message.received' && event.message.held === true) return
      this.#note(`${safeLine(event.conversation.name)} wrote to you`)
      return
    }
    this.#screen.print(renderEvent(event, this.#look))
    this.#markRead()
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
    const { conversation } = this.#options
    if (conversation.kind === 'self') return kind === 'self'
    return id === this.#id
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
    // What was typed before leaving goes to disk first.
    void this.#sending.finally(() => {
      this.#unsubscribe()
      this.#screen.close()
      this.#finish(how)
    })
  }
}
