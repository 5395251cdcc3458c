import type { RowCache } from '../rows/cache.js'
import type { Look } from '../rows/look.js'
import type { Words } from '../words/words.js'
import type { CommandName } from './command-name.js'
import type { UiState } from './state.js'
import type { Step } from './step.js'

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

export type CommandTable = Readonly<Record<CommandName, Command>>

/** One thing a person can have done: by key, slash command, palette or menu. */
export interface Command {
  readonly run: (state: UiState, invocation: Invocation) => Step
  /** As it is typed, without the slash; undefined: it has none. */
  readonly slash?: string
  /** What is written behind it is a path. */
  readonly takesPath?: true
  /** Whether it makes sense just now; left out: always. */
  readonly isEnabled?: (state: UiState) => boolean
  /** Not in the palette and not in the help: a key of an editor or a list. */
  readonly isPlain?: true
}

/** What a command is told beside the state. */
export interface Invocation {
  readonly surface: Surface
  /** What was written behind a slash command; empty for keys. */
  readonly args: string
  /** The last key of the chord; empty where there was none. */
  readonly key: string
}
