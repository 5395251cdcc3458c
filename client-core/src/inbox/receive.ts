import { asSottoError, StorageError, type SottoError } from '@sotto/protocol'
import type { Core } from '../core.js'
import { Garbage } from '../garbage.js'
import type { Delivered, Gap, Passing } from '../net/identified-door.js'
import { Stage } from '../session/stage.js'
import { commitVerdict, isRefused } from './commit.js'
import { judge, type Arrived } from './judge.js'
import { endOpening, openedTogether, restoreOpening } from './opening.js'
import { receivePassing, type Typist } from './passing.js'
import { Unsealing } from './unsealing.js'

/** Ephemeral envelopes that wait to be opened; the oldest gives way. */
const PASSING_MAX = 32

/**
 * What the relay delivered, in order: open in a stage, commit ratchets, messages and cursor in one
 * transaction, then acknowledge, then tell. If we die before the commit the relay delivers again;
 * if we die before the acknowledgement, what comes again is recognised by the cursor.
 */
export class Inbox {
  readonly #core: Core
  readonly #fatal: (error: SottoError) => void
  readonly #caughtUp: () => void
  readonly #committed: (wentBack: boolean) => void
  readonly #unsealing: Unsealing
  readonly #garbage: Garbage
  readonly #typing: (typist: Typist) => void
  #waiting: Arrived[] = []
  #passing: readonly Passing[] = []
  /** What waited at the relay is committed here: nothing of it is overtaken. */
  #isCaughtUp = false
  #working: Promise<void> | undefined
  #stopped = false

  constructor(options: {
    readonly core: Core
    /** Everything that waited at the relay when we connected is committed. */
    readonly caughtUp: () => void
    /**
     * A batch is committed: what is told nobody, as a resend that was asked for, may wait in the outbox.
     * `wentBack`: the relay was found to have gone back, and has prekeys that are dropped here.
     */
    readonly committed: (wentBack: boolean) => void
    /** Somebody writes, or writes no more. */
    readonly typing: (typist: Typist) => void
    /** The store cannot be used: nothing was acknowledged. */
    readonly fatal: (error: SottoError) => void
  }) {
    this.#core = options.core
    this.#unsealing = new Unsealing(options.core)
    this.#garbage = new Garbage(options.core.ports.collectGarbage)
    this.#caughtUp = options.caughtUp
    this.#committed = options.committed
    this.#typing = options.typing
    this.#fatal = options.fatal
  }

  deliver(delivered: Delivered): void {
    this.#arrive({ kind: 'envelope', delivered })
  }

  gap(gap: Gap): void {
    this.#arrive({ kind: 'gap', gap })
  }

  queueEmpty(): void {
    this.#arrive({ kind: 'queue-empty' })
  }

  /** An ephemeral envelope: opened behind everything that the relay has delivered. */
  passing(passing: Passing): void {
    if (this.#stopped) return
    this.#passing = [...this.#passing, passing].slice(-PASSING_MAX)
    this.#begin()
  }

  /** The socket is gone: what it brought and was not begun comes again on the next. */
  disconnected(): void {
    this.#waiting = []
    this.#isCaughtUp = false
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#waiting = []
    this.#passing = []
    await this.#working
    this.#unsealing.end()
  }

  #arrive(arrived: Arrived): void {
    if (this.#stopped) return
    this.#waiting.push(arrived)
    this.#begin()
  }

  #begin(): void {
    this.#working ??= this.#work()
      .catch((thrown: unknown) => {
        this.#stopped = true
        this.#fatal(asSottoError(thrown))
      })
      .finally(() => {
        this.#working = undefined
      })
  }

  async #work(): Promise<void> {
    // A moment for the rest of what one read from the socket brought: one commit for all of it.
    await new Promise((resolve) => setImmediate(resolve))
    for (;;) {
      const [passing] = this.#passing
      if (this.#waiting.length > 0) await this.#receiveBatch()
      else if (passing !== undefined && this.#isCaughtUp) await this.#receivePassing(passing)
      else return
    }
  }

  async #receiveBatch(): Promise<void> {
    const unsealing = this.#unsealing
    const batch = this.#waiting.splice(0, openedTogether(this.#core))
    const wentBack = await this.#core.lane.run(() => receive(this.#core, { batch, unsealing }))
    this.#committed(wentBack)
    if (batch.some((arrived) => arrived.kind === 'queue-empty')) {
      this.#isCaughtUp = true
      this.#caughtUp()
    }
    await this.#garbage.add(batch.length)
  }

  async #receivePassing(passing: Passing): Promise<void> {
    this.#passing = this.#passing.filter((each) => each !== passing)
    const typist = await this.#core.lane.run(() => receivePassing(this.#core, passing))
    if (typist === undefined) this.#committed(false)
    else this.#typing(typist)
    await this.#garbage.add(1)
  }
}

type Work = Parameters<typeof judge>[2]

/**
 * One batch, in the lane: all of it is committed when this resolves, or none of it when it throws.
 * Answers whether the relay has gone back.
 */
async function receive(core: Core, work: Work): Promise<boolean> {
  const before = core.store.read.inbox.opening()
  try {
    return await judgeAndCommit(core, work)
  } catch (thrown) {
    // The disk's fault, not the envelope's: its opening was not begun.
    if (thrown instanceof StorageError) restoreOpening(core, before)
    throw thrown
  }
}

async function judgeAndCommit(core: Core, work: Work): Promise<boolean> {
  const stage = new Stage(core.store.read)
  const { verdicts, cursor, last } = await judge(core, stage, work)
  if (last === undefined) return false
  core.ports.crashpoint('receive.opened')
  const nowMs = core.ports.clock.nowMs()
  core.store.transact((tx) => {
    stage.commit(tx, nowMs)
    for (const verdict of verdicts) commitVerdict(tx, core, verdict)
    tx.inbox.moveCursor(cursor)
    endOpening(tx, last)
  })
  if (verdicts.some(isRefused)) core.ports.crashpoint('receive.quarantined')
  core.ports.crashpoint('receive.committed')
  last.acknowledge()
  core.ports.crashpoint('receive.acknowledged')
  return verdicts.some(({ kind }) => kind === 'went-back')
}
