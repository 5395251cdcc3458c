import type { Bytes } from '@sotto/protocol'
import { mapKey } from '../../bytes.js'

/** Keys held for all mailboxes together, about 150 bytes each; the one refused longest ago goes. */
export const REFUSED_KEYS_MAX = 50_000

/**
 * The idempotency keys of envelopes for which a mailbox had no room: whoever tries one again makes
 * its gap count it no second time. In memory only: after a restart, or beyond the bound, an envelope
 * that is still refused counts once more, which errs towards telling of a loss.
 */
export class RefusedKeys {
  readonly #names = new Set<string>()

  /** True the first time. */
  add(mailbox: Bytes, key: Bytes): boolean {
    const name = mapKey(mailbox) + mapKey(key)
    if (this.#names.has(name)) return false
    if (this.#names.size >= REFUSED_KEYS_MAX) {
      for (const oldest of this.#names) {
        this.#names.delete(oldest)
        break
      }
    }
    this.#names.add(name)
    return true
  }

  /** What was counted in a transaction that is rolled back was not. */
  forgetAll(): void {
    this.#names.clear()
  }
}
