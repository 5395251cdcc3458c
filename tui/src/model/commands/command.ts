import type { Step } from '../step.js'
import type { UiState } from '../state.js'
import type { Surface } from '../surface.js'

/** What a command is told beside the state. */
export interface Invocation {
  readonly surface: Surface
  /** What was written behind a slash command; empty for keys. */
  readonly args: string
  /** The last key of the chord; empty where there was none. */
  readonly key: string
}

/** One thing a person can have done: by key, slash command, palette or menu. */
export interface Command {
  readonly run: (state: UiState, invocation: Invocation) => Step
  /** As it is typed, without the slash; undefined: it has none. */
  readonly slash?: string
  /** Whether it makes sense just now; left out: always. */
  readonly isEnabled?: (state: UiState) => boolean
  /** Not in the palette and not in the help: a key of an editor or a list. */
  readonly isPlain?: true
}
