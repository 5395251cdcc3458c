import { sign, type KeyObject } from 'node:crypto'
import {
  asSottoError,
  assert,
  CLOCK_SKEW_MS_MAX,
  UnavailableError,
  type AccountId,
  type Bytes,
  type DeviceId,
  type ErrorCodeName,
  type SottoError,
  type wire,
} from '@sotto/protocol'
import type { ConnectionState } from '../objects.js'
import type { Clock, Log, Random, Transport } from '../ports.js'
import { parseSubmitAnswer, type SubmitAnswer } from './anonymous-door.js'
import { Backoff } from './backoff.js'
import {
  IdentifiedConnection,
  type Delivered,
  type Gap,
  type Passing,
} from './identified-connection.js'
import { RelayClock } from './relay-clock.js'
import {
  expectAnswer,
  type Answer,
  type PrekeyStockInit,
  type PublishInvitesInit,
  type RequestMethod,
  type SealedEnvelopeInit,
  type SignedManifestInit,
} from './requests.js'
import { SleepWatch } from './sleep-watch.js'
import { Waiters } from './waiters.js'

export type { Delivered, Gap, Passing } from './identified-connection.js'

/** Signs the relay's challenge with the device key, Ed25519. */
export type SignChallenge = (challenge: Bytes) => Bytes

export interface Ready {
  /** Seqs are only comparable inside one epoch. */
  readonly epoch: number
  readonly prekeys: wire.PrekeyCounts
  readonly relayTimeMs: number
  /** How far the local clock is ahead of the relay's; negative where it is behind. */
  readonly skewMs: number
}

/**
 * Told in order, synchronously, on the event loop's turn in which the frame came; must not throw
 * (what it throws stops the door as a bug). `ready` comes before that connection's deliveries.
 */
export interface IdentifiedDelegate {
  ready(ready: Ready): void
  deliver(delivered: Delivered): void
  gap(gap: Gap): void
  /** Worth something now or never. */
  passing?(passing: Passing): void
  /** Everything that waited when the device connected has been delivered. */
  queueEmpty(): void
  /** Unasked: a stock has run low, or a last-resort prekey has been handed out. */
  prekeys?(counts: wire.PrekeyCounts): void
  stateChanged(state: ConnectionState, retryAfterMs?: number): void
  /** The machine slept, or a clock was set: other connections may be dead as well. */
  woke?(): void
  /** The door has stopped and will not try again. `stateChanged('offline')` came before. */
  fatal(error: SottoError): void
}

export interface IdentifiedDoorOptions {
  readonly origin: string
  /** The pinned root key, 33 bytes. */
  readonly relayRoot: Uint8Array
  readonly account: AccountId
  readonly device: DeviceId
  readonly deviceKey: KeyObject | SignChallenge
  readonly transport: Transport
  readonly clock: Clock
  /** To share what is learned of the relay's time; default one of its own. */
  readonly relayClock?: RelayClock
  readonly random: Random
  readonly log: Log
  readonly delegate: IdentifiedDelegate
}

/** After these, trying again cannot help: removed, too old, replaced, or a bug of ours. */
const FATAL_CODES: ReadonlySet<ErrorCodeName> = new Set<ErrorCodeName>([
  'device/unlinked',
  'wire/version',
  'account/busy',
  'bug/invariant',
])

/**
 * The device's own connection: receives, acknowledges, looks after keys. Connects on `start` and
 * again, with backoff, until `stop` or a fatal error. Holds nothing that must survive: whatever was
 * not acknowledged is delivered again.
 */
export class IdentifiedDoor {
  readonly #options: IdentifiedDoorOptions
  readonly #sign: SignChallenge
  readonly #relayClock: RelayClock
  readonly #waiters: Waiters
  readonly #sleepWatch: SleepWatch
  #state: ConnectionState = 'offline'
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined
  /** Set while online. */
  #connection: IdentifiedConnection | undefined
  #lastError: SottoError | undefined
  /** Why it tries no more: stopped, or what no other attempt would mend. Set until the next `start`. */
  #ending: SottoError | undefined
  /** Between two attempts: what ends the rest, unless the relay asked for it. */
  #rest: (() => void) | 'asked-for' | undefined

  constructor(options: IdentifiedDoorOptions) {
    this.#options = options
    this.#relayClock = options.relayClock ?? new RelayClock(options.clock)
    this.#waiters = new Waiters(options.clock)
    this.#sleepWatch = new SleepWatch(options.clock, () => this.#woke())
    const { deviceKey } = options
    this.#sign =
      typeof deviceKey === 'function'
        ? deviceKey
        : (challenge) => new Uint8Array(sign(null, challenge, deviceKey))
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Unix milliseconds at the relay; by the local clock until the relay has spoken once. */
  relayTimeMs(): number {
    return this.#relayClock.nowMs()
  }

  /** Begins to connect. Called once, or again after `stop` has resolved. */
  start(): void {
    assert(this.#running === undefined, 'the door is started once')
    const abort = new AbortController()
    this.#ending = undefined
    this.#running = { abort, ended: this.#run(abort.signal) }
  }

  /** Closes the socket and ends the trying; nothing is told to the delegate after it resolves. */
  async stop(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    running.abort.abort()
    await running.ended
    this.#running = undefined
  }

  /**
   * Resolves when online. Rejects with what stands in the way when `timeoutMs` have passed (0: when
   * the first attempt has failed), with the fatal error, or with `temporary/interrupted` on `stop` and
   * after it. Where the next attempt waits, it is made now, unless the relay asked for the rest.
   */
  whenOnline(options: { readonly timeoutMs: number }): Promise<void> {
    if (this.#state === 'online') return Promise.resolve()
    if (this.#ending !== undefined) return Promise.reject(this.#ending)
    if (this.#rest === 'asked-for' && options.timeoutMs <= 0) return Promise.reject(this.#offline())
    const online = this.#waiters.wait(options.timeoutMs, () => this.#offline())
    if (typeof this.#rest === 'function') this.#rest()
    return online
  }

  /** What the relay has in stock afterwards. Publishing the same again is harmless. */
  async publishPrekeys(stock: PrekeyStockInit): Promise<wire.PrekeyCounts> {
    return expectAnswer(await this.#ask({ case: 'publishPrekeys', value: stock }), 'prekeys')
  }

  async drawCertificate(): Promise<wire.Certificate> {
    return expectAnswer(await this.#ask({ case: 'drawCertificate', value: {} }), 'certificate')
  }

  /** The answer to a blinded request; the same request again is answered alike. */
  async drawPermits(request: Uint8Array): Promise<wire.Permits> {
    return expectAnswer(await this.#ask({ case: 'drawPermits', value: { request } }), 'permits')
  }

  /** All of them, in place of those that the relay had. */
  async publishInvites(invites: PublishInvitesInit): Promise<void> {
    expectAnswer(await this.#ask({ case: 'publishInvites', value: invites }), 'done')
  }

  async publishManifest(manifest: SignedManifestInit): Promise<void> {
    expectAnswer(await this.#ask({ case: 'publishManifest', value: { manifest } }), 'done')
  }

  /** An empty hash removes the username. Throws `username/taken`. */
  async setUsername(username: {
    readonly hash: Uint8Array
    readonly proof: Uint8Array
  }): Promise<void> {
    expectAnswer(await this.#ask({ case: 'setUsername', value: { ...username } }), 'done')
  }

  async setAccessKey(keys: {
    readonly current: Uint8Array
    /** Empty: only the current one is valid. */
    readonly previous: Uint8Array
  }): Promise<void> {
    expectAnswer(await this.#ask({ case: 'setAccessKey', value: { ...keys } }), 'done')
  }

  /** The relay lets this device go afterwards, which ends the door with `device/unlinked`. */
  async deleteAccount(): Promise<void> {
    expectAnswer(await this.#ask({ case: 'deleteAccount', value: {} }), 'done')
  }

  /** Submits to this account's other devices. */
  async submitOwn(envelopes: readonly SealedEnvelopeInit[]): Promise<SubmitAnswer> {
    const answer = await this.#ask({ case: 'submitOwn', value: { envelopes: [...envelopes] } })
    return parseSubmitAnswer(answer, this.relayTimeMs())
  }

  /** Cumulative; a no-op when offline or when the epoch has changed. Only after the commit. */
  acknowledge(epoch: number, seq: number): void {
    if (this.#connection?.epoch === epoch) this.#connection.acknowledge(seq)
  }

  #ask(method: RequestMethod): Promise<Answer> {
    const connection = this.#connection
    return connection === undefined ? Promise.reject(this.#offline()) : connection.ask(method)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random, log, delegate } = this.#options
    const backoff = new Backoff({ clock, random })
    this.#sleepWatch.start()
    try {
      while (!isAborted(signal)) {
        this.#enter('connecting')
        const { reason, minimumMs } = await this.#connectOnce(backoff, signal)
        if (isAborted(signal)) break
        if (FATAL_CODES.has(reason.code)) throw reason
        this.#lastError = reason
        const delayMs = backoff.next(minimumMs)
        log.warn('connection.lost', { delayMs })
        this.#enter('offline', delayMs)
        this.#waiters.attemptFailed(reason)
        await this.#sleep(delayMs, { signal, askedFor: minimumMs > 0 })
      }
      this.#ending = stopped()
      this.#enter('offline')
      this.#waiters.ended(this.#ending)
    } catch (thrown) {
      this.#ending = asSottoError(thrown)
      this.#waiters.ended(this.#ending)
      this.#enter('offline')
      delegate.fatal(this.#ending)
    } finally {
      this.#sleepWatch.stop()
    }
  }

  /** After a sleep: the socket may be dead without a word, and there is nothing to wait for. */
  #woke(): void {
    this.#options.delegate.woke?.()
    this.#connection?.probe()
    if (typeof this.#rest === 'function') this.#rest()
  }

  /** One connection, from dialling to its end: why it ended, and how long the relay wants rest. */
  async #connectOnce(
    backoff: Backoff,
    signal: AbortSignal,
  ): Promise<{ readonly reason: SottoError; readonly minimumMs: number }> {
    const { origin, relayRoot, account, device, transport, clock, delegate } = this.#options
    let connection: IdentifiedConnection
    try {
      connection = await IdentifiedConnection.open({
        origin,
        relayRoot,
        account,
        device,
        sign: this.#sign,
        transport,
        clock,
        relayClock: this.#relayClock,
        signal,
        listener: {
          ready: (ready) => this.#ready(ready, backoff),
          deliver: (delivered) => delegate.deliver(delivered),
          gap: (gap) => delegate.gap(gap),
          passing: (passing) => delegate.passing?.(passing),
          queueEmpty: () => delegate.queueEmpty(),
          prekeys: (counts) => delegate.prekeys?.(counts),
        },
      })
    } catch (thrown) {
      const reason = asSottoError(thrown)
      return { reason, minimumMs: reason.retryAfterMs ?? 0 }
    }
    const stop = (): void => connection.close(stopped())
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const reason = await connection.closed
    signal.removeEventListener('abort', stop)
    this.#connection = undefined
    return { reason, minimumMs: Math.max(connection.drainMs, reason.retryAfterMs ?? 0) }
  }

  #ready(connection: IdentifiedConnection, backoff: Backoff): void {
    const { log, delegate } = this.#options
    const skewMs = this.#relayClock.skewMs()
    if (Math.abs(skewMs) > CLOCK_SKEW_MS_MAX) {
      log.warn('clock.skewed', { minutes: Math.round(skewMs / 60_000) })
    }
    log.info('connection.online', { attempt: backoff.attempt })
    backoff.online()
    this.#connection = connection
    this.#lastError = undefined
    this.#state = 'online'
    const { epoch, prekeys } = connection
    delegate.ready({ epoch, prekeys, relayTimeMs: this.relayTimeMs(), skewMs })
    delegate.stateChanged('online')
    this.#waiters.online()
  }

  #enter(state: ConnectionState, retryAfterMs?: number): void {
    this.#state = state
    this.#options.delegate.stateChanged(state, retryAfterMs)
  }

  #sleep(
    delayMs: number,
    { signal, askedFor }: { readonly signal: AbortSignal; readonly askedFor: boolean },
  ): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#rest = undefined
        cancelTimer()
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#rest = askedFor ? 'asked-for' : wake
      const cancelTimer = this.#options.clock.after(delayMs, wake)
      signal.addEventListener('abort', wake)
    })
  }

  /** Why there is no connection now. */
  #offline(): SottoError {
    return (
      this.#ending ??
      this.#lastError ??
      new UnavailableError('relay/unreachable', 'not connected to the relay', {
        fix: 'It will be tried again.',
      })
    )
  }
}

/** A call, because the compiler takes a property for constant across an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

function stopped(): SottoError {
  return new UnavailableError('temporary/interrupted', 'the connection was closed here')
}
