import type { NamedCommand } from '../words/commands-en.js'

/** Keys of an editor, known without words: the same in a draft and in the line of an overlay. */
export type EditCommand = `edit.${
  | 'backspace'
  | 'delete'
  | 'kill-word'
  | 'kill-word-right'
  | 'kill-to-start'
  | 'kill-to-end'
  | 'yank'
  | 'yank-older'
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'line-start'
  | 'line-end'
  | 'select-left'
  | 'select-right'
  | 'undo'
  | 'redo'}`

export type CommandName = NamedCommand | EditCommand
/** Whether it is one of those, if it is a command at all. */
export function isOfEditor(name: string): name is EditCommand {
  return name.startsWith('edit.')
}

/** Whether there is a command of this name that has words. */
export type IsNamed = (name: string) => name is NamedCommand
