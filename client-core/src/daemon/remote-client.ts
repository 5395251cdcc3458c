import { connect, type Socket } from 'node:net'
import { BusyError } from '@sotto/protocol'
import type { Client } from '../client.js'
import type { MethodName, MethodParams, MethodResult } from '../methods/table.js'
import type { AccountObject, EventObject } from '../objects.js'
import { ANSWER_BYTES_MAX, Frames } from './frames.js'
import { errorOfFault, OwnerLeft, parseAnswer, questionLine, type Answer } from './rpc.js'
import type { Hello } from './served.js'
import { withShortPath } from './socket-path.js'

/** An owner that has nothing to do with its event loop for so long is stuck or stopped. */
export const HELLO_MS_MAX = 5_000

/** An owner that was asked without a bound is looked for after so long without a word from it. */
const LOOK_AFTER_MS = 10_000

/** Beyond what a call may take the owner needs a moment to answer it, and the answer to come. */
const SILENCE_GRACE_MS = 1_000

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  /** Rings when the owner has been silent for too long; begins anew whenever it says something. */
  readonly silence: NodeJS.Timeout
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

/**
 * Connects to the owner at `path` and waits for its first word. The client that comes of it looks
 * after `lookAfterMs` whether a silent owner still runs.
 */
export async function knock(
  path: string,
  helloMs = HELLO_MS_MAX,
  lookAfterMs = LOOK_AFTER_MS,
): Promise<Knock> {
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
      const client = new RemoteClient({ socket, path, lookAfterMs }, frames, hello)
      resolve({ kind: 'open', client })
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
  readonly #path: string
  readonly #lookAfterMs: number
  readonly #frames: Frames
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Set<(event: EventObject) => void>()
  #subscribed: Promise<unknown> = Promise.resolve()
  #asked = 0
  #left = false
  #patienceMs: number | undefined
  #onLeft: () => void = () => undefined

  constructor(
    way: { readonly socket: Socket; readonly path: string; readonly lookAfterMs: number },
    frames: Frames,
    hello: Hello,
  ) {
    const { socket } = way
    this.account = hello.account
    this.owner = hello
    this.#socket = socket
    this.#path = way.path
    this.#lookAfterMs = way.lookAfterMs
    this.#frames = frames
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', () => undefined) // 'close' follows, and says enough.
    socket.on('close', () => this.#leave())
  }

  /**
   * A call that is made from now on rejects with `account/busy` when its owner says nothing for so
   * long, and a moment: one that is stopped would never answer. A call that names a longer time of
   * its own has that. What was asked may still be done. Undefined, as it begins: patience as long as
   * the owner runs, which is looked for now and then (15 s until it shows that it does not).
   */
  setPatience(patienceMs: number | undefined): void {
    this.#patienceMs = patienceMs
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
      const silence = this.#listenForSilence(id, { method, params })
      this.#waiting.set(id, { resolve, reject, silence })
      this.#socket.write(questionLine(id, method, params))
    })
  }

  #listenForSilence(
    id: number,
    call: { readonly method: string; readonly params: unknown },
  ): NodeJS.Timeout {
    if (this.#patienceMs === undefined) {
      const look = setTimeout(() => void this.#look(id, call.method, look), this.#lookAfterMs)
      return look
    }
    const silentMs = Math.max(this.#patienceMs, ownTimeoutMs(call.params)) + SILENCE_GRACE_MS
    return setTimeout(() => {
      this.#waiterFor(id)?.reject(ownerSilent(this.owner, call.method, silentMs))
    }, silentMs)
  }

  /** A process that runs greets whoever knocks; one that is stopped does not, though it listens. */
  async #look(id: number, method: string, look: NodeJS.Timeout): Promise<void> {
    const knocked = await knock(this.#path)
    if (knocked.kind === 'open') await knocked.client.close()
    if (!this.#waiting.has(id)) return
    if (knocked.kind === 'silent') {
      const silentMs = this.#lookAfterMs + HELLO_MS_MAX
      this.#waiterFor(id)?.reject(ownerSilent(this.owner, method, silentMs))
    } else look.refresh() // Where nobody listens any more, it leaves: the socket will say so.
  }

  /** What it throws is told by everything else that is asked, too. */
  async #tell(method: string): Promise<unknown> {
    return this.#ask(method, {}).catch(() => undefined)
  }

  #take(chunk: Uint8Array): void {
    for (const { silence } of this.#waiting.values()) silence.refresh()
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
    clearTimeout(waiting?.silence)
    return waiting
  }

  #leave(): void {
    if (this.#left) return
    this.#left = true
    for (const id of [...this.#waiting.keys()]) this.#waiterFor(id)?.reject(new OwnerLeft())
    this.#onLeft()
  }
}

/** How long a call may take by its own parameters. */
function ownTimeoutMs(params: unknown): number {
  const { timeoutMs } = params as { readonly timeoutMs?: unknown }
  return typeof timeoutMs === 'number' ? timeoutMs : 0
}

function ownerSilent(
  { command, pid }: RemoteClient['owner'],
  method: string,
  silentMs: number,
): BusyError {
  const seconds = Math.ceil(silentMs / 1000)
  const still =
    method === 'message.send'
      ? 'The message may still go when it wakes. Before you send it again, look: sotto outbox list\nThe same --id sends it once however often it is asked for.'
      : 'What was asked of it may still be done when it wakes.'
  return new BusyError(
    'account/busy',
    `sotto ${command} (process ${pid}) owns this account and has not answered for ${seconds} s`,
    { fix: `${still}\nIf it is stopped, let it go on: kill -CONT ${pid}` },
  )
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
