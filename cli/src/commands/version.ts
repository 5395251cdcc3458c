import { VERSION } from '../version.js'
import type { Invocation } from './command.js'

export async function run({ output }: Invocation): Promise<number> {
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
