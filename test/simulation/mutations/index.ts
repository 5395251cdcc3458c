import { CHANGE_MUTATIONS } from './changes.js'
import { CLIENT_MUTATIONS } from './client-core.js'
import type { Mutation } from './mutation.js'
import { RELAY_MUTATIONS } from './relay.js'

export const MUTATIONS: readonly Mutation[] = [
  ...CLIENT_MUTATIONS,
  ...CHANGE_MUTATIONS,
  ...RELAY_MUTATIONS,
]

/** Throws a RangeError for a name that nobody has. */
export function mutationNamed(name: string): Mutation {
  const found = MUTATIONS.find((mutation) => mutation.name === name)
  if (found === undefined) throw new RangeError(`there is no mutation “${name}”`)
  return found
}
