import { asSottoError, StorageError, UnavailableError, type SottoError } from '@sotto/protocol'
import { claimUsernameAgain } from './account/claim-username.js'
import { publishAccessKey } from './account/access-key.js'
import { DAY_MS, drawPermits } from './account/draw-permits.js'
import { publishInvites } from './account/publish-invites.js'
import { daily, drawCertificate, replenish, upkeep } from './account/upkeep.js'
import type { Core } from './core.js'
import type { Inbox } from './inbox/receive.js'
import { IdentifiedDoor, type IdentifiedDelegate, type Ready } from './net/identified-door.js'
import type { RelayClock } from './net/relay-clock.js'
import type { ConnectionState } from './objects.js'
import type { StoredCertificate } from './store/tables/account.js'

/** Seal only under a certificate that lives this much longer: it has to arrive first. */
const CERTIFICATE_MARGIN_MS = 60 * 60_000
/** How long a send waits for the identified door when it has no certificate left. */
const CERTIFICATE_WAIT_MS = 15_000
/** Within so long after midnight everybody has drawn what they draw daily. */
const DAY_JITTER_MS = 2 * 60 * 60_000

export interface ConnectionOptions {
  readonly core: Core
  readonly relayClock: RelayClock
  readonly inbox: Inbox
  readonly online: () => void
  /** The machine slept: connections that nobody watches may be dead. */
  readonly woke: () => void
  readonly stateChanged: (state: ConnectionState, retryAfterMs: number | undefined) => void
  readonly fatal: (error: SottoError) => void
}

/** The identified door with what is done each time it opens: upkeep first, then the inbox. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #door: IdentifiedDoor
  #started = false
  #upkept: Promise<void> = Promise.resolve()
  #drawing: Promise<StoredCertificate> | undefined
  #drawingPermits: Promise<void> | undefined
  /** How the relay stood when it was reached last. */
  #ready: Ready | undefined
  #cancelDay: () => void = () => undefined
  /** A refill of the prekeys waits for its turn. */
  #replenishing = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { core } = options
    const { clock, random, log, transport } = core.ports
    this.#door = new IdentifiedDoor({
      origin: core.account.relay,
      relayRoot: core.own.relayRoot,
      account: core.own.account,
      device: core.own.device,
      deviceKey: core.own.signWithDeviceKey,
      transport,
      clock,
      random,
      log,
      relayClock: options.relayClock,
      delegate: this.#delegate(),
    })
  }

  /** Opens the door and keeps it open; does nothing the second time. */
  start(): void {
    if (this.#started) return
    this.#started = true
    this.#door.start()
  }

  async whenOnline(timeoutMs: number): Promise<void> {
    this.start()
    await this.#door.whenOnline({ timeoutMs })
  }

  /** Takes a username at the relay or, with an empty hash, gives it up. Throws `username/taken`. */
  async setUsername(username: {
    readonly hash: Uint8Array
    readonly proof: Uint8Array
  }): Promise<void> {
    await this.whenOnline(0)
    await this.#upkept // It may be claiming the one there was.
    await this.#door.setUsername(username)
  }

  /** Claims the account's username once more. False: it is another account's at this relay. */
  async isUsernameOurs(): Promise<boolean> {
    await this.#upkept
    return claimUsernameAgain(this.#options.core, this.#door)
  }

  /**
   * The relay forgets the account. Where the answer is lost because it has, that is an answer. Throws
   * `relay/unreachable`.
   */
  async deleteAccount(): Promise<void> {
    await this.whenOnline(0)
    try {
      await this.#door.deleteAccount()
    } catch (thrown) {
      if (asSottoError(thrown).code !== 'device/unlinked') throw thrown
    }
  }

  /** A certificate to seal under: the stored one while it lives, else one drawn now. */
  async certificate(): Promise<StoredCertificate> {
    const stored = this.storedCertificate()
    if (stored !== undefined) return stored
    this.#drawing ??= this.#draw().finally(() => {
      this.#drawing = undefined
    })
    return this.#drawing
  }

  /** It was begun, and the relay is not reached: who needs it at once needs not try. */
  get isAway(): boolean {
    return this.#started && this.#door.state !== 'online'
  }

  /** The stored one, while it lives. */
  storedCertificate(): StoredCertificate | undefined {
    const { core } = this.#options
    const stored = core.store.read.account.certificate()
    if (stored === undefined) return undefined
    return stored.expiresMs - core.relayNowMs() > CERTIFICATE_MARGIN_MS ? stored : undefined
  }

  /**
   * Draws the permits of the day, once for all who wait for it. Where the relay is out of reach that is
   * the answer, after one attempt: whoever asked would not get further without permits either.
   */
  drawPermits(): Promise<void> {
    this.#drawingPermits ??= this.whenOnline(0)
      .then(() => drawPermits(this.#options.core, this.#door))
      .finally(() => {
        this.#drawingPermits = undefined
      })
    return this.#drawingPermits
  }

  /** One for all who wait for it. */
  async #draw(): Promise<StoredCertificate> {
    await this.whenOnline(CERTIFICATE_WAIT_MS)
    return drawCertificate(this.#options.core, this.#door)
  }

  /**
   * Tells the relay at once what has changed of the account, where it is online; else the next
   * connection does. Nothing waits for it but `upkept`.
   */
  refresh(): void {
    if (this.#door.state !== 'online') return
    this.#keepUp(async () => {
      await publishAccessKey(this.#options.core, this.#door)
      await publishInvites(this.#options.core, this.#door)
      this.#options.online()
    })
  }

  /**
   * The relay was found to have gone back while we are connected: what was dropped here is replaced
   * there. Where it cannot be asked now, the next connection begins with it.
   */
  replacePrekeys(): void {
    const ready = this.#ready
    if (ready === undefined || this.#door.state !== 'online') return
    this.#keepUp(() => upkeep(this.#options.core, this.#door, ready))
  }

  /** Resolves when the upkeep that has begun is done: a one-shot command leaves its device in order. */
  async upkept(): Promise<void> {
    await this.#upkept
  }

  async stop(): Promise<void> {
    this.#cancelDay()
    await this.#door.stop()
    await this.#upkept
  }

  #delegate(): IdentifiedDelegate {
    const { inbox, stateChanged, woke, fatal } = this.#options
    return {
      ready: (ready) => {
        this.#ready = ready
        this.#keepUp(async () => {
          await upkeep(this.#options.core, this.#door, ready)
          this.#options.online()
        })
        this.#keepUp(() => this.drawPermits())
        this.#planDay()
      },
      prekeys: (levels) => {
        if (this.#replenishing) return // One at a time, however often the relay says so.
        this.#replenishing = true
        this.#keepUp(async () => {
          this.#replenishing = false
          await replenish(this.#options.core, this.#door, { levels, replace: false })
        })
      },
      deliver: (delivered) => {
        inbox.deliver(delivered)
      },
      gap: (gap) => {
        inbox.gap(gap)
      },
      passing: (passing) => {
        inbox.passing(passing)
      },
      queueEmpty: () => {
        inbox.queueEmpty()
      },
      stateChanged: (state, retryAfterMs) => {
        if (state === 'offline') inbox.disconnected()
        stateChanged(state, retryAfterMs)
      },
      woke,
      fatal,
    }
  }

  /**
   * Whoever stays connected for days does then what is done once a day: some time after midnight, by
   * the relay's clock, and each at another, so that not everybody comes at once. Offline, the next
   * connection does it.
   */
  #planDay(): void {
    this.#cancelDay()
    const { core } = this.#options
    const { clock, random } = core.ports
    const midnightMs = DAY_MS - (core.relayNowMs() % DAY_MS)
    this.#cancelDay = clock.after(midnightMs + random.fraction() * DAY_JITTER_MS, () => {
      this.#planDay()
      if (this.#door.state !== 'online') return
      this.#keepUp(() => daily(core, this.#door))
      this.#keepUp(() => this.drawPermits())
    })
  }

  /**
   * One piece of upkeep after another. A relay that fails us here is asked again on the next
   * connection; a store that fails us ends it.
   */
  #keepUp(work: () => Promise<void>): void {
    this.#upkept = this.#upkept.then(work).catch((thrown: unknown) => {
      const error = asSottoError(thrown)
      if (error instanceof StorageError || error.code === 'bug/invariant')
        this.#options.fatal(error)
    })
  }
}

export function interrupted(): UnavailableError {
  return new UnavailableError('temporary/interrupted', 'the account was closed before it was done')
}
