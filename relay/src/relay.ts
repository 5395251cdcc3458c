import type { Bytes, RegistrationKind } from '@sotto/protocol'
import { SignupWork } from './accounts/signup-work.js'
import type { Context } from './context.js'
import { Doorbell } from './doorbell/local.js'
import { postAccount, type HttpAnswer } from './http/accounts.js'
import type { RelayKeys } from './keys.js'
import { Gates } from './limits/gates.js'
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js'
import type { Origin } from './limits/network-address.js'
import { Pressure, type Machine } from './limits/pressure.js'
import { Refusals } from './limits/refusals.js'
import type { Log } from './log.js'
import { SILENT_METERS, type Meters } from './metrics/meters.js'
import { Sweeper } from './mailbox/sweep.js'
import type { Clock, Random } from './ports.js'
import { Doors } from './socket/doors.js'
import { GroupCommit } from './store/group-commit.js'
import { epochAt } from './store/epoch.js'
import type { Store } from './store/port.js'

export interface OpenRelayOptions {
  readonly store: Store
  readonly keys: RelayKeys
  readonly limits?: Partial<Limits> | undefined
  /** How new accounts are taken; default all of them. */
  readonly registration?: RegistrationKind | undefined
  /** The store comes from a backup: begin a new epoch. */
  readonly restored?: boolean | undefined
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Default: nothing is counted. */
  readonly meters?: Meters | undefined
  /** How the machine is; without it no work is refused for that. */
  readonly machine?: Machine | undefined
}

/** A relay without a network: whoever has one lets clients in through its doors. */
export class OpenRelay {
  readonly context: Context
  readonly doors: Doors
  readonly #sweeper: Sweeper

  /** Owns the store from here on: it is closed with the relay, and where this throws. */
  static async open(options: OpenRelayOptions): Promise<OpenRelay> {
    try {
      return new OpenRelay(await createContext(options))
    } catch (cause) {
      await options.store.close()
      throw cause
    }
  }

  private constructor(context: Context) {
    this.context = context
    this.doors = new Doors(context)
    this.#sweeper = new Sweeper(context)
    this.#sweeper.start()
    context.pressure.start(() => this.#sweeper.hurry())
  }

  /** The encoded SignedParameters: `GET /v1/parameters`. */
  get parameters(): Bytes {
    return this.context.parameters
  }

  /** `POST /v1/accounts`. */
  postAccount(origin: Origin, body: Bytes): Promise<HttpAnswer> {
    return postAccount(this.context, origin, () => Promise.resolve(body))
  }

  /** Looks once for what is too old to keep. Answers how many envelopes expired. */
  sweep(): Promise<number> {
    return this.#sweeper.sweep()
  }

  /** Closes what is open, answers nothing more, and gives the store back closed. */
  async close(): Promise<void> {
    this.#sweeper.stop()
    this.doors.close()
    this.context.pressure.stop()
    this.context.refusals.tell()
    await this.context.commits.settle()
    await this.context.store.close()
  }
}

async function createContext(options: OpenRelayOptions): Promise<Context> {
  const { store, keys, clock, random, log, registration = 'open', meters = SILENT_METERS } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  let failuresInRow = 0
  const tellFailure = (): void => {
    failuresInRow++
    log.error('store.failed', { failuresInRow })
  }
  const commits = new GroupCommit(store, tellFailure, meters)
  if (options.restored === true)
    await commits.change('begin-epoch', { atLeast: epochAt(clock.nowMs(), random) })
  return {
    store,
    commits,
    doorbell: new Doorbell(),
    gates: new Gates({ limits, clock, random }),
    refusals: new Refusals({ clock, log }),
    pressure: new Pressure({ clock, log, limits, machine: options.machine }),
    limits,
    keys,
    registration,
    signupWork: new SignupWork({ keys, clock, limits }),
    parameters: keys.parameters({ registration, permitBatch: limits.permitBatch }),
    epoch: await store.epoch(),
    clock,
    random,
    log,
    meters,
  }
}
