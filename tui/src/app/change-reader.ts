import type { ConversationId, MessageId } from '@sotto/protocol'

import type { Action } from '../model/action.js'
import { reference } from '../model/effect.js'
import { contactIn } from '../model/list.js'
import type { UiState } from '../model/state.js'
import type { ScreenClient } from './screen-client.js'
import { readAgain, readLines, type PageAction } from './pages.js'
import { Wanted } from './wanted.js'

/** By name, at a time: more is read as all there is, which costs less then. */
const MESSAGES_MAX = 100
const CONVERSATIONS_MAX = 20

type Names<Name> = 'all' | readonly Name[]

/** Reads again what has changed, as far as it is shown: one thing at a time of the list, and of the open conversation. */
export class ChangeReader {
  readonly #client: Pick<ScreenClient, 'call'>
  readonly #dispatch: (action: Action) => void
  readonly #state: () => UiState
  readonly #list: Wanted<ConversationId>
  #chat: { readonly id: ConversationId; readonly wanted: Wanted<MessageId> } | undefined
  #isOutboxOld = false

  constructor(
    client: Pick<ScreenClient, 'call'>,
    {
      dispatch,
      state,
    }: { readonly dispatch: (action: Action) => void; readonly state: () => UiState },
  ) {
    this.#client = client
    this.#dispatch = dispatch
    this.#state = state
    this.#list = new Wanted(CONVERSATIONS_MAX, (names) => this.#readList(names))
  }

  /** `outbox`: how much waits there may have changed, too. */
  async list(
    names: Names<ConversationId>,
    { outbox }: { readonly outbox: boolean } = { outbox: true },
  ): Promise<void> {
    this.#isOutboxOld ||= outbox
    await this.#list.want(names)
  }

  async chat(id: ConversationId, names: Names<MessageId>): Promise<void> {
    if (this.#chat?.id !== id)
      this.#chat = { id, wanted: new Wanted(MESSAGES_MAX, (wanted) => this.#readChat(id, wanted)) }
    await this.#chat.wanted.want(names)
  }

  /** What a request has written stands behind all else, for it is what is to be decided on. */
  async withHeld(page: PageAction): Promise<PageAction> {
    const contact = contactIn(this.#state(), page.conversation)
    if (contact?.trust !== 'request' || page.reaches.end !== true) return page
    const held = await this.#client.call('contact.held', { to: `acct:${contact.id}` })
    return { ...page, lines: [...page.lines, ...held] }
  }

  async #readList(names: Names<ConversationId>): Promise<void> {
    const some = names === 'all' ? undefined : await this.#conversations(names)
    if (some !== undefined) {
      const queued = this.#isOutboxOld ? await this.#queued() : undefined
      this.#dispatch({ kind: 'conversations', conversations: some, queued })
      return
    }
    const [conversations, contacts, queued] = await Promise.all([
      this.#client.call('conversation.list', {}),
      this.#client.call('contact.list', {}),
      this.#queued(),
    ])
    this.#dispatch({ kind: 'list', conversations, contacts, queued })
  }

  async #queued(): Promise<number> {
    this.#isOutboxOld = false
    const outbox = await this.#client.call('outbox.list', {})
    return outbox.filter(({ status }) => status === 'queued').length
  }

  /** Undefined where one of them is not there any more. */
  async #conversations(names: readonly ConversationId[]) {
    const shown = names.map((id) =>
      this.#client.call('conversation.show', { conversation: reference(id) }),
    )
    return Promise.all(shown).catch(() => undefined) // The whole list says what there is, or why not.
  }

  async #readChat(id: ConversationId, names: Names<MessageId>): Promise<void> {
    const { chats, open } = this.#state()
    const chat = chats.get(id)
    if (chat === undefined || id !== open) return
    const lines =
      names === 'all'
        ? undefined
        : // An end of what is loaded is gone, or an older owner does not know the method: all of it is read.
          await readLines(this.#client, { id, chat, messages: names }).catch(() => undefined)
    this.#dispatch(lines ?? (await this.withHeld(await readAgain(this.#client, id, chat))))
  }
}
