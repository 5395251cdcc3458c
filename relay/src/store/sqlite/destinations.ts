import type { Bytes } from '@sotto/protocol'
import { mapKey } from '../../bytes.js'
import type { Destination } from '../port.js'

/** Destinations held in memory; the one unused longest goes first. */
export const DESTINATIONS_MAX = 10_000

/**
 * Destinations by route, as read since they last changed: every submission asks for one. All
 * changes pass through the one store that owns this, which forgets an account before it changes.
 */
export class Destinations {
  readonly #byRoute = new Map<string, Destination>()
  readonly #routes = new Map<string, string>()

  get(route: Bytes): Destination | undefined {
    const name = mapKey(route)
    const found = this.#byRoute.get(name)
    if (found === undefined) return undefined
    this.#byRoute.delete(name)
    this.#byRoute.set(name, found)
    return found
  }

  add(destination: Destination): void {
    const name = mapKey(destination.route)
    this.#byRoute.set(name, destination)
    this.#routes.set(mapKey(destination.account), name)
    if (this.#byRoute.size > DESTINATIONS_MAX) this.#forgetOldest()
  }

  forget(account: Bytes): void {
    const name = this.#routes.get(mapKey(account))
    if (name === undefined) return
    this.#routes.delete(mapKey(account))
    this.#byRoute.delete(name)
  }

  #forgetOldest(): void {
    for (const destination of this.#byRoute.values()) {
      this.forget(destination.account)
      return
    }
  }
}
