import {
  erase,
  kill,
  move,
  redo,
  undo,
  yank,
  yankOlder,
  type Composer,
} from '../../composer/composer.js'
import { editing } from '../editing.js'
import type { EditCommand } from '../command-name.js'
import type { Command } from '../surface.js'

const still = { extend: false }
const extending = { extend: true }

/** What keys do to one line or a draft, by the name of the command. */
export const EDITS: Readonly<Record<EditCommand, (composer: Composer) => Composer>> = {
  'edit.backspace': (composer) => erase(composer, 'left'),
  'edit.delete': (composer) => erase(composer, 'right'),
  'edit.kill-word': (composer) => kill(composer, 'word-left'),
  'edit.kill-word-right': (composer) => kill(composer, 'word-right'),
  'edit.kill-to-start': (composer) => kill(composer, 'line-start'),
  'edit.kill-to-end': (composer) => kill(composer, 'line-end'),
  'edit.yank': yank,
  'edit.yank-older': yankOlder,
  'edit.left': (composer) => move(composer, 'left', still),
  'edit.right': (composer) => move(composer, 'right', still),
  'edit.word-left': (composer) => move(composer, 'word-left', still),
  'edit.word-right': (composer) => move(composer, 'word-right', still),
  'edit.line-start': (composer) => move(composer, 'line-start', still),
  'edit.line-end': (composer) => move(composer, 'line-end', still),
  'edit.select-left': (composer) => move(composer, 'left', extending),
  'edit.select-right': (composer) => move(composer, 'right', extending),
  'edit.undo': undo,
  'edit.redo': redo,
}

/** In whatever is being written: a draft, or the line of an overlay. */
export const editCommands = Object.fromEntries(
  Object.entries(EDITS).map(([name, change]): [string, Command] => [
    name,
    { run: (state) => editing(state, change), isPlain: true },
  ]),
) as Record<EditCommand, Command> // fromEntries forgets the names.
