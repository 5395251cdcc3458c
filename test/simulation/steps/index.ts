import { CHANGES } from './changes.js'
import { LYING } from './lies.js'
import { MACHINES } from './machines.js'
import { NETWORK } from './network.js'
import { PEOPLE } from './people.js'
import type { StepKind } from './step.js'
import { STRANGERS } from './strangers.js'
import { TYPING } from './typing.js'

export { LYING }
export type { StepKind } from './step.js'

/** Everything that may happen; in some worlds what a relay that lies does besides. */
export const STEPS: readonly StepKind[] = [
  ...PEOPLE,
  ...CHANGES,
  ...MACHINES,
  ...NETWORK,
  ...STRANGERS,
  ...TYPING,
]
