import { parseChoice } from '../flags/values.js'
import type { Command, Invocation } from './command.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const

export const command: Command = {
  path: ['completion'],
  group: 'About sotto',
  summary: 'print a script that completes commands and names in your shell',
  arguments: [{ usage: '<shell>', summary: 'bash, zsh or fish', complete: SHELLS }],
  flags: [],
  details: [
    'bash: source <(sotto completion bash) in ~/.bashrc. zsh: sotto completion zsh > a folder of $fpath, as _sotto. fish: sotto completion fish > ~/.config/fish/completions/sotto.fish.',
    'Commands and flags are in the script. Names of people, accounts and messages are asked of sotto while you type, from this device alone; it answers at once or not at all.',
  ],
  examples: ['sotto completion bash > sotto.bash', 'sotto completion fish'],
  exits: [],
  run,
}

async function run({ args: [shell = ''], output, manual }: Invocation): Promise<number> {
  const chosen = parseChoice(shell, SHELLS, 'shell')
  const { completionModel } = await import('../completion/model.js')
  const { eventTypeNames, schemaNames } = await import('../schema/schemas.js')
  const schemas = [...schemaNames(), ...eventTypeNames()]
  const { commands, nouns } = await manual()
  const model = completionModel(commands, nouns, schemas)
  const { scriptFor } = await import('../completion/scripts.js')
  output.text(scriptFor(chosen, model))
  return 0
}
