import type {
  Client,
  EventObject,
  HistoryObject,
  MessageStatus,
  MethodName,
  MethodParams,
  MethodResult,
} from '@sotto/client-core'
import { UsageError } from '@sotto/protocol'

import { demoAnswers, type DemoAnswers } from './answers.js'
import { DemoChanges } from './changes.js'
import { DemoWorld, type EventBody, type Talk } from './world.js'

/** What becomes of a message, and how long after it was written. */
const STEPS: readonly (readonly [afterMs: number, status: MessageStatus])[] = [
  [200, 'accepted'],
  [500, 'delivered'],
  [900, 'read'],
]
const ANSWER_MS = 1_200

/**
 * A client over a made-up world: what the screen asks for is answered out of memory, a bot repeats
 * what it is told, and everybody else reads it. It has no account, no relay and no file; when it is
 * closed nothing is left.
 */
export class DemoClient implements Pick<Client, 'account' | 'call' | 'subscribe'> {
  readonly #world: DemoWorld
  readonly #answers: DemoAnswers
  readonly #changes: DemoChanges
  readonly #listeners = new Set<(event: EventObject) => void>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(nowMs: () => number) {
    this.#world = new DemoWorld(nowMs)
    this.#changes = new DemoChanges(this.#world, (body) => this.#emit(body))
    this.#answers = demoAnswers(this.#world, {
      emit: (body) => this.#emit(body),
      changes: this.#changes,
      changed: (talk, line) => this.#later(ANSWER_MS, () => this.#answerChange(talk, line)),
      deliver: (talk, line) => this.#deliver(talk, line),
    })
  }

  get account() {
    return this.#world.account
  }

  // Async: what is thrown inside is told as a promise that fails, as by every client.
  async call<Name extends MethodName>(
    method: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    await Promise.resolve()
    const answer = this.#answers[method]
    if (answer === undefined)
      throw new UsageError('usage/invalid', `the demo has no ${method}`, {
        fix: 'It needs an account: sotto account create --help',
      })
    const answered = answer(params)
    if (method === 'relay.connect') this.#emit({ type: 'connection.state', state: 'online' })
    return answered
  }

  subscribe(listener: (event: EventObject) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #emit(body: EventBody): void {
    const event = this.#world.event(body)
    for (const listener of this.#listeners) listener(event)
  }

  #deliver(talk: Talk, { message: { id, text } }: HistoryObject): void {
    const { kind, name } = talk.detail
    const conversation = { id: talk.detail.id, kind, name }
    // What one writes to oneself has nobody who reads it.
    const steps = kind === 'self' ? STEPS.slice(0, 1) : STEPS
    for (const [afterMs, status] of steps)
      this.#later(afterMs, () => {
        if (status === 'read' && this.#world.account.readReceipts === false) return
        this.#world.setStatus(talk, id, status)
        this.#emit({ type: 'message.status', conversation, message: { id, status } })
      })
    if (!talk.isBot) return
    this.#later(ANSWER_MS, () => {
      const line = this.#world.write(talk, { text: text ?? '', replyTo: id })
      const ended = this.#world.typing(talk, false)
      if (ended !== undefined) this.#emit(ended)
      this.#emit({ type: 'message.received', ...line })
    })
  }

  /** A bot does with its own line what one has done with the other: with its answer, or what it answers. */
  #answerChange(talk: Talk, { message: { id, replyTo }, sender }: HistoryObject): void {
    if (!talk.isBot) return
    const now = talk.lines.find(({ message }) => message.id === id)
    const other = talk.lines.find(({ message }) =>
      sender.self ? message.replyTo?.id === id : message.id === replyTo?.id,
    )
    if (other === undefined || other.message.deleted === true) return
    if (now === undefined || now.message.deleted === true) {
      if (!other.sender.self && now !== undefined) this.#changes.delete(talk, other, 'them', true)
      return
    }
    const own = now.message.reactions?.find((reaction) => reaction.sender.self)?.emoji ?? ''
    this.#changes.react(talk, other, 'them', own)
    const { text } = now.message
    if (!other.sender.self && text !== null && text !== other.message.text)
      this.#changes.edit(talk, other, 'them', text)
  }

  #later(afterMs: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, afterMs)
    this.#timers.add(timer)
  }
}
