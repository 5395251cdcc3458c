import { UsageError } from '@sotto/protocol'

import type { Command, Globals } from './commands/command.js'

/** What `--demo` is for: everything else would look as if it had been done. */
const DEMO_COMMANDS = ['', 'chat']

/** Throws `usage/invalid` for a command that would do something real. */
export function refuseDemo({ demo }: Globals, { path }: Command): void {
  if (!demo || DEMO_COMMANDS.includes(path.join(' '))) return
  throw new UsageError('usage/invalid', '--demo is for the chat alone', {
    fix: 'Nothing was done. sotto --demo opens it; leave --demo (SOTTO_DEMO) out for the rest.',
  })
}
