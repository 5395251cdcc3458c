import type {
  Client,
  CloseOptions,
  EventObject,
  MethodName,
  MethodParams,
  MethodResult,
} from '@sotto/client-core'
import type { RemoteClient } from '@sotto/client-core/daemon'

import { StorageError } from '@sotto/protocol'

import { loadDaemon } from './core.js'

/** Events asked for at a time when catching up with a new owner. */
const BATCH_EVENTS = 256

/** Finds the account anew: `again` when an owner has just left. */
export type FindClient = (again: boolean) => Promise<Client>

/**
 * An account for as long as a command runs, whoever owns it meanwhile. When the owner that served it
 * leaves or is killed, the next one is found, or this process becomes the owner; what was not
 * answered is asked again, and listeners miss no stored event. Every text goes with an id, so that
 * it is sent once however often it is asked for.
 */
export class LastingClient implements Client {
  /** Rejects when the owner is gone and no other can be found. */
  readonly lost: Promise<never>
  readonly #find: FindClient
  readonly #listeners = new Set<(event: EventObject) => void>()
  #client: Client
  /** Pending while the next owner is looked for. */
  #next: Promise<Client>
  #unsubscribe: (() => void) | undefined
  #lose: (error: unknown) => void = () => undefined
  /** The relay was asked to be connected to, and is to stay so. */
  #connected = false
  /** What listeners have been told of the journal. */
  #toldSeq: number | undefined
  readonly #replaced = new WeakSet<Client>()
  #closed = false

  private constructor(find: FindClient, client: Client) {
    this.#find = find
    this.#client = client
    this.#next = Promise.resolve(client)
    this.lost = new Promise((_resolve, reject) => {
      this.#lose = reject
    })
    this.lost.catch(() => undefined) // Met by whoever races it; alone it is no crash.
    this.#watch(client)
  }

  static async open(find: FindClient): Promise<LastingClient> {
    return new LastingClient(find, await find(false))
  }

  get account(): Client['account'] {
    return this.#client.account
  }

  get warnings(): Client['warnings'] {
    return this.#client.warnings
  }

  get remote(): boolean {
    return this.#client.remote
  }

  async call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    if (name === 'relay.connect') this.#connected = true
    let request = params
    for (;;) {
      const client = await this.#next
      if (client.remote) request = repeatable(name, request)
      try {
        return await client.call(name, request)
      } catch (error) {
        if (!client.remote || this.#closed || !(await isOwnerLeft(error))) throw error
      }
      this.#replace(client)
    }
  }

  subscribe(listener: (event: EventObject) => void): () => void {
    this.#listeners.add(listener)
    this.#unsubscribe ??= this.#listen(this.#client)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#unsubscribe?.()
      this.#unsubscribe = undefined
      this.#toldSeq = undefined
    }
  }

  async close(options?: CloseOptions): Promise<void> {
    this.#closed = true
    await this.#next.then(
      (client) => client.close(options),
      () => undefined,
    )
  }

  /** Whether the account is closed until it is reopened. */
  get isShut(): boolean {
    return this.#client instanceof ShutClient
  }

  /** Closes the account until `reopen`: meanwhile whatever is asked is refused, and nothing is told. */
  async shut(): Promise<void> {
    const client = await this.#next
    this.#replaced.add(client)
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    this.#toldSeq = undefined
    this.#client = new ShutClient(client)
    this.#next = Promise.resolve(this.#client)
    await client.close()
  }

  /** Finds the account anew after `shut`. What `find` throws leaves it shut. */
  async reopen(find: FindClient): Promise<void> {
    const client = await find(true)
    this.#client = client
    this.#next = Promise.resolve(client)
    if (this.#listeners.size > 0) this.#unsubscribe = this.#listen(client)
    this.#watch(client)
  }

  /** Who listens may wait for nothing that would tell that the owner left. */
  #watch(client: Client): void {
    if (!isRemote(client)) return
    client.onLeft(() => {
      if (this.#listeners.size > 0) this.#replace(client)
    })
  }

  #replace(left: Client): void {
    if (this.#replaced.has(left) || this.#closed) return
    this.#replaced.add(left)
    this.#next = this.#takeOver()
    this.#next.catch((error: unknown) => this.#lose(error))
  }

  async #takeOver(): Promise<Client> {
    for (;;) {
      const client = await this.#find(true)
      try {
        if (this.#listeners.size > 0) await this.#listenAgain(client)
        // The door keeps trying by itself: that the first attempt failed is told as an event.
        if (this.#connected) client.call('relay.connect', { timeoutMs: 0 }).catch(() => undefined)
        this.#client = client
        this.#watch(client)
        return client
      } catch (error) {
        await client.close()
        if (!client.remote || !(await isOwnerLeft(error))) throw error
      }
    }
  }

  #listen(client: Client): () => void {
    const unsubscribe = client.subscribe((event) => this.#tell(event))
    if (isRemote(client)) {
      void client.subscribedAt().then((seq) => {
        this.#toldSeq ??= seq
      })
    }
    return unsubscribe
  }

  /** First what was stored since the last event that was told, then what comes. */
  async #listenAgain(client: Client): Promise<void> {
    const early: EventObject[] = []
    let tell = (event: EventObject): unknown => early.push(event)
    this.#unsubscribe = client.subscribe((event) => tell(event))
    for (let after = this.#toldSeq; after !== undefined;) {
      const page = await client.call('events.list', { after, limit: BATCH_EVENTS })
      for (const event of page.events) this.#tell(event)
      after = page.through === after ? undefined : page.through
    }
    for (const event of early) this.#tell(event)
    tell = (event) => this.#tell(event)
  }

  #tell(event: EventObject): void {
    if (event.seq !== undefined) {
      if (this.#toldSeq !== undefined && event.seq <= this.#toldSeq) return
      this.#toldSeq = event.seq
    }
    for (const listener of [...this.#listeners]) listener(event)
  }
}

/** An account that is closed for now: it is known whose it is, and nothing else. */
class ShutClient implements Client {
  readonly account: Client['account']
  readonly warnings: readonly string[] = []
  readonly remote = false

  constructor({ account }: Client) {
    this.account = account
  }

  call(): Promise<never> {
    return Promise.reject(
      new StorageError('store/locked', 'the account is locked', { fix: 'Unlock the screen.' }),
    )
  }

  subscribe(): () => void {
    return () => undefined
  }

  async close(): Promise<void> {
    // It is closed.
  }
}

function isRemote(client: Client): client is RemoteClient {
  return client.remote
}

async function isOwnerLeft(error: unknown): Promise<boolean> {
  const { OwnerLeft } = await loadDaemon()
  return error instanceof OwnerLeft
}

/** A text with an id is sent once however often it is asked for. */
function repeatable<Name extends MethodName>(
  name: Name,
  params: MethodParams<Name>,
): MethodParams<Name> {
  if (name !== 'message.send' || ('id' in params && params.id != null)) return params
  return { ...params, id: uniqueId() }
}

/** Not a secret, only like no other: without node:crypto, which a short command would wait for. */
function uniqueId(): string {
  const parts = [Date.now(), process.pid, Math.random() * 2 ** 52, Math.random() * 2 ** 52]
  return `once ${parts.map((part) => Math.floor(part).toString(36)).join('-')}`
}
