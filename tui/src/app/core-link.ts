import type { EventObject } from '@sotto/client-core'
import { asSottoError, type ConversationId } from '@sotto/protocol'

import type { Action } from '../model/action.js'
import type { Answer } from '../model/answer.js'
import { messageOf } from '../model/chat.js'
import { messageReference, reference, type Call, type Effect } from '../model/effect.js'
import type { UiState } from '../model/state.js'
import { ChangeReader } from './change-reader.js'
import { readPage } from './pages.js'
import { ReadMarks } from './read-marks.js'
import type { ScreenClient } from './screen-client.js'
import { TypingTeller } from './typing-teller.js'

/** Events of so long are told at once; keys wait for none of them. */
const GATHER_MS = 100
/** The same while nobody looks. */
const GATHER_UNWATCHED_MS = 250
/** Drafts are written at most so often. */
const DRAFT_MS = 1_000
/** A search waits for keys that come within this. */
const SEARCH_MS = 150
const SEARCH_HITS_MAX = 100
/** Node's timers end at 24 days; the connection is kept open long after. */
const CONNECT_MS_MAX = 24 * 60 * 60 * 1000

/** What is done outside of the core has another place. */
export type CoreEffect = Extract<
  Effect,
  {
    readonly kind:
      | 'load-list'
      | 'load-conversations'
      | 'load-page'
      | 'refresh'
      | 'load-lines'
      | 'send'
      | 'edit'
      | 'call'
      | 'ask'
      | 'search'
      | 'save-draft'
      | 'typing'
  }
>

type EditEffect = Extract<Effect, { readonly kind: 'edit' }>

/**
 * The core, as the screen has it: effects go down, actions come up. Nothing waits for an answer, and
 * whatever fails is told.
 */
export class CoreLink {
  readonly #client: ScreenClient
  readonly #dispatch: (action: Action) => void
  readonly #state: () => UiState
  readonly #nowMs: () => number
  readonly #unsubscribe: () => void
  readonly #changes: ChangeReader
  readonly #drafts = new Map<ConversationId, string>()
  readonly #readMarks: ReadMarks
  readonly #typing: TypingTeller
  /** The last mark that was asked for. */
  #marking: Promise<void> = Promise.resolve()
  #events: EventObject[] = []
  #gathering: NodeJS.Timeout | undefined
  #saving: NodeJS.Timeout | undefined
  #searching: NodeJS.Timeout | undefined
  /** What is being taken by the core, by conversation, since its draft was saved last. */
  readonly #sending = new Map<ConversationId, Promise<unknown>>()
  /** Edits that are being taken by the core. */
  readonly #changing = new Set<Promise<unknown>>()
  /** What is answered from now on is for nobody. */
  #isClosed = false

  constructor(
    client: ScreenClient,
    {
      dispatch,
      state,
      nowMs,
    }: { dispatch: (action: Action) => void; state: () => UiState; nowMs: () => number },
  ) {
    this.#client = client
    this.#dispatch = (action) => {
      if (!this.#isClosed) dispatch(action)
    }
    this.#state = state
    this.#nowMs = nowMs
    this.#readMarks = new ReadMarks((conversation) => {
      this.#marking = this.#told(async () => {
        await client.call('conversation.markRead', { conversation })
      })
    })
    this.#typing = new TypingTeller(client)
    this.#changes = new ChangeReader(client, { dispatch: this.#dispatch, state })
    this.#unsubscribe = client.subscribe((event) => this.#gather(event))
  }

  /** Asks for all that is there. Resolves when it has been told; a core in this process has it at once. */
  async begin(): Promise<void> {
    await Promise.all([
      this.#told(() => this.#changes.list('all')),
      this.#told(async () => {
        this.#dispatch({ kind: 'settings', saved: await this.#client.call('setting.list', {}) })
      }),
      this.#told(async () => {
        for (const { conversation, draft } of await this.#client.call('draft.list', {}))
          this.#dispatch({ kind: 'draft', conversation, draft })
      }),
    ])
  }

  /** Keeps the relay reached. */
  connect(): void {
    this.#tell(async () => {
      await this.#client.call('relay.connect', { timeoutMs: CONNECT_MS_MAX })
      this.#dispatch({ kind: 'connected' })
    })
  }

  run(effect: CoreEffect): void {
    switch (effect.kind) {
      case 'load-list':
        this.#tell(() => this.#changes.list('all'))
        return
      case 'load-conversations':
        this.#tell(() => this.#changes.list(effect.conversations, effect))
        return
      case 'load-page':
        this.#loadPage(effect)
        return
      case 'refresh':
        this.#tell(() => this.#changes.chat(effect.conversation, 'all'))
        return
      case 'load-lines':
        this.#tell(() => this.#changes.chat(effect.conversation, effect.messages))
        return
      case 'send':
        this.#send(effect)
        return
      case 'edit':
        this.#edit(effect)
        return
      case 'call':
        if (effect.call.method === 'conversation.markRead') {
          this.#readMarks.mark(effect.call.params.conversation)
          return
        }
        this.#tell(async () => {
          await this.#client.call(effect.call.method, effect.call.params)
          if (effect.done !== undefined) this.#dispatch({ kind: 'done', text: effect.done })
        })
        return
      case 'ask':
        void this.#ask(effect.call)
        return
      case 'search':
        this.#search(effect.query)
        return
      case 'typing':
        this.#typing.tell(effect)
        return
      case 'save-draft':
        this.#drafts.set(effect.conversation, effect.draft)
        this.#sending.delete(effect.conversation)
        this.#saving ??= setTimeout(() => this.#tell(() => this.saveDrafts()), DRAFT_MS)
        return
    }
  }

  /** What was read before is not kept in the core either, to be quick. */
  forgetRead(): void {
    this.#tell(async () => {
      await this.#client.call('store.forgetRead', {})
    })
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
    this.#isClosed = true
    this.#unsubscribe()
    this.#typing.stop()
    clearTimeout(this.#gathering)
    clearTimeout(this.#searching)
    this.#events = []
    this.#readMarks.flush()
    try {
      await this.#marking
      await Promise.allSettled(this.#changing)
      await this.#forgetSentDrafts()
    } finally {
      await this.saveDrafts()
    }
  }

  #gather(event: EventObject): void {
    this.#events.push(event)
    const waitMs = this.#state().isWatched ? GATHER_MS : GATHER_UNWATCHED_MS
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      const events = this.#events
      this.#events = []
      this.#dispatch({ kind: 'events', events, nowMs: this.#nowMs() })
    }, waitMs)
  }

  /** A page that cannot be had is told, so that nothing waits for it. */
  #loadPage(effect: Extract<Effect, { readonly kind: 'load-page' }>): void {
    const { conversation, which } = effect
    this.#tell(async () => {
      const page = readPage(this.#client, effect).then((read) => this.#changes.withHeld(read))
      this.#dispatch(
        await page.catch((thrown: unknown): Action => {
          return { kind: 'no-page', conversation, which, error: asSottoError(thrown) }
        }),
      )
    })
  }

  #send({ conversation, text, replyTo }: Extract<Effect, { readonly kind: 'send' }>): void {
    const chat = this.#state().chats.get(conversation)
    const answered = chat && messageOf(chat, replyTo)
    const sending = this.#client.call('message.send', {
      ...{ to: [reference(conversation)], text, wait: 'queued' },
      ...(answered === undefined ? { replyTo } : { replyTo: messageReference(answered) }),
    })
    this.#sending.set(conversation, sending)
    sending.then(
      () => this.#dispatch({ kind: 'sent', conversation }),
      (thrown: unknown) => {
        const error = asSottoError(thrown)
        this.#dispatch({ kind: 'not-sent', conversation, text, replyTo, error })
      },
    )
  }

  #edit({ conversation, message, reference: id, text }: EditEffect): void {
    const editing = this.#client.call('message.edit', { message: id, text, wait: 'queued' })
    this.#changing.add(editing)
    editing
      .catch((thrown: unknown) => {
        const error = asSottoError(thrown)
        this.#dispatch({ kind: 'not-edited', conversation, message, text, error })
      })
      .finally(() => this.#changing.delete(editing))
  }

  /** Nobody is there any more to be told what was sent: its draft goes all the same. */
  async #forgetSentDrafts(): Promise<void> {
    for (const [conversation, sending] of this.#sending) {
      await sending // Refused, it stands in its draft as it was.
      this.#drafts.set(conversation, '')
    }
    this.#sending.clear()
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

  /** Only what was asked for last, once no key has come for a moment. */
  #search(query: string): void {
    clearTimeout(this.#searching)
    this.#searching = setTimeout(() => {
      this.#client.call('message.search', { query, limit: SEARCH_HITS_MAX }).then(
        (hits) => this.#dispatch({ kind: 'found', query, hits }),
        (thrown: unknown) =>
          this.#dispatch({ kind: 'not-found', query, error: asSottoError(thrown) }),
      )
    }, SEARCH_MS)
  }

  #tell(work: () => Promise<void>): void {
    void this.#told(work)
  }

  /** Never rejects: what fails is told. */
  async #told(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (thrown) {
      this.#dispatch({ kind: 'failed', error: asSottoError(thrown) })
    }
  }
}
