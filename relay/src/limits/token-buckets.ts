import { LIMITER_ENTRIES_MAX } from './bounds.js'

export type Permission =
  { readonly granted: true } | { readonly granted: false; readonly retryAfterMs: number }

const GRANTED: Permission = { granted: true }

interface Bucket {
  tokens: number
  filledAtMs: number
}

/**
 * So many at once, then one every so often, for each key. In memory only and bounded: of more than
 * LIMITER_ENTRIES_MAX keys the one unused for longest is forgotten, which errs towards granting.
 */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>()
  readonly #burst: number
  readonly #paceMs: number

  constructor(options: { readonly burst: number; readonly paceMs: number }) {
    this.#burst = options.burst
    this.#paceMs = options.paceMs
  }

  take(key: string, nowMs: number): Permission {
    const bucket = this.#fill(key, nowMs)
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1
      return GRANTED
    }
    return { granted: false, retryAfterMs: Math.ceil((1 - bucket.tokens) * this.#paceMs) }
  }

  #fill(key: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, filledAtMs: nowMs }
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket) // Last in the map's order: used just now.
    if (this.#buckets.size > LIMITER_ENTRIES_MAX) this.#forgetOldest()
    const elapsedMs = Math.max(0, nowMs - bucket.filledAtMs)
    bucket.tokens = Math.min(this.#burst, bucket.tokens + elapsedMs / this.#paceMs)
    bucket.filledAtMs = nowMs
    return bucket
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key)
      return
    }
  }
}
