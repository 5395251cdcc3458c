import type { Socket } from 'node:net'
import { Frames, QUESTION_BYTES_MAX, ANSWER_BYTES_MAX } from './frames.js'
import {
  faultLine,
  faultOf,
  notificationLine,
  OWNER_LEFT,
  parseQuestion,
  resultLine,
  RPC,
  type Question,
  type RpcFault,
  type RpcId,
} from './rpc.js'
import type { Asker, Served } from './served.js'

/** A reader that leaves more unread is cut off: it comes back and goes on from its cursor. */
const UNSENT_BYTES_MAX = 1024 * 1024
const UNANSWERED_MAX = 256

type Call = Extract<Question, { readonly kind: 'question' }>

/** One process that asks: its requests run side by side, and its failures are its own. */
export class Connection implements Asker {
  readonly #served: Served
  readonly #socket: Socket
  readonly #frames = new Frames(QUESTION_BYTES_MAX)
  readonly #unanswered = new Set<Call>()
  readonly #changed: () => void
  #subscribed = false
  #left = false
  /** The owner is about to leave. */
  #closing = false

  /** `changed` is called when something was answered, subscribed to, or the other end left. */
  constructor(served: Served, socket: Socket, changed: () => void) {
    this.#served = served
    this.#socket = socket
    this.#changed = changed
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', () => undefined) // 'close' follows, and says enough.
    socket.on('close', () => this.#end())
    this.#tell(notificationLine('hello', served.hello()))
  }

  get left(): boolean {
    return this.#left
  }

  get hearsEvents(): boolean {
    return this.#subscribed && !this.#closing
  }

  /** Answers are owed that do not depend on anybody but this process. */
  get isWorking(): boolean {
    return this.#unanswered.size > 0
  }

  tellEvent(line: string): void {
    if (this.hearsEvents) this.#tell(line)
  }

  /** From here on nothing new is begun, and nobody is kept waiting for the world. */
  beginClosing(): void {
    this.#closing = true
    for (const call of this.#unanswered) {
      if (this.#served.isWait(call.method, call.params)) this.#answer(call, OWNER_LEFT)
    }
  }

  /** What is not answered yet will not be. */
  close(): void {
    this.#closing = true
    for (const call of this.#unanswered) this.#answer(call, OWNER_LEFT)
    this.#socket.end()
    this.#socket.destroySoon()
  }

  cut(): void {
    this.#socket.destroy()
  }

  #take(chunk: Uint8Array): void {
    try {
      for (const line of this.#frames.take(chunk)) this.#read(parseQuestion(line))
    } catch (thrown) {
      const { message } = faultOf(thrown)
      this.#tell(faultLine(null, { code: RPC.invalidRequest, message }))
      this.#socket.destroySoon()
    }
  }

  #read(question: Question): void {
    if (question.kind === 'fault') {
      this.#tell(faultLine(question.id, question.fault))
      return
    }
    const refusal = this.#refusal(question)
    if (refusal !== undefined) {
      if (question.id !== undefined) this.#tell(faultLine(question.id, refusal))
      return
    }
    this.#unanswered.add(question)
    this.#run(question).then(
      (result) => this.#finish(question, (id) => resultLine(id, result)),
      (thrown: unknown) => this.#answer(question, faultOf(thrown)),
    )
  }

  #refusal({ method }: Call): RpcFault | undefined {
    if (this.#closing) return OWNER_LEFT
    if (this.#unanswered.size >= UNANSWERED_MAX)
      return { code: RPC.failed, message: `more than ${UNANSWERED_MAX} requests at a time` }
    if (isOwn(method) || this.#served.isMethod(method)) return undefined
    return { code: RPC.methodNotFound, message: `there is no method ${method.slice(0, 100)}` }
  }

  async #run({ method, params }: Call): Promise<unknown> {
    if (!isOwn(method)) return this.#served.ask(method, params, this)
    this.#subscribed = method === 'events.subscribe'
    this.#changed()
    return { seq: this.#served.newestSeq() }
  }

  #answer(call: Call, fault: RpcFault): void {
    this.#finish(call, (id) => faultLine(id, fault))
  }

  /** Once, whoever comes first. */
  #finish(call: Call, line: (id: RpcId) => string): void {
    if (!this.#unanswered.delete(call)) return
    if (call.id !== undefined && !this.#left) {
      const text = line(call.id)
      this.#tell(text.length <= ANSWER_BYTES_MAX ? text : faultLine(call.id, TOO_LARGE))
    }
    this.#changed()
  }

  /** Never waits for a reader: one that is slow costs itself the connection, and nobody else. */
  #tell(line: string): void {
    if (this.#left) return
    if (this.#socket.writableLength > UNSENT_BYTES_MAX) this.cut()
    else this.#socket.write(line)
  }

  #end(): void {
    this.#left = true
    this.#subscribed = false
    this.#unanswered.clear()
    this.#changed()
    this.#served.wake()
  }
}

const TOO_LARGE: RpcFault = {
  code: RPC.failed,
  message: 'the answer is too large: ask for less at a time',
}

/** Methods of the connection itself. */
function isOwn(method: string): boolean {
  return method === 'events.subscribe' || method === 'events.unsubscribe'
}
