import type { Row } from './row.js'

/**
 * Rows that stand on the screen, by all that they were made from: what looks the same from one frame to
 * the next is the same row, and is neither fitted nor painted again. It holds the decrypted text of two
 * frames: `clear` it when the screen is locked, or when something is removed.
 */
export class KeptRows {
  #shown = new Map<string, readonly Row[]>()
  #before = new Map<string, readonly Row[]>()

  /** A frame begins: what neither it nor the one before has is let go. */
  begin(): void {
    this.#before = this.#shown
    this.#shown = new Map()
  }

  rows(key: string, make: () => readonly Row[]): readonly Row[] {
    const rows = this.#shown.get(key) ?? this.#before.get(key) ?? make()
    this.#shown.set(key, rows)
    return rows
  }

  clear(): void {
    this.#shown.clear()
    this.#before.clear()
  }
}
