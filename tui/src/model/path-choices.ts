import type { Completion } from '../composer/completion.js'
import { safeLine } from '../text/safe-text.js'
import type { CompletionChoice, Folder, UiState } from './state.js'
import type { Step } from './step.js'

/** The state with the folder that a path at the cursor stands in; what is in it is asked for. */
export function withFolder(state: UiState, completion: Completion | undefined): UiState {
  const path = completion?.kind === 'path' ? folderOf(completion.query) : undefined
  if (path === state.folder?.path) return state
  return { ...state, folder: path === undefined ? undefined : { path, entries: [] } }
}

/** Asks for a folder that was not asked for before. */
export function askFolder(before: UiState, done: Step): Step {
  const path = done.state.folder?.path
  if (path === undefined || path === before.folder?.path) return done
  return { ...done, effects: [...done.effects, { kind: 'list-folder', path }] }
}

/** What the folder holds; what it is no longer about is passed over. */
export function withEntries(state: UiState, { path, entries }: Folder): UiState {
  return state.folder?.path === path ? { ...state, folder: { path, entries } } : state
}

/**
 * As a shell completes: what begins so, folders with their slash, and what begins with a dot only where
 * one was written. A name with characters that would not be seen is not offered.
 */
export function pathChoices(
  folder: Folder | undefined,
  query: string,
): readonly CompletionChoice[] {
  const path = folderOf(query)
  const begun = query.slice(path.length).toLowerCase()
  if (folder?.path !== path) return []
  return folder.entries
    .filter(({ name }) => name.toLowerCase().startsWith(begun) && safeLine(name) === name)
    .filter(({ name }) => begun !== '' || !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, isFolder }) => {
      const label = isFolder ? `${name}/` : name
      return { insert: path + label, label, detail: '' }
    })
}

/** Up to its last slash. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
