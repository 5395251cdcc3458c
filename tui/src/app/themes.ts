import type { ThemeFile } from '../rows/user-theme.js'

/** The folder of a person's own themes. Neither rejects: what is wrong is part of the answer. */
export interface ThemeFolder {
  /** None where there is no folder. */
  readonly names: () => Promise<readonly string[]>
  readonly read: (name: string) => Promise<ThemeFile>
}

/** Of a screen that has no files. */
export const NO_FOLDER: ThemeFolder = {
  names: async () => [],
  read: async (name) => ({
    ...{ state: 'unread', path: `${name}.toml`, line: undefined },
    reason: 'there are no files here',
  }),
}
