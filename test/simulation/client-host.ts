import type {
  CrashpointName,
  Client,
  EventObject,
  LogEvents,
  MethodName,
  MethodParams,
  MethodResult,
  Ports,
} from '@sotto/client-core'
import { createAccountOn, openAccountOn, type MemoryDisk } from '@sotto/client-core/simulation'
import { asSottoError, type Bytes, type SottoError } from '@sotto/protocol'
import { Incarnation } from './incarnation.js'
import { Link, type Site } from './network.js'
import type { Prng } from './prng.js'
import { RELAY_URL } from './relay-host.js'
import type { Scheduler } from './scheduler.js'

export interface ClientHostOptions {
  readonly name: string
  readonly scheduler: Scheduler
  readonly random: Prng
  readonly site: Site
  readonly epochMs: number
  readonly prekeyStock: number
  /** Account ids follow from it, and with them every order by account. */
  readonly identitySeed: Bytes
  readonly disk: MemoryDisk
  /** The account on it has been made. */
  readonly registered: boolean
  /** A bug, not a fault: what no weather and no disk explains. */
  readonly broke: (what: string) => void
  /** An event is told, as a bot would hear it. */
  readonly heard: (event: EventObject) => void
}

/** What else ends a process, until a person starts it again. */
const ENDINGS: readonly string[] = [
  ...['bug/invariant', 'device/unlinked', 'wire/version', 'account/busy'],
]

/** What a call came to. Where its process died first, nobody knows. */
export type CallOutcome<Result> =
  | { readonly kind: 'answered'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: SottoError }
  | { readonly kind: 'died' }

/** Somebody's machine: its disk outlives the processes on it. */
export class ClientHost {
  readonly name: string
  readonly handle: string
  readonly link: Link
  readonly #options: ClientHostOptions
  #life: Incarnation | undefined
  #client: (Client & { readonly isIdle: boolean }) | undefined
  #registered: boolean
  #aheadMs = 0
  #dieAt: { readonly crashpoint: CrashpointName; hits: number } | undefined
  readonly #deaths: (() => void)[] = []

  constructor(options: ClientHostOptions) {
    this.name = options.name
    this.handle = `@${options.name}.42`
    this.#options = options
    this.#registered = options.registered
    const { scheduler, random, site } = options
    this.link = new Link({ scheduler, random, site })
  }

  /** A process runs and has the account open. */
  get isUp(): boolean {
    return this.#client !== undefined
  }

  get isRegistered(): boolean {
    return this.#registered
  }

  get isBusy(): boolean {
    return this.#life?.isAlive === true && this.#client?.isIdle === false
  }

  /** The life it has now, for faults to be armed in. */
  get life(): Incarnation | undefined {
    return this.#life
  }

  /** Its clock jumps. */
  setAheadBy(ms: number): void {
    this.#aheadMs = ms
  }

  /** The process that runs now dies at the so-manieth hit of a mark. */
  dieAt(crashpoint: CrashpointName, hits: number): void {
    this.#dieAt = { crashpoint, hits }
  }

  /** At once, as by SIGKILL; `silently`: with the machine, so that nobody closes its sockets. */
  kill(silently: boolean): void {
    this.link.lose('client', silently)
    this.#life?.die()
  }

  /**
   * A process that makes the account, or opens it and goes online. `arm` may arm faults in its life,
   * before it has done anything.
   */
  async start(arm: (life: Incarnation) => void = () => undefined): Promise<void> {
    if (this.#life !== undefined) return
    const { scheduler } = this.#options
    const life = new Incarnation({
      moved: () => scheduler.move(),
      died: () => this.#dead(),
      uncaught: (thrown) => this.#options.broke(`${this.name}: uncaught: ${stackOf(thrown)}`),
    })
    this.#life = life
    this.#dieAt = undefined
    arm(life)
    const ports = this.#portsOf(life)
    const { prekeyStock, disk } = this.#options
    const store = disk.openStore(ports.clock, () => life.commit())
    void this.#makeAccount(store, ports)
      .then(() => {
        if (!life.isAlive) return
        this.#registered = true
        const client = openAccountOn(store, { ports, prekeyStock })
        client.subscribe(life.guard((event) => this.#options.heard(event)))
        this.#client = client
        void this.call('relay.connect', { timeoutMs: 0 })
      })
      .catch((thrown: unknown) => {
        this.#end(life, thrown)
      })
    await scheduler.rest()
  }

  /** Ends the process as a person does. */
  async stop(): Promise<void> {
    const client = this.#client
    const life = this.#life
    if (client === undefined || life === undefined) return
    this.#client = undefined
    void client
      .close()
      .catch((thrown: unknown) => this.#end(life, thrown))
      .then(() => life.die())
    await this.#options.scheduler.rest()
  }

  /** Undefined while no process has it open. */
  get account(): string | undefined {
    return this.#client?.account.id
  }

  /** Asks the process that runs now. Resolves `died` where it dies first, or none runs. */
  async call<Name extends MethodName>(
    method: Name,
    params: MethodParams<Name>,
  ): Promise<CallOutcome<MethodResult<Name>>> {
    const client = this.#client
    const life = this.#life
    if (client === undefined || life === undefined) return { kind: 'died' }
    const death = new Promise<{ readonly kind: 'died' }>((resolve) => {
      this.#deaths.push(() => resolve({ kind: 'died' }))
    })
    const answer = client.call(method, params).then(
      (result) => ({ kind: 'answered', result }) as const,
      (thrown: unknown) => this.#failed(life, thrown),
    )
    return Promise.race([death, answer])
  }

  #failed(life: Incarnation, thrown: unknown): CallOutcome<never> {
    if (!life.isAlive) return { kind: 'died' }
    const error = asSottoError(thrown)
    this.#end(life, error)
    return { kind: 'failed', error }
  }

  /** A process whose disk fails it ends; one that meets a bug is told of. */
  #end(life: Incarnation, thrown: unknown): void {
    if (!life.isAlive) return
    const error = asSottoError(thrown)
    if (error.code === 'bug/invariant') this.#options.broke(`${this.name}: ${reasonOf(error)}`)
    const isOver = error.code.startsWith('store/') || ENDINGS.includes(error.code)
    if (isOver || this.#client === undefined) life.die()
  }

  async #makeAccount(store: Parameters<typeof createAccountOn>[0], ports: Ports): Promise<void> {
    if (this.#registered) return
    const { name, prekeyStock, identitySeed } = this.#options
    const username = `${name}.42`
    await createAccountOn(store, { relay: RELAY_URL, username, ports, prekeyStock, identitySeed })
  }

  #dead(): void {
    this.link.lose('client', false)
    this.#life = undefined
    this.#client = undefined
    for (const tell of this.#deaths.splice(0)) tell()
  }

  #portsOf(life: Incarnation): Ports {
    const { scheduler, random, epochMs } = this.#options
    const transport = this.link.transport()
    return {
      clock: {
        nowMs: () => epochMs + scheduler.nowMs + this.#aheadMs,
        monotonicMs: () => scheduler.nowMs,
        after: (delayMs, wake) => life.after(scheduler, delayMs, wake),
      },
      random: { bytes: (length) => random.bytes(length), fraction: () => random.fraction() },
      log: { debug: nothing, info: nothing, warn: nothing },
      crashpoint: (name) => {
        if (this.#dieAt?.crashpoint === name && --this.#dieAt.hits <= 0) life.die()
        life.act()
      },
      transport: {
        open: async (url, options) => {
          life.act()
          const socket = await life.answer(transport.open(url, options))
          return {
            send: (bytes) => {
              life.act()
              return socket.send(bytes)
            },
            onMessage: (listener) => socket.onMessage(life.guard(listener)),
            onClose: (listener) => socket.onClose(life.guard(listener)),
            close: () => socket.close(),
          }
        },
        exchange: (request) => {
          life.act()
          return life.answer(transport.exchange(request))
        },
      },
    }
  }
}

function nothing<Name extends keyof LogEvents>(_event: Name, _fields: LogEvents[Name]): void {
  // Nobody reads the log of a simulation.
}

function reasonOf(error: SottoError): string {
  return error.cause === undefined ? stackOf(error) : `${error.message}: ${stackOf(error.cause)}`
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
