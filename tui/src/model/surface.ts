import type { RowCache } from '../rows/cache.js'
import type { Look } from '../rows/look.js'
import type { Words } from '../words/words.js'

/**
 * What the screen is laid out with, beside its state: the terminal's widths and the language. The
 * cache holds decrypted text and is cleared on lock.
 */
export interface Surface {
  readonly words: Words
  /** For so many columns; equal arguments give the same look. */
  readonly look: (columns: number) => Look
  readonly cache: RowCache
}
