import { ERRAND_MS, type Bytes } from '@sotto/protocol'
import type { Core } from '../core.js'
import { noPermit, type PermitSource, type PermitUse } from '../net/anonymous-door.js'
import { DAY_MS } from './draw-permits.js'

/**
 * The permits in stock, on disk. One that an errand takes is that errand's for good, before the relay
 * hears of it: if we die meanwhile the errand goes on with it, and no permit is lost or shown for two
 * things.
 */
export class Permits implements PermitSource {
  readonly #core: Core
  readonly #draw: () => Promise<void>

  constructor({ core, draw }: { readonly core: Core; readonly draw: () => Promise<void> }) {
    this.#core = core
    this.#draw = draw
  }

  async take(target: Bytes, use: PermitUse): Promise<Bytes> {
    const known = this.#ofErrand(target)
    if (known !== undefined) return known
    if (use === 'spare' && !this.#hasSpare()) throw this.#none()
    const free = this.#takeFree(target)
    if (free !== undefined) return free
    await this.#draw()
    const drawn = this.#ofErrand(target) ?? this.#takeFree(target)
    if (drawn === undefined) throw this.#none()
    return drawn
  }

  discard(permit: Bytes): void {
    this.#core.store.transact((tx) => tx.permits.remove(permit))
  }

  #ofErrand(target: Bytes): Bytes | undefined {
    return this.#core.store.read.permits.ofErrand(target, this.#core.relayNowMs())
  }

  #takeFree(target: Bytes): Bytes | undefined {
    const permit = this.#core.store.transact((tx) => tx.permits.take(target, this.#untilMs()))
    if (permit !== undefined) this.#core.ports.crashpoint('permit.taken')
    return permit
  }

  /** Half of a day's are for what a person does. */
  #hasSpare(): boolean {
    const { permits } = this.#core.store.read
    const batch = permits.drawn()?.batch ?? 0
    return permits.countFree(this.#untilMs()) > batch / 2
  }

  /** An errand that begins now can be ended. */
  #untilMs(): number {
    return this.#core.relayNowMs() + ERRAND_MS
  }

  #none() {
    return noPermit(DAY_MS - (this.#core.relayNowMs() % DAY_MS))
  }
}
