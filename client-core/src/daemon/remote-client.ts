import { connect, type Socket } from 'node:net'
import type { Client } from '../client.js'
import type { MethodName, MethodParams, MethodResult } from '../methods/table.js'
import type { AccountObject, EventObject } from '../objects.js'
import { ANSWER_BYTES_MAX, Frames } from './frames.js'
import { errorOfFault, OwnerLeft, parseAnswer, questionLine, type Answer } from './rpc.js'
import type { Hello } from './served.js'
import { withShortPath } from './socket-path.js'

/** An owner that has nothing to do with its event loop for so long is stuck or stopped. */
const HELLO_MS_MAX = 5_000

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** How it ended to knock at a socket. */
export type Knock =
  | { readonly kind: 'open'; readonly client: RemoteClient }
  /** Nobody listens there, or they left at once. */
  | { readonly kind: 'nobody' }
  /** Somebody listens and does not speak. */
  | { readonly kind: 'silent' }
  /** Somebody else, or an owner of another kind. */
  | { readonly kind: 'stranger' }

/** Connects to the owner at `path` and waits for its first word. */
export async function knock(path: string, helloMs = HELLO_MS_MAX): Promise<Knock> {
  return new Promise((resolve) => {
    const socket = withShortPath(path, (short) => connect(short))
    if (socket === undefined) {
      resolve({ kind: 'nobody' })
      return
    }
    const frames = new Frames(ANSWER_BYTES_MAX)
    const end = (kind: Exclude<Knock['kind'], 'open'>): void => {
      clearTimeout(late)
      socket.destroy()
      resolve({ kind })
    }
    const late = setTimeout(() => end('silent'), helloMs)
    socket.on('error', () => end('nobody'))
    socket.on('close', () => end('nobody'))
    socket.on('data', (chunk) => {
      const [first] = firstLines(frames, chunk)
      if (first === undefined) return
      const hello = parseHello(parseAnswer(first))
      if (hello === undefined) {
        end('stranger')
        return
      }
      clearTimeout(late)
      socket.removeAllListeners()
      resolve({ kind: 'open', client: new RemoteClient(socket, frames, hello) })
    })
  })
}

/** An account that another process owns, asked over its socket. */
export class RemoteClient implements Client {
  readonly account: AccountObject
  readonly warnings: string[] = []
  readonly remote = true
  readonly owner: Pick<Hello, 'command' | 'pid' | 'version'>
  readonly #socket: Socket
  readonly #frames: Frames
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Set<(event: EventObject) => void>()
  #subscribed: Promise<unknown> = Promise.resolve()
  #asked = 0
  #left = false
  #onLeft: () => void = () => undefined

  constructor(socket: Socket, frames: Frames, hello: Hello) {
    this.account = hello.account
    this.owner = hello
    this.#socket = socket
    this.#frames = frames
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', () => undefined) // 'close' follows, and says enough.
    socket.on('close', () => this.#leave())
  }

  /** Throws OwnerLeft when the owner left before it answered. */
  async call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    return (await this.#ask(name, params)) as MethodResult<Name>
  }

  subscribe(listener: (event: EventObject) => void): () => void {
    if (this.#listeners.size === 0) this.#subscribed = this.#tell('events.subscribe')
    this.#listeners.add(listener)
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
      void this.#tell('events.unsubscribe')
    }
  }

  /** The newest stored event when it was subscribed; undefined where the owner left before. */
  async subscribedAt(): Promise<number | undefined> {
    const answer = (await this.#subscribed) as { readonly seq?: number } | undefined
    return answer?.seq
  }

  /** Calls `listener` when the owner has left. Only the last one is called, and it once. */
  onLeft(listener: () => void): void {
    this.#onLeft = listener
    if (this.#left) listener()
  }

  async close(): Promise<void> {
    this.#onLeft = () => undefined
    this.#socket.destroy()
    this.#leave()
  }

  async #ask(method: string, params: unknown): Promise<unknown> {
    if (this.#left) throw new OwnerLeft()
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#socket.write(questionLine(id, method, params))
    })
  }

  /** What it throws is told by everything else that is asked, too. */
  async #tell(method: string): Promise<unknown> {
    return this.#ask(method, {}).catch(() => undefined)
  }

  #take(chunk: Uint8Array): void {
    try {
      for (const line of this.#frames.take(chunk)) this.#read(parseAnswer(line))
    } catch {
      this.#socket.destroy() // No owner says anything that long.
    }
  }

  #read(answer: Answer): void {
    switch (answer.kind) {
      case 'result': {
        this.#waiterFor(answer.id)?.resolve(answer.result)
        return
      }
      case 'error': {
        this.#waiterFor(answer.id)?.reject(errorOfFault(answer.fault))
        return
      }
      case 'notification': {
        if (answer.method !== 'event') return
        for (const listener of [...this.#listeners]) listener(answer.params as EventObject)
        return
      }
      case 'nonsense':
    }
  }

  #waiterFor(id: unknown): Waiting | undefined {
    if (typeof id !== 'number') return undefined
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #leave(): void {
    if (this.#left) return
    this.#left = true
    for (const { reject } of this.#waiting.values()) reject(new OwnerLeft())
    this.#waiting.clear()
    this.#onLeft()
  }
}

/** An owner says nothing else before it is asked. */
function firstLines(frames: Frames, chunk: Uint8Array): readonly Uint8Array[] {
  try {
    return [...frames.take(chunk)]
  } catch {
    return [new Uint8Array(1)] // Too long to be an owner's.
  }
}

function parseHello(answer: Answer): Hello | undefined {
  if (answer.kind !== 'notification' || answer.method !== 'hello') return undefined
  const hello = answer.params as Partial<Hello> | null
  return hello?.v === 1 && hello.account !== undefined ? (hello as Hello) : undefined
}
