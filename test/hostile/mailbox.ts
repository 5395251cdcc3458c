import type { wire } from '@sotto/protocol'

/** An envelope or a gap that no honest relay has in this mailbox. */
export type Forged =
  | {
      readonly kind: 'envelope'
      readonly body: Uint8Array
      readonly arrivalMs?: number
      readonly stranger?: boolean
    }
  | { readonly kind: 'gap'; readonly count: number; readonly reason: wire.GapReason }

/**
 * One mailbox as its device sees it: with what was put in between counted, so that seqs rise, and
 * acknowledgements mean to the honest relay what they mean to it.
 */
export class Mailbox {
  readonly #forged: Forged[] = []
  /** Where seqs of the honest relay stand in what the device sees, ascending. */
  readonly #places: { readonly shown: bigint; readonly honest: bigint }[]
  #shown: bigint

  /** `before`: what the device has seen of it until now. */
  constructor(before?: Mailbox) {
    this.#places = before === undefined ? [] : [...before.#places]
    this.#shown = before === undefined ? 0n : before.#shown
  }

  forge(forged: Forged): void {
    this.#forged.push(forged)
  }

  takeForged(): readonly Forged[] {
    return this.#forged.splice(0)
  }

  /** The seq under which the device sees one of the honest relay's; the same one each time. */
  place(honest: bigint): bigint {
    const known = this.#places.find((place) => place.honest === honest)
    if (known !== undefined) return known.shown
    const last = this.#places.at(-1)
    // A hole that the honest relay leaves is left.
    const hole = last === undefined ? 0n : honest - last.honest - 1n
    const shown = this.#shown + 1n + (hole > 0n ? hole : 0n)
    this.#shown = shown
    this.#places.push({ shown, honest })
    return shown
  }

  /** A seq that the honest relay knows nothing of. */
  next(skip = 0n): bigint {
    this.#shown += 1n + skip
    return this.#shown
  }

  /** What an acknowledgement means to the honest relay; undefined: nothing. */
  honestSeq(shown: bigint): bigint | undefined {
    return this.#places.findLast((place) => place.shown <= shown)?.honest
  }
}
