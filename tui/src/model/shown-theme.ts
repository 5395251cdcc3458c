import type { UserTheme } from '../rows/user-theme.js'

/** Those of one's own. */
export interface Themes {
  /** As they were listed last. */
  readonly names: readonly string[]
  /** The one that is set, as it was read last; undefined: none of one's own. */
  readonly shown: ShownTheme | undefined
}

export interface ShownTheme {
  readonly name: string
  /** As much of it as can be used. */
  readonly theme: UserTheme
  /** What cannot, each with its file and line. */
  readonly faults: readonly string[]
}

export const NO_THEMES: Themes = { names: [], shown: undefined }
