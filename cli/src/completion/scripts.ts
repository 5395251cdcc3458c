import { bashScript } from './bash.js'
import { fishScript } from './fish.js'
import type { CompletionModel } from './model.js'
import { zshScript } from './zsh.js'

export function scriptFor(shell: 'bash' | 'zsh' | 'fish', model: CompletionModel): string {
  switch (shell) {
    case 'bash':
      return bashScript(model)
    case 'zsh':
      return zshScript(model)
    case 'fish':
      return fishScript(model)
  }
}
