import { clear } from '../composer/composer.js'
import { commandOfSlash } from './commands/names.js'
import type { Invocation } from './surface.js'
import { editDraft } from './editing.js'
import { keyWords } from './key-words.js'
import type { UiState } from './state.js'
import { step, then, type Step } from './step.js'
import { toast } from './toasts.js'

/** `/name args`: runs it and clears the draft; what is no command stays where it was written. */
export function runSlash(state: UiState, text: string, invocation: Invocation): Step {
  const [, word = '', args = ''] = /^\/(\S*)\s*([^]*)$/.exec(text) ?? []
  const { commands, words } = invocation.surface
  const { screen } = words
  const name = commandOfSlash(commands, word.toLowerCase())
  if (name === undefined)
    return step(
      toast(state, screen.unknownCommand(word, keyWords(state, invocation.surface)), 'bad'),
    )
  const command = commands[name]
  if (command.isEnabled?.(state) === false) return step(toast(state, screen.notNow(word), 'bad'))
  return then(editDraft(state, clear), (cleared) =>
    command.run(cleared, { ...invocation, args: args.trim() }),
  )
}
