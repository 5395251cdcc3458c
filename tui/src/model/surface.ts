import type { RowCache } from '../rows/cache.js'
import type { Look } from '../rows/look.js'
import type { Words } from '../words/words.js'
import type { CommandTable } from './commands/table.js'

/**
 * What the screen works with, beside its state: the terminal's widths, the language, the commands. The
 * cache holds decrypted text and is cleared on lock.
 */
export interface Surface {
  readonly words: Words
  /** For so many columns; equal arguments give the same look. */
  readonly look: (columns: number) => Look
  readonly cache: RowCache
  /** What can be done, by name: given here, since commands start each other. */
  readonly commands: CommandTable
}
