import type { Bytes } from '@sotto/protocol'
import type { Clock, Random } from '../ports.js'
import { AddressKeys, type Origin } from './network-address.js'
import type { Limits } from './limits.js'
import { TokenBuckets, type Permission } from './token-buckets.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const GRANTED: Permission = { granted: true }

/**
 * What one network address, one account and everybody together may do in a while. The operator's own
 * machine may do anything.
 */
export class Gates {
  readonly #clock: Clock
  readonly #keys: AddressKeys
  readonly #signups: TokenBuckets
  readonly #allSignups: TokenBuckets
  readonly #lookups: TokenBuckets
  readonly #changes: TokenBuckets
  readonly #bundles: TokenBuckets
  readonly #ephemerals: TokenBuckets
  readonly #mailboxEphemerals: TokenBuckets

  constructor(options: {
    readonly limits: Limits
    readonly clock: Clock
    readonly random: Random
  }) {
    const { limits } = options
    this.#clock = options.clock
    this.#keys = new AddressKeys(options)
    this.#signups = hourly(limits.addressSignups)
    this.#allSignups = hourly(limits.signups)
    this.#lookups = hourly(limits.addressLookups)
    this.#changes = hourly(limits.accountChanges)
    this.#bundles = new TokenBuckets({ burst: limits.bundleReads, paceMs: limits.bundlePaceMs })
    this.#ephemerals = minutely(limits.addressEphemerals)
    this.#mailboxEphemerals = minutely(limits.ephemerals)
  }

  /** One more account from there: asked first, and then `anySignup`. */
  signup(origin: Origin): Permission {
    return this.#take(this.#signups, origin)
  }

  /** One more account of everybody's, for whoever has shown what this relay wants. */
  anySignup(origin: Origin): Permission {
    if (origin.kind === 'operator') return GRANTED
    return this.#allSignups.take('', this.#clock.nowMs())
  }

  lookup(origin: Origin): Permission {
    return this.#take(this.#lookups, origin)
  }

  /** A change to an account by one of its devices, wherever that is. */
  change(origin: Origin, account: Bytes): Permission {
    if (origin.kind === 'operator') return GRANTED
    return this.#changes.take(this.#keys.keyOf('', account), this.#clock.nowMs())
  }

  /** Whether one-time prekeys of `account` may still go there, and for this leave, wherever it is shown. */
  bundle(origin: Origin, account: Bytes, token: Bytes | undefined): boolean {
    const isHere = this.#take(this.#bundles, origin, account).granted
    return isHere && (token === undefined || this.#anywhere(this.#bundles, origin, account, token))
  }

  /** Envelopes that nobody keeps, from there. */
  ephemeral(origin: Origin): Permission {
    return this.#take(this.#ephemerals, origin)
  }

  /** Whether one more of them may go to this mailbox, from wherever. */
  ephemeralTo(origin: Origin, mailbox: Bytes): boolean {
    return this.#anywhere(this.#mailboxEphemerals, origin, mailbox)
  }

  #anywhere(buckets: TokenBuckets, origin: Origin, ...what: readonly Bytes[]): boolean {
    if (origin.kind === 'operator') return true
    return buckets.take(this.#keys.keyOf('', ...what), this.#clock.nowMs()).granted
  }

  #take(buckets: TokenBuckets, origin: Origin, ...more: readonly Bytes[]): Permission {
    if (origin.kind === 'operator') return GRANTED
    return buckets.take(this.#keys.keyOf(origin.address, ...more), this.#clock.nowMs())
  }
}

function hourly(count: number): TokenBuckets {
  return new TokenBuckets({ burst: count, paceMs: HOUR_MS / count })
}

function minutely(count: number): TokenBuckets {
  return new TokenBuckets({ burst: count, paceMs: MINUTE_MS / count })
}
