import { VERSION } from '../version.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['version'],
  group: 'About sotto',
  summary: 'print the version',
  arguments: [],
  flags: [],
  details: [],
  examples: ['sotto version --json'],
  object: { schema: 'version', many: false },
  exits: [],
  configless: true,
  run,
}

async function run({ output }: Invocation): Promise<number> {
  output.result(
    {
      version: VERSION,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    },
    () => `sotto ${VERSION}`,
  )
  return 0
}
