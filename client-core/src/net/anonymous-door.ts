import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  accountIdBytes,
  accountIdFromBytes,
  asSottoError,
  BusyError,
  errandTarget,
  hex,
  UnavailableError,
  type AccountId,
  type Bytes,
  type wire,
} from '@sotto/protocol'
import type { Clock, Transport } from '../ports.js'
import { AnonymousConnection } from './anonymous-connection.js'
import { parseTimeMs, RelayClock } from './relay-clock.js'
import {
  expectAnswer,
  unexpectedAnswer,
  type Answer,
  type RequestMethod,
  type SealedEnvelopeInit,
} from './requests.js'

export const ANONYMOUS_CONNECTIONS_MAX = 64

/** What allows a request to an account (docs/PROTOCOL.md, "Leave to submit"); a stranger's is a permit. */
export type Leave =
  | { readonly kind: 'access-key'; readonly key: Uint8Array }
  /** With the account's invite, where there is one: then a permit is spent only where that is over. */
  | { readonly kind: 'stranger'; readonly invite?: InviteLeave | undefined }

/** What is shown of an invite: its key, and the errand that it is used for. */
export interface InviteLeave {
  readonly key: Bytes
  readonly errand: Bytes
}

/** Where a stranger's permits come from. */
export interface PermitSource {
  /**
   * The permit of the errand to `target` or, where there is none, one of the stock that is on disk as
   * that errand's from then on. `spare`: only where many are left. Throws `permit/none`.
   */
  take(target: Bytes, use: PermitUse): Promise<Bytes>
  /** The relay refused it: nobody takes it again. */
  discard(permit: Bytes): void
}

export type PermitUse = 'wanted' | 'spare'

export type SubmitAnswer =
  | {
      /** Durable at the relay. */
      readonly kind: 'accepted'
      /** Undefined where the relay has forgotten when it first came. */
      readonly arrivalMs: number | undefined
      readonly relayTimeMs: number
    }
  /** Nothing was stored: seal again for these devices. */
  | { readonly kind: 'mismatch'; readonly mismatch: wire.DevicesMismatch }

/**
 * What became of envelopes that are submitted once: handed on or dropped, stored by a relay that does
 * not know of such, or refused.
 */
export type SubmitOnce = 'passed' | 'kept' | 'refused'

/** The relay was not heard: whether it has it, nobody knows, and nobody needs to. */
const UNHEARD: ReadonlySet<string> = new Set([
  'relay/unreachable',
  'temporary/timeout',
  'temporary/interrupted',
])

/**
 * Requests that must not tell the relay who asks. One connection per recipient account and one per
 * lookup, sharing nothing with each other or with the identified door. Every request may be
 * repeated: a submission is known by its idempotency keys.
 *
 * Throws `relay/unreachable`, `temporary/timeout` after 30 s, `temporary/interrupted` after
 * `close`, or what the relay answered.
 */
export class AnonymousDoor {
  readonly #origin: string
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #relayClock: RelayClock
  readonly #permits: PermitSource
  /** The connection that takes an account's next request, by account. */
  readonly #current = new Map<string, AnonymousConnection>()
  readonly #all = new Set<AnonymousConnection>()
  /** By errand: they are not shown again while this lives. */
  readonly #refusedInvites = new Set<string>()
  #closed = false

  constructor(options: {
    readonly origin: string
    readonly transport: Transport
    readonly clock: Clock
    /** To share what is learned of the relay's time; default one of its own. */
    readonly relayClock?: RelayClock
    /** Default: there are none. */
    readonly permits?: PermitSource
  }) {
    this.#origin = options.origin
    this.#transport = options.transport
    this.#clock = options.clock
    this.#relayClock = options.relayClock ?? new RelayClock(options.clock)
    this.#permits = options.permits ?? NO_PERMITS
  }

  /**
   * The account that has the username with this hash; it costs a permit. Throws `recipient/unknown`,
   * `permit/none`.
   */
  async lookupUsername(hash: Uint8Array, use: PermitUse = 'wanted'): Promise<AccountId> {
    const target = errandTarget({ username: hash })
    const { answer } = await this.#withPermit({ target, use }, (leave) =>
      this.#ask(`username ${hex(hash)}`, { case: 'lookupUsername', value: { hash, leave } }),
    )
    return accountIdFromBytes(expectAnswer(answer, 'usernameOwner').account)
  }

  /** Whether nobody has the username with this hash: for those who have no account yet. */
  async isUsernameFree(hash: Uint8Array): Promise<boolean> {
    try {
      const key = `username ${hex(hash)}`
      const { answer } = await this.#ask(key, { case: 'checkUsername', value: { hash } })
      expectAnswer(answer, 'done')
      return true
    } catch (thrown) {
      if (asSottoError(thrown).code === 'username/taken') return false
      throw thrown
    }
  }

  /** Bundles of an account's devices, all where `devices` is left out. Unverified. */
  async fetchBundle(request: {
    readonly account: AccountId
    readonly leave: Leave
    readonly devices?: readonly number[]
  }): Promise<wire.AccountBundle> {
    const { answer } = await this.#withLeave(request, (leave) =>
      this.#ask(request.account, {
        case: 'fetchBundle',
        value: {
          account: accountIdBytes(request.account),
          leave,
          devices: [...(request.devices ?? [])],
        },
      }),
    )
    return expectAnswer(answer, 'bundle')
  }

  /**
   * Begins to open the connection for `account`, for a request that is about to be made: resolves
   * when what can be said before the relay answers is on its way. Never rejects: whether it opens,
   * the request learns.
   */
  async approach(account: AccountId): Promise<void> {
    if (this.#current.get(account)?.usable === true) return
    try {
      this.#connectionFor(account, false).begin()
    } catch {
      return // Closed, or too many: the request is told.
    }
    await nextTurn()
  }

  /** Whether the relay has greeted on the connection that takes the next request for `account`. */
  isOpen(account: AccountId): boolean {
    const current = this.#current.get(account)
    return current?.usable === true && current.isOpen
  }

  /** Opens the connection for `account` without asking anything. Throws `relay/unreachable`. */
  async reach(account: AccountId): Promise<void> {
    await this.#connectionFor(account, false).reach()
  }

  /** Submits sealed envelopes to `account`, whose `route` is from its bundle. */
  async submit(request: {
    readonly account: AccountId
    readonly route: Uint8Array
    readonly leave: Leave
    readonly envelopes: readonly SealedEnvelopeInit[]
  }): Promise<SubmitAnswer> {
    const { answer, relayTimeMs } = await this.#withLeave(request, (leave) =>
      this.#ask(request.account, {
        case: 'submit',
        value: { route: request.route, leave, envelopes: [...request.envelopes] },
      }),
    )
    return parseSubmitAnswer(answer, relayTimeMs)
  }

  /**
   * Submits sealed envelopes that the relay hands to devices that are connected, and keeps for nobody.
   * Never to be repeated: no answer is an answer. Throws `relay/unreachable` and `temporary/…`.
   */
  async submitOnce(request: {
    readonly account: AccountId
    readonly route: Uint8Array
    readonly key: Uint8Array
    readonly envelopes: readonly SealedEnvelopeInit[]
  }): Promise<SubmitOnce> {
    const { account, route, key, envelopes } = request
    const leave: LeaveInit = { kind: { case: 'accessKey', value: key } }
    const value = { route, leave, envelopes: [...envelopes], ephemeral: true }
    try {
      const { answer } = await this.#ask(account, { case: 'submit', value })
      if (answer.case === 'done') return 'passed'
      return answer.case === 'submitted' ? 'kept' : 'refused'
    } catch (thrown) {
      if (UNHEARD.has(asSottoError(thrown).code)) throw thrown
      return 'refused'
    }
  }

  /** No request begins on what is open now: it may be dead without a word. */
  retire(): void {
    for (const connection of [...this.#all]) connection.retire()
  }

  /** Ends every connection; what is pending rejects with `temporary/interrupted`. */
  close(): void {
    this.#closed = true
    for (const connection of [...this.#all]) connection.close()
  }

  #withLeave<Answered>(
    { account, leave }: { readonly account: AccountId; readonly leave: Leave },
    ask: (leave: LeaveInit) => Promise<Answered>,
  ): Promise<Answered> {
    if (leave.kind === 'access-key') return ask({ kind: { case: 'accessKey', value: leave.key } })
    const target = errandTarget({ account: accountIdBytes(account) })
    const withPermit = () => this.#withPermit({ target, use: 'wanted' }, ask)
    return leave.invite === undefined
      ? withPermit()
      : this.#withInvite(leave.invite, ask, withPermit)
  }

  /** The relay does not say why it refuses one: unknown to it, used up, over, or its errand is. */
  async #withInvite<Answered>(
    invite: InviteLeave,
    ask: (leave: LeaveInit) => Promise<Answered>,
    otherwise: () => Promise<Answered>,
  ): Promise<Answered> {
    const errand = hex(invite.errand)
    if (this.#refusedInvites.has(errand)) return otherwise()
    try {
      return await ask({ kind: { case: 'invite', value: { ...invite } } })
    } catch (thrown) {
      if (asSottoError(thrown).code !== 'relay/refused') throw thrown
      this.#refusedInvites.add(errand)
      return otherwise()
    }
  }

  /**
   * With the permit of this errand; once more with another where its hour or its submissions are over.
   * One that the relay refuses at once stays the errand's, so that a relay that refuses all of them
   * gets one for each try and not the whole stock.
   */
  async #withPermit<Answered>(
    errand: { readonly target: Bytes; readonly use: PermitUse },
    ask: (leave: LeaveInit) => Promise<Answered>,
  ): Promise<Answered> {
    const permit = await this.#permits.take(errand.target, errand.use)
    try {
      return await ask({ kind: { case: 'permit', value: permit } })
    } catch (thrown) {
      if (asSottoError(thrown).code !== 'permit/refused') throw thrown
      this.#permits.discard(permit)
    }
    const other = await this.#permits.take(errand.target, errand.use)
    return ask({ kind: { case: 'permit', value: other } })
  }

  #ask(key: string, method: RequestMethod): ReturnType<AnonymousConnection['ask']> {
    const once = method.case === 'lookupUsername' || method.case === 'checkUsername'
    return this.#connectionFor(key, once).ask(method)
  }

  #connectionFor(key: string, once: boolean): AnonymousConnection {
    if (this.#closed) {
      throw new UnavailableError('temporary/interrupted', 'the connection to the relay is closed')
    }
    const current = this.#current.get(key)
    if (current?.usable === true) return current
    this.#makeRoom()
    const connection = new AnonymousConnection({
      origin: this.#origin,
      transport: this.#transport,
      clock: this.#clock,
      relayClock: this.#relayClock,
      once,
      ended: () => {
        this.#all.delete(connection)
        if (this.#current.get(key) === connection) this.#current.delete(key)
      },
    })
    this.#all.add(connection)
    this.#current.set(key, connection)
    return connection
  }

  /** Closes the oldest idle connection when there are too many. */
  #makeRoom(): void {
    if (this.#all.size < ANONYMOUS_CONNECTIONS_MAX) return
    const idle = [...this.#all].find((connection) => connection.idle)
    if (idle === undefined) {
      throw new BusyError(
        'relay/rate-limited',
        'too many recipients are being written to at once',
        {
          fix: 'It will be tried again.',
          retryAfterMs: 1000,
        },
      )
    }
    idle.close()
  }
}

/** What a submission through either door was answered with. */
export function parseSubmitAnswer(answer: Answer, relayTimeMs: number): SubmitAnswer {
  switch (answer.case) {
    case 'submitted': {
      const arrivalMs = parseTimeMs(answer.value.arrivalMs)
      return {
        kind: 'accepted',
        arrivalMs: arrivalMs === 0 ? undefined : arrivalMs,
        relayTimeMs,
      }
    }
    case 'devicesMismatch':
      return { kind: 'mismatch', mismatch: answer.value }
    case 'done':
    case 'usernameOwner':
    case 'bundle':
    case 'prekeys':
    case 'certificate':
    case 'permits':
      throw unexpectedAnswer()
  }
}

type LeaveInit = NonNullable<Extract<RequestMethod, { readonly case: 'submit' }>['value']['leave']>

const NO_PERMITS: PermitSource = {
  take: async () => {
    throw noPermit()
  },
  discard: () => undefined,
}

/** `retryAfterMs`: until more are drawn. */
export function noPermit(retryAfterMs?: number): BusyError {
  return new BusyError('permit/none', 'no permit is left to write to strangers or look up names', {
    fix: 'The relay gives more every day. What was sent is queued and goes by itself.',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
