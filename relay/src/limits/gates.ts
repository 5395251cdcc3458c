import type { Bytes } from '@sotto/protocol'
import type { Clock, Random } from '../ports.js'
import { AddressKeys, type Origin } from './network-address.js'
import type { Limits } from './limits.js'
import { TokenBuckets, type Permission } from './token-buckets.js'

const HOUR_MS = 3_600_000
const GRANTED: Permission = { granted: true }

/** What one network address may do in a while. The operator's own machine may do anything. */
export class Gates {
  readonly #clock: Clock
  readonly #keys: AddressKeys
  readonly #signups: TokenBuckets
  readonly #lookups: TokenBuckets
  readonly #errands: TokenBuckets
  readonly #bundles: TokenBuckets

  constructor(options: {
    readonly limits: Limits
    readonly clock: Clock
    readonly random: Random
  }) {
    const { limits } = options
    this.#clock = options.clock
    this.#keys = new AddressKeys(options)
    this.#signups = hourly(limits.addressSignups)
    this.#lookups = hourly(limits.addressLookups)
    this.#errands = hourly(limits.addressErrands)
    this.#bundles = new TokenBuckets({ burst: limits.bundleReads, paceMs: limits.bundlePaceMs })
  }

  signup(origin: Origin): Permission {
    return this.#take(this.#signups, origin)
  }

  lookup(origin: Origin): Permission {
    return this.#take(this.#lookups, origin)
  }

  /** One request with a stranger's leave. */
  errand(origin: Origin): Permission {
    return this.#take(this.#errands, origin)
  }

  /** Whether one-time prekeys of `account` may still go to this origin. */
  bundle(origin: Origin, account: Bytes): boolean {
    return this.#take(this.#bundles, origin, account).granted
  }

  #take(buckets: TokenBuckets, origin: Origin, ...more: readonly Bytes[]): Permission {
    if (origin.kind === 'operator') return GRANTED
    return buckets.take(this.#keys.keyOf(origin.address, ...more), this.#clock.nowMs())
  }
}

function hourly(count: number): TokenBuckets {
  return new TokenBuckets({ burst: count, paceMs: HOUR_MS / count })
}
