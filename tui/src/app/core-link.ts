import type { Client, EventObject } from '@sotto/client-core'
import { asSottoError, type ConversationId } from '@sotto/protocol'

import type { Action } from '../model/action.js'
import type { Answer } from '../model/answer.js'
import { reference, type Call, type Effect } from '../model/effect.js'
import type { UiState } from '../model/state.js'

export type ScreenClient = Pick<Client, 'account' | 'call' | 'subscribe'>

/** Events of so long are told at once; keys wait for none of them. */
const GATHER_MS = 100
/** The same while nobody looks. */
const GATHER_UNWATCHED_MS = 250
/** Drafts are written at most so often. */
const DRAFT_MS = 1_000
/** Node's timers end at 24 days; the connection is kept open long after. */
const CONNECT_MS_MAX = 24 * 60 * 60 * 1000

/** What is done outside of the core has another place. */
export type CoreEffect = Extract<
  Effect,
  { readonly kind: 'load-list' | 'load-page' | 'refresh' | 'send' | 'call' | 'ask' | 'save-draft' }
>

/**
 * The core, as the screen has it: effects go down, actions come up. Nothing waits for an answer, and
 * whatever fails is told.
 */
export class CoreLink {
  readonly #client: ScreenClient
  readonly #dispatch: (action: Action) => void
  readonly #state: () => UiState
  readonly #unsubscribe: () => void
  readonly #drafts = new Map<ConversationId, string>()
  #events: EventObject[] = []
  #gathering: NodeJS.Timeout | undefined
  #saving: NodeJS.Timeout | undefined
  #isListOld = false
  #isListing = false

  constructor(
    client: ScreenClient,
    { dispatch, state }: { dispatch: (action: Action) => void; state: () => UiState },
  ) {
    this.#client = client
    this.#dispatch = dispatch
    this.#state = state
    this.#unsubscribe = client.subscribe((event) => this.#gather(event))
  }

  /** Asks for all that is there, and keeps the relay reached. */
  begin(): void {
    this.#loadList()
    this.#tell(async () => {
      for (const { conversation, draft } of await this.#client.call('draft.list', {}))
        this.#dispatch({ kind: 'draft', conversation, draft })
    })
    this.#tell(async () => {
      await this.#client.call('relay.connect', { timeoutMs: CONNECT_MS_MAX })
      this.#dispatch({ kind: 'connected' })
    })
  }

  run(effect: CoreEffect): void {
    switch (effect.kind) {
      case 'load-list':
        this.#loadList()
        return
      case 'load-page':
        this.#tell(() => this.#loadPage(effect))
        return
      case 'refresh':
        this.#tell(() => this.#refresh(effect.conversation))
        return
      case 'send':
        this.#send(effect)
        return
      case 'call':
        this.#tell(async () => {
          await this.#client.call(effect.call.method, effect.call.params)
          if (effect.done !== undefined) this.#dispatch({ kind: 'done', text: effect.done })
        })
        return
      case 'ask':
        void this.#ask(effect.call)
        return
      case 'save-draft':
        this.#drafts.set(effect.conversation, effect.draft)
        this.#saving ??= setTimeout(() => this.#tell(() => this.saveDrafts()), DRAFT_MS)
        return
    }
  }

  /** What is not saved yet, now. */
  async saveDrafts(): Promise<void> {
    clearTimeout(this.#saving)
    this.#saving = undefined
    const drafts = [...this.#drafts]
    this.#drafts.clear()
    for (const [conversation, draft] of drafts)
      await this.#client.call('draft.save', { conversation: reference(conversation), draft })
  }

  async close(): Promise<void> {
    this.#unsubscribe()
    clearTimeout(this.#gathering)
    await this.saveDrafts()
  }

  #gather(event: EventObject): void {
    this.#events.push(event)
    const waitMs = this.#state().isWatched ? GATHER_MS : GATHER_UNWATCHED_MS
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      const events = this.#events
      this.#events = []
      this.#dispatch({ kind: 'events', events, nowMs: Date.now() })
    }, waitMs)
  }

  /** One at a time; what changes meanwhile is asked for once more. */
  #loadList(): void {
    this.#isListOld = true
    if (this.#isListing) return
    this.#isListing = true
    this.#tell(async () => {
      try {
        await this.#list()
      } finally {
        this.#isListing = false
      }
    })
  }

  async #list(): Promise<void> {
    while (this.#isListOld) {
      this.#isListOld = false
      const [conversations, contacts, outbox] = await Promise.all([
        this.#client.call('conversation.list', {}),
        this.#client.call('contact.list', {}),
        this.#client.call('outbox.list', {}),
      ])
      const queued = outbox.filter(({ status }) => status === 'queued').length
      this.#dispatch({ kind: 'list', conversations, contacts, queued })
    }
  }

  async #loadPage(effect: Extract<Effect, { readonly kind: 'load-page' }>): Promise<void> {
    const { conversation, which, from, limit } = effect
    const ask = { conversation: reference(conversation), limit }
    switch (which) {
      case 'newest':
      case 'older':
      case 'newer': {
        const range =
          from === undefined ? {} : which === 'newer' ? { after: from } : { before: from }
        const lines = await this.#client.call('conversation.history', { ...ask, ...range })
        this.#dispatch({ kind: 'page', conversation, which, lines, isFull: lines.length === limit })
        return
      }
      case 'around': {
        if (from === undefined) return
        const half = { ...ask, limit: Math.ceil(limit / 2) }
        const before = await this.#client.call('conversation.history', { ...half, before: from })
        const [first] = before
        const after = {
          ...ask,
          limit: limit * 2,
          ...(first === undefined ? {} : { after: first.message.id }),
        }
        const lines = await this.#client.call('conversation.history', after)
        const all = first === undefined ? lines : [first, ...lines]
        const isFull = lines.length === limit * 2
        this.#dispatch({ kind: 'page', conversation, which, lines: all, isFull })
      }
    }
  }

  /** What is loaded, as it is now, and what has come since where the end of it is shown. */
  async #refresh(conversation: ConversationId): Promise<void> {
    const chat = this.#state().chats.get(conversation)
    if (chat === undefined || chat.loading !== undefined) return
    const first = chat.entries.find(({ kind }) => kind === 'message')
    const ask = { conversation: reference(conversation) }
    const limit = chat.entries.length + (chat.atEnd ? REFRESH_MESSAGES_MAX : 0)
    if (first === undefined) {
      const lines = await this.#client.call('conversation.history', { ...ask, limit })
      this.#dispatch({
        kind: 'page',
        conversation,
        which: 'newest',
        lines,
        isFull: lines.length === limit,
      })
      return
    }
    const lines = await this.#client.call('conversation.history', {
      ...ask,
      limit,
      after: first.id,
    })
    const [shown] = await this.#client.call('conversation.history', {
      ...{ ...ask, limit: 1 },
      ...(lines[0] === undefined ? {} : { before: lines[0].message.id }),
    })
    const all = shown === undefined ? lines : [shown, ...lines]
    this.#dispatch({ kind: 'page', conversation, which: 'refresh', lines: all, isFull: false })
  }

  #send({ conversation, text, replyTo }: Extract<Effect, { readonly kind: 'send' }>): void {
    this.#client
      .call('message.send', {
        ...{ to: [reference(conversation)], text, wait: 'queued' },
        ...(replyTo === undefined ? {} : { replyTo }),
      })
      .catch((thrown: unknown) => {
        this.#dispatch({ kind: 'not-sent', conversation, text, error: asSottoError(thrown) })
      })
  }

  async #ask(call: Call): Promise<void> {
    let action: Action
    try {
      const result = await this.#client.call(call.method, call.params)
      // The result is that of the method, which TypeScript cannot follow through a union.
      action = { kind: 'answer', answer: { ...call, result } as unknown as Answer }
    } catch (thrown) {
      action = { kind: 'refused', refusal: { call, error: asSottoError(thrown) } }
    }
    this.#dispatch(action)
  }

  #tell(work: () => Promise<void>): void {
    work().catch((thrown: unknown) => {
      this.#dispatch({ kind: 'failed', error: asSottoError(thrown) })
    })
  }
}

/** More than come in between two refreshes. */
const REFRESH_MESSAGES_MAX = 200
