import {
  OpenRelay,
  SILENT_LOG,
  type Backup,
  type ClientSocket,
  type DoorName,
  type HttpAnswer,
  type MemoryDisk,
  type Operation,
  type Outcome,
  type RelayKeys,
  type Store,
} from '@sotto/relay'
import { UnavailableError, type Bytes } from '@sotto/protocol'
import { Incarnation } from './incarnation.js'
import type { Site } from './network.js'
import type { Prng } from './prng.js'
import type { Scheduler } from './scheduler.js'

export const RELAY_URL = 'https://relay.example'
const HOST = 'relay.example'
const OPERATOR = { kind: 'operator' } as const

/** What the relay's store was asked for and answered: the history that invariants are about. */
export interface StoreRecord {
  readonly atMs: number
  readonly epoch: number
  readonly operation: Operation
  readonly outcome: Outcome
}

/** The machine the relay runs on: its disk outlives the processes on it. */
export class RelayHost implements Site {
  readonly disk: MemoryDisk
  readonly records: StoreRecord[]
  readonly #options: RelayHostOptions
  #incarnation: Incarnation | undefined
  #open: OpenRelay | undefined
  #aheadMs = 0
  #wasAhead = false
  #backup: Backup | undefined
  #epoch = 0

  constructor(options: RelayHostOptions) {
    this.#options = options
    this.disk = options.disk
    this.records = [...options.records]
  }

  get isUp(): boolean {
    return this.#open !== undefined
  }

  /** Its clock has jumped ahead at some time. */
  get wasAhead(): boolean {
    return this.#wasAhead
  }

  get hasBackup(): boolean {
    return this.#backup !== undefined
  }

  /** The life it has now, for faults to be armed in. */
  get life(): Incarnation | undefined {
    return this.#incarnation
  }

  /** Its clock jumps. */
  setAheadBy(ms: number): void {
    this.#aheadMs = ms
    this.#wasAhead ||= ms > 0
  }

  /** `arm` may arm faults in the new life, before it has done anything. */
  async start(restored = false, arm: (life: Incarnation) => void = () => undefined): Promise<void> {
    if (this.#incarnation !== undefined) return
    const { scheduler, random, keys } = this.#options
    const life = new Incarnation({
      moved: () => scheduler.move(),
      uncaught: (thrown) => this.#options.broke(`relay: uncaught: ${String(thrown)}`),
      died: () => {
        this.#incarnation = undefined
        this.#open = undefined
        this.#options.lost()
      },
    })
    this.#incarnation = life
    arm(life)
    const opening = OpenRelay.open({
      store: this.#storeOf(life, this.disk.openStore()),
      keys,
      restored,
      limits: this.#options.limits,
      clock: {
        nowMs: () => this.#options.epochMs + scheduler.nowMs + this.#aheadMs,
        after: (delayMs, wake) => life.after(scheduler, delayMs, wake),
      },
      random: (length) => random.bytes(length),
      log: SILENT_LOG,
    })
    void opening.then(
      (open) => {
        if (!life.isAlive) return
        this.#epoch = open.context.epoch
        this.#open = open
      },
      () => life.die(), // The disk did not take the new epoch: as a process that did not start.
    )
    await scheduler.rest()
  }

  /** At once, as by SIGKILL. */
  kill(): void {
    this.#incarnation?.die()
  }

  /** Ends as an operator ends it: it says goodbye to everybody first. */
  async drain(): Promise<void> {
    const open = this.#open
    const life = this.#incarnation
    if (open === undefined || life === undefined) return
    void open.doors
      .drain()
      .then(() => open.close())
      .then(
        () => life.die(),
        () => life.die(),
      )
    await this.#options.scheduler.rest()
  }

  backUp(): void {
    this.#backup = this.disk.backUp()
  }

  /**
   * Puts the disk back to the backup, and starts as an operator does who has, until it has started.
   * `arm` arms faults in the first life after it.
   */
  async restore(arm?: (life: Incarnation) => void): Promise<void> {
    if (this.#backup === undefined) return
    this.kill()
    this.disk.restore(this.#backup)
    await this.start(true, arm)
    for (let attempt = 0; !this.isUp && attempt < 3; attempt++) {
      this.kill()
      await this.start(true)
    }
  }

  async sweep(): Promise<void> {
    void this.#open?.sweep().catch((thrown: unknown) => {
      // A disk that fails ends a sweep; the next begins anew.
      if (!(thrown instanceof UnavailableError))
        this.#options.broke(`relay: sweep: ${String(thrown)}`)
    })
    await this.#options.scheduler.rest()
  }

  open(door: DoorName, socket: ClientSocket): boolean {
    const open = this.#open
    const life = this.#incarnation
    if (open?.doors.hasRoomFor({ origin: OPERATOR, door }) !== true || life === undefined)
      return false
    open.doors.open(guarded(socket, life), { door, origin: OPERATOR, hosts: [HOST] })
    return true
  }

  async exchange(request: {
    readonly url: string
    readonly body: Bytes
  }): Promise<HttpAnswer | undefined> {
    const open = this.#open
    if (open === undefined) return undefined
    if (request.url.endsWith('/v1/parameters'))
      return { status: 200, body: open.parameters, retryAfterS: 0 }
    const life = this.#incarnation
    return life?.answer(open.postAccount(OPERATOR, request.body))
  }

  /** The store as one life has it: it fails, dies and is written down. */
  #storeOf(life: Incarnation, store: Store): Store {
    const { scheduler } = this.#options
    return {
      epoch: () => life.answer(store.epoch()),
      findRoute: (route) => life.answer(store.findRoute(route)),
      findAccount: (account) => life.answer(store.findAccount(account)),
      findDevice: (device) => life.answer(store.findDevice(device)),
      findUsername: (hash) => life.answer(store.findUsername(hash)),
      countPrekeys: (device) => life.answer(store.countPrekeys(device)),
      findMailbox: (mailbox) => life.answer(store.findMailbox(mailbox)),
      listWaiting: (query) => life.answer(store.listWaiting(query)),
      reusableBytes: () => life.answer(store.reusableBytes()),
      grantsInvite: (spending) => life.answer(store.grantsInvite(spending)),
      listDevices: (query) => life.answer(store.listDevices(query)),
      findSomeAccount: () => life.answer(store.findSomeAccount()),
      listMailboxes: (query) => life.answer(store.listMailboxes(query)),
      apply: (operations, later) =>
        life.answer(
          (async () => {
            life.commit()
            const outcomes = await store.apply(operations, later)
            for (const [index, operation] of operations.entries())
              this.#record(operation, outcomes[index])
            scheduler.move()
            life.act() // It may die between the commit and the answer.
            return outcomes
          })(),
        ),
      close: () => store.close(),
    }
  }

  #record(operation: Operation, outcome: Outcome | undefined): void {
    if (outcome === undefined) return
    const { nowMs } = this.#options.scheduler
    this.records.push({ atMs: nowMs, epoch: this.#epoch, operation, outcome })
  }
}

export interface RelayHostOptions {
  readonly scheduler: Scheduler
  readonly random: Prng
  readonly keys: RelayKeys
  readonly disk: MemoryDisk
  /** What its store was asked for before the world began. */
  readonly records: readonly StoreRecord[]
  /** What the world's beginning is on everybody's calendar, Unix milliseconds. */
  readonly epochMs: number
  readonly limits: NonNullable<Parameters<typeof OpenRelay.open>[0]['limits']>
  /** A bug, not a fault. */
  readonly broke: (what: string) => void
  /** The process is gone: its sockets are. */
  readonly lost: () => void
}

/** A socket that tells a dead process nothing. */
function guarded(socket: ClientSocket, life: Incarnation): ClientSocket {
  return {
    get bufferedBytes() {
      return socket.bufferedBytes
    },
    send: (frame) => {
      if (life.isAlive) socket.send(frame)
    },
    onMessage: (listener) => socket.onMessage(life.guard(listener)),
    onPong: (listener) => socket.onPong(life.guard(listener)),
    onClose: (listener) => socket.onClose(life.guard(listener)),
    onDrain: (listener) => socket.onDrain(life.guard(listener)),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    ping: () => {
      if (life.isAlive) socket.ping()
    },
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  }
}
