import { asSottoError, assert, StorageError, type SottoError } from '@sotto/protocol'
import type { OpenOptions } from '../client.js'
import { currentAccount } from '../core.js'
import type { AccountFolder } from '../home/home.js'
import type { Owner } from '../home/owner-lock.js'
import { isMethod, isWait } from '../methods/run.js'
import type { MethodName } from '../methods/table.js'
import type { EventObject } from '../objects.js'
import type { OpenAccount } from '../open-account.js'
import type { Asker, Hello, Served } from './served.js'
import type { OwnerServer } from './server.js'
import { socketPlaces } from './socket-places.js'

const NOT_SERVED =
  'warning: no socket can be here: until this ends, other commands on the account are refused (83)'

const NOT_ANNOUNCED =
  'warning: the disk is full: until this ends, other commands on the account are refused (83)'

/** What of an open account others are served. */
export interface ServedClient extends Pick<OpenAccount, 'core' | 'changed'> {
  /** One line each: what is less than it could be. */
  readonly warnings: string[]
  subscribe(listener: (event: EventObject) => void): () => void
}

export interface ServingOptions {
  readonly client: ServedClient
  readonly owner: Owner
  readonly ask: (name: MethodName, params: unknown, asker: Asker) => Promise<unknown>
  /** Called with what ends the account. */
  readonly fatal: (error: SottoError) => void
}

/** Answers other processes for an account that is open in this one. */
export class Serving {
  readonly #options: ServingOptions
  #server: OwnerServer | undefined
  #cancel: () => void = () => undefined
  #starting: Promise<void> = Promise.resolve()

  constructor(options: ServingOptions) {
    this.#options = options
  }

  /**
   * From here on, where a socket can be; else the client's `warnings` say so. With `serveAfterMs`,
   * from then on: until it does, others see an owner that has just come.
   */
  async start(options: OpenOptions, folder: AccountFolder): Promise<void> {
    const { serveAfterMs = 0 } = options
    if (serveAfterMs === 0) return this.#listen(options, folder)
    const { client, fatal } = this.#options
    this.#cancel = client.core.ports.clock.after(serveAfterMs, () => {
      this.#starting = this.#listen(options, folder).catch((thrown: unknown) => {
        const error = asSottoError(thrown)
        // A disk on which nothing can be announced ends nothing that goes on without.
        if (!(error instanceof StorageError)) fatal(error)
      })
    })
  }

  async stop(): Promise<void> {
    this.#cancel()
    await this.#starting
    await this.#server?.close()
  }

  async #listen({ home, command, version }: OpenOptions, folder: AccountFolder): Promise<void> {
    const program = { command: command ?? 'sotto', pid: process.pid, version: version ?? '' }
    const places = socketPlaces(home, folder, { runtimeDir: process.env.XDG_RUNTIME_DIR })
    const { OwnerServer } = await import('./server.js')
    this.#server = await OwnerServer.listen(this.#served(program), places)
    const path = this.#server?.path
    if (path === undefined) this.#options.client.warnings.push(NOT_SERVED)
    else if (!this.#options.owner.announce(path)) this.#options.client.warnings.push(NOT_ANNOUNCED)
  }

  #served(program: Pick<Hello, 'command' | 'pid' | 'version'>): Served {
    const { client, ask } = this.#options
    return {
      hello: () => ({ v: 1, account: currentAccount(client.core), ...program }),
      isMethod,
      isWait,
      ask: async (name, params, asker) => {
        assert(isMethod(name), 'only methods are asked for')
        return ask(name, params, asker)
      },
      wake: () => {
        client.changed.fire()
      },
      subscribe: (listener) => client.subscribe(listener),
      newestSeq: () => client.core.store.read.journal.newest(),
    }
  }
}
