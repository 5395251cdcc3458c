import type { FolderEntry } from '../model/state.js'

/** What was written out, and where. */
export interface Exported {
  readonly path: string
  readonly messages: number
}

/** The files of the person, as far as the screen has to do with them. `~/` is their home. */
export interface Files {
  /** What is in a folder; nothing where it cannot be read. Never rejects. */
  readonly list: (folder: string) => Promise<readonly FolderEntry[]>
  /**
   * Writes a conversation, named as a recipient is, into a new file, unencrypted. Rejects with a SottoError: `file/exists`,
   * `file/unknown`, `store/full`.
   */
  readonly exportTo: (conversation: string, path: string) => Promise<Exported>
}
