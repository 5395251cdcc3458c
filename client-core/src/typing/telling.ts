import { setImmediate as nextTurn } from 'node:timers/promises'
import { asSottoError, type AccountId, type Bytes, type ConversationId } from '@sotto/protocol'
import { conversationNamed } from '../conversation/conversation-named.js'
import type { Core } from '../core.js'
import type { AnonymousDoor, SubmitOnce } from '../net/anonymous-door.js'
import type { EventObject } from '../objects.js'
import { devicesOf } from '../outbox/seal-pending.js'
import { sealPassing } from '../session/passing.js'
import { Stage } from '../session/stage.js'
import { idempotencyKey } from '../session/wrap.js'
import type { StoredCertificate } from '../store/tables/account.js'
import { TYPING_MS_MAX } from './typists.js'

/** That we write is told at most this often in one conversation. */
export const TELL_MS_MIN = 4_000
/** What has not left by then is not true any more. */
const LEAVE_MS_MAX = 3_000
/** After it was refused, that account is left alone for so long. */
const REFUSED_MS = 60_000

export interface TellingOptions {
  readonly core: Core
  readonly anonymous: Pick<AnonymousDoor, 'isOpen' | 'reach' | 'submitOnce'>
  readonly connection: {
    /** The one to seal under, while it lives. */
    readonly storedCertificate: () => StoredCertificate | undefined
    /** The relay cannot be reached as far as is known. */
    readonly isAway: boolean
  }
}

/** What was said in a conversation, by the monotonic clock. */
interface Said {
  /** Only what was said last leaves. */
  readonly turn: number
  /** `soon`: they will be told that we write when that is not too often any more. */
  readonly state: 'told' | 'soon' | 'over'
  /** When they were told last that we write. */
  readonly toldMs: number
  /** Takes back what was to be told soon. */
  readonly cancel: () => void
}

/** What is to be told, as long as nothing else was said since. */
interface Leaving {
  readonly id: ConversationId
  readonly account: AccountId
  readonly started: boolean
  readonly turn: number
}

/**
 * Tells contacts that we write to them, as far as that costs nothing: it is sealed and submitted once,
 * or not at all, and nobody hears what became of it. It never begins a session, is never asked for
 * again, and steps aside for every message.
 */
export class Telling {
  readonly #options: TellingOptions
  readonly #said = new Map<ConversationId, Said>()
  #turn = 0
  readonly #refusedUntilMs = new Map<AccountId, number>()
  /** The relay keeps what it was told to pass on: it knows nothing of such envelopes. */
  #isKept = false
  #stopped = false

  constructor(options: TellingOptions) {
    this.#options = options
  }

  /** Something was said that a message would end. */
  get isTelling(): boolean {
    return [...this.#said.values()].some(({ state }) => state !== 'over')
  }

  /**
   * Resolves when it has left, or does not; within LEAVE_MS_MAX. Throws `recipient/unknown` where
   * there is no such conversation, and what is a bug.
   */
  async tell(written: string, started: boolean): Promise<void> {
    const { core } = this.#options
    const { id, kind, account } = conversationNamed(core, written)
    if (kind !== 'direct' || !this.#mayTell(account)) return
    const turn = started ? this.#begin({ id, account }) : this.#end(id)
    if (turn !== undefined) await this.#leaveInTime({ id, account, started, turn })
  }

  /** What we wrote says by itself that we write no more. */
  journalled(event: EventObject): void {
    if (event.type !== 'message.sent') return
    const { id } = event.conversation
    this.#said.get(id)?.cancel()
    this.#over(id)
  }

  stop(): void {
    this.#stopped = true
    for (const { cancel } of this.#said.values()) cancel()
    this.#said.clear()
  }

  /** Whether it is worth a try: a contact who has let us in, at a relay that is there. */
  #mayTell(account: AccountId): boolean {
    const { core, connection } = this.#options
    if (this.#stopped || this.#isKept || !core.account.typing || connection.isAway) return false
    const refusedMs = this.#refusedUntilMs.get(account) ?? 0
    if (refusedMs > core.ports.clock.monotonicMs()) return false
    return this.#addressOf(account) !== undefined
  }

  #addressOf(account: AccountId): { readonly route: Bytes; readonly key: Bytes } | undefined {
    const contact = this.#options.core.store.read.contacts.byAccount(account)
    if (contact?.trust !== 'known' || contact.blocked || contact.successor !== null)
      return undefined
    const { route, accessKey: key } = contact
    return route === null || key === null ? undefined : { route, key }
  }

  /** The turn in which it is told; undefined where they know already, or are told when it is time. */
  #begin(to: Pick<Leaving, 'id' | 'account'>): number | undefined {
    const { clock } = this.#options.core.ports
    const nowMs = clock.monotonicMs()
    this.#forgetOld(nowMs)
    const said = this.#said.get(to.id)
    const waitMs = said === undefined ? 0 : said.toldMs + TELL_MS_MIN - nowMs
    if (said === undefined || waitMs <= 0) return this.#told(to.id, nowMs)
    if (said.state !== 'over') return undefined
    const cancel = clock.after(waitMs, () => {
      const turn = this.#told(to.id, clock.monotonicMs())
      // Nobody waits for it, and nothing of it may be thrown at anybody.
      this.#leaveInTime({ ...to, started: true, turn }).catch(() => undefined)
    })
    this.#said.set(to.id, { ...said, state: 'soon', cancel })
    return undefined
  }

  /** The turn in which it is told; undefined where nothing was that could end. */
  #end(id: ConversationId): number | undefined {
    const said = this.#said.get(id)
    said?.cancel()
    const turn = this.#over(id)
    return said?.state === 'told' ? turn : undefined
  }

  #told(id: ConversationId, toldMs: number): number {
    const turn = this.#nextTurn()
    this.#said.set(id, { turn, state: 'told', toldMs, cancel: () => undefined })
    return turn
  }

  #over(id: ConversationId): number {
    const turn = this.#nextTurn()
    const said = this.#said.get(id)
    if (said !== undefined) this.#said.set(id, { ...said, turn, state: 'over' })
    return turn
  }

  #forgetOld(nowMs: number): void {
    for (const [id, { toldMs }] of this.#said)
      if (nowMs - toldMs > TYPING_MS_MAX) this.#said.delete(id)
  }

  #nextTurn(): number {
    this.#turn += 1
    return this.#turn
  }

  /** Resolves when it has left or was dropped, or when nobody should wait any longer. */
  async #leaveInTime(leaving: Leaving): Promise<void> {
    const { clock, log } = this.#options.core.ports
    const left = this.#leave(leaving).catch((thrown: unknown) => {
      if (asSottoError(thrown).code === 'bug/invariant') throw thrown
      log.debug('typing.dropped', {}) // A message would be queued, or meet the fault again.
    })
    let cancel = (): void => undefined
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(LEAVE_MS_MAX, resolve)
    })
    await Promise.race([left, late]).finally(cancel)
  }

  async #leave(leaving: Leaving): Promise<void> {
    const { core, anonymous } = this.#options
    const { account } = leaving
    if (!this.#mayTell(account)) return // It may have waited.
    if (!anonymous.isOpen(account)) await anonymous.reach(account)
    await nextTurn() // A message that is sent with it goes first, and says it all.
    const answer = await core.lane.run(() => this.#sealAndSubmit(leaving))
    // Not awaited in the lane: whatever is sealed next is submitted behind it all the same.
    const outcome = await answer?.submitted
    if (outcome === 'kept') this.#isKept = true
    if (outcome === 'refused')
      this.#refusedUntilMs.set(account, core.ports.clock.monotonicMs() + REFUSED_MS)
  }

  /**
   * The ratchet is on disk before the bytes leave; the bytes are nowhere else, for they are never
   * submitted again. If we die in between, their key is one that the recipient never needs.
   */
  async #sealAndSubmit({
    id,
    account,
    started,
    turn,
  }: Leaving): Promise<{ readonly submitted: Promise<SubmitOnce> } | undefined> {
    const { core, anonymous, connection } = this.#options
    const address = this.#addressOf(account)
    const certificate = connection.storedCertificate()
    const mayLeave = (): boolean =>
      this.#said.get(id)?.turn === turn && core.account.typing && anonymous.isOpen(account)
    if (!mayLeave() || address === undefined || certificate === undefined) return undefined
    const stage = new Stage(core.store.read)
    const nowMs = core.ports.clock.nowMs()
    const envelopes = await sealPassing(
      { stage, own: core.own, random: core.ports.random, nowMs },
      {
        account,
        certificate,
        devices: devicesOf(core, account),
        content: { content: { kind: 'typing', started }, sentAtMs: nowMs },
      },
    )
    if (envelopes === undefined || !mayLeave()) return undefined
    core.store.transact((tx) => stage.commit(tx, nowMs))
    core.ports.crashpoint('typing.sealed')
    const sealed = envelopes.map((envelope) => ({
      device: envelope.device,
      registrationId: envelope.registrationId,
      idempotencyKey: idempotencyKey(envelope),
      body: envelope.body,
    }))
    return { submitted: anonymous.submitOnce({ account, ...address, envelopes: sealed }) }
  }
}
