import type { Invocation } from './command.js'

export async function run(_invocation: Invocation): Promise<number> {
  throw new Error('not there yet')
}
