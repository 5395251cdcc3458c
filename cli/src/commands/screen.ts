import { reviveRelay } from '../revive-relay.js'
import { withFirstRun } from '../with-first-run.js'
import type { Command, Invocation } from './command.js'

/** `sotto` without a command, where somebody can answer. It stands in no table: it has no name. */
export const command: Command = {
  ...{ path: [], group: 'Talking', summary: 'open the chat screen', arguments: [], flags: [] },
  ...{ details: [], examples: ['sotto'], exits: [83], run },
}

const STDOUT = 1

async function run(invocation: Invocation): Promise<number> {
  const { globals, world } = invocation
  if (!globals.demo) world.crashes.keepIn(globals.dataDir)
  return withFirstRun(invocation, async ({ met, ...place }) => {
    if (!globals.demo) reviveRelay(globals.dataDir, place.client.account.relay)
    const { openScreen, colorDepth } = await import('@sotto/tui/screen')
    const { themeFolder } = await import('../config/themes.js')
    const { personFiles } = await import('../export/person-files.js')
    await openScreen({
      ...{ ...place, signal: world.signal, themes: themeFolder(globals.config, world) },
      files: personFiles(place.client, world),
      ...(met === undefined ? {} : { conversation: met.conversation.id }),
      terminal: { input: world.stdin, output: world.stdout, outputFd: STDOUT },
      colors: globals.color ? colorDepth(world.env) : 'none',
    })
    return 0
  })
}
