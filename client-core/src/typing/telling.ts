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
  /** They were told that we write, and nothing since. */
  readonly isStarted: boolean
  readonly startedMs: number
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
    return [...this.#said.values()].some(({ isStarted }) => isStarted)
  }

  /**
   * Resolves when it has left, or does not; within LEAVE_MS_MAX. Throws `recipient/unknown` where
   * there is no such conversation, and what is a bug.
   */
  async tell(written: string, started: boolean): Promise<void> {
    const { core } = this.#options
    const { id, kind, account } = conversationNamed(core, written)
    if (kind !== 'direct' || !this.#mayTell(account)) return
    const turn = this.#note(id, started)
    if (turn === undefined) return
    const isStill = (): boolean => !this.#stopped && this.#said.get(id)?.turn === turn
    const left = this.#leave(account, started, isStill).catch((thrown: unknown) => {
      if (asSottoError(thrown).code === 'bug/invariant') throw thrown
      core.ports.log.debug('typing.dropped', {}) // A message would be queued, or meet the fault again.
    })
    await this.#within(left)
  }

  /** What we wrote says by itself that we write no more. */
  journalled(event: EventObject): void {
    if (event.type !== 'message.sent') return
    const said = this.#said.get(event.conversation.id)
    if (said !== undefined)
      this.#said.set(event.conversation.id, { ...said, turn: this.#nextTurn(), isStarted: false })
  }

  stop(): void {
    this.#stopped = true
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

  /** Undefined where they know already, or are told too often. */
  #note(id: ConversationId, started: boolean): number | undefined {
    const nowMs = this.#options.core.ports.clock.monotonicMs()
    for (const [each, { startedMs }] of this.#said)
      if (nowMs - startedMs > TYPING_MS_MAX) this.#said.delete(each)
    const said = this.#said.get(id)
    const turn = this.#nextTurn()
    if (started) {
      if (said !== undefined && nowMs - said.startedMs < TELL_MS_MIN) return undefined
      this.#said.set(id, { turn, isStarted: true, startedMs: nowMs })
    } else {
      if (said?.isStarted !== true) return undefined
      this.#said.set(id, { ...said, turn, isStarted: false })
    }
    return turn
  }

  #nextTurn(): number {
    this.#turn += 1
    return this.#turn
  }

  async #leave(account: AccountId, started: boolean, isStill: () => boolean): Promise<void> {
    const { core, anonymous } = this.#options
    if (!anonymous.isOpen(account)) await anonymous.reach(account)
    const answer = await core.lane.run(() => this.#sealAndSubmit(account, started, isStill))
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
  async #sealAndSubmit(
    account: AccountId,
    started: boolean,
    isStill: () => boolean,
  ): Promise<{ readonly submitted: Promise<SubmitOnce> } | undefined> {
    const { core, anonymous, connection } = this.#options
    const address = this.#addressOf(account)
    const certificate = connection.storedCertificate()
    const mayLeave = (): boolean => isStill() && anonymous.isOpen(account)
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

  async #within(left: Promise<void>): Promise<void> {
    const { clock } = this.#options.core.ports
    let cancel = (): void => undefined
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(LEAVE_MS_MAX, resolve)
    })
    await Promise.race([left, late]).finally(cancel)
  }
}
