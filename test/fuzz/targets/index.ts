import type { Target } from '../target.js'
import { cliTargets } from './cli.js'
import { clientCoreTargets } from './client-core.js'
import { envelopeTargets } from './envelope.js'
import { protocolTargets } from './protocol.js'
import { relayTargets } from './relay.js'
import { tuiTargets } from './tui.js'

/** Every parser of outside bytes (docs/TESTING.md, "Fuzzing"). */
export const TARGETS: readonly Target[] = [
  ...protocolTargets,
  ...relayTargets,
  ...clientCoreTargets,
  ...envelopeTargets,
  ...cliTargets,
  ...tuiTargets,
]
