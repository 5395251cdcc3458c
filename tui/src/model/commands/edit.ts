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

/** In whatever is being written: a draft, or the line of an overlay. */
function edit(change: (composer: Composer) => Composer): Command {
  return { run: (state) => editing(state, change), isPlain: true }
}

const still = { extend: false }
const extending = { extend: true }

export const editCommands: Readonly<Record<EditCommand, Command>> = {
  'edit.backspace': edit((composer) => erase(composer, 'left')),
  'edit.delete': edit((composer) => erase(composer, 'right')),
  'edit.kill-word': edit((composer) => kill(composer, 'word-left')),
  'edit.kill-word-right': edit((composer) => kill(composer, 'word-right')),
  'edit.kill-to-start': edit((composer) => kill(composer, 'line-start')),
  'edit.kill-to-end': edit((composer) => kill(composer, 'line-end')),
  'edit.yank': edit(yank),
  'edit.yank-older': edit(yankOlder),
  'edit.left': edit((composer) => move(composer, 'left', still)),
  'edit.right': edit((composer) => move(composer, 'right', still)),
  'edit.word-left': edit((composer) => move(composer, 'word-left', still)),
  'edit.word-right': edit((composer) => move(composer, 'word-right', still)),
  'edit.line-start': edit((composer) => move(composer, 'line-start', still)),
  'edit.line-end': edit((composer) => move(composer, 'line-end', still)),
  'edit.select-left': edit((composer) => move(composer, 'left', extending)),
  'edit.select-right': edit((composer) => move(composer, 'right', extending)),
  'edit.undo': edit(undo),
  'edit.redo': edit(redo),
}
