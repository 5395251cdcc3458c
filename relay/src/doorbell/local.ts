import type { Bytes } from '@sotto/protocol'
import { mapKey } from '../bytes.js'
import type { Waiting } from '../store/port.js'

/** What a doorbell tells whoever waits for a mailbox. */
export type Ring =
  /** With the row itself where it is at hand, to save reading it back. */
  | { readonly kind: 'waiting'; readonly row: Waiting | undefined }
  /** It is nowhere else: whoever does not listen just now never hears of it. */
  | { readonly kind: 'ephemeral'; readonly body: Bytes; readonly arrivalMs: number }
  | { readonly kind: 'prekeys-low' }
  /** The same device listens from another socket. */
  | { readonly kind: 'replaced' }
  /** The device is no longer of its account. */
  | { readonly kind: 'closed' }

type Listener = (ring: Ring) => void

/**
 * Tells the one socket of a mailbox that there is something new. Lossy by contract: whoever listens
 * looks into the store when it begins, so a lost ring costs time and never mail.
 */
export class Doorbell {
  readonly #listeners = new Map<string, Listener>()

  /** The listener before, if any, hears that it is replaced. */
  listen(mailbox: Bytes, listener: Listener): void {
    const key = mapKey(mailbox)
    const former = this.#listeners.get(key)
    this.#listeners.set(key, listener)
    former?.({ kind: 'replaced' })
  }

  /** Only the listener that is still the current one is taken away. */
  leave(mailbox: Bytes, listener: Listener): void {
    const key = mapKey(mailbox)
    if (this.#listeners.get(key) === listener) this.#listeners.delete(key)
  }

  /** Whether somebody waits for this mailbox. */
  isListening(mailbox: Bytes): boolean {
    return this.#listeners.has(mapKey(mailbox))
  }

  ring(mailbox: Bytes, ring: Ring): void {
    this.#listeners.get(mapKey(mailbox))?.(ring)
  }
}
