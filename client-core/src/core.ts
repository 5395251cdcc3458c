import type { Views } from './conversation/views.js'
import type { Ports } from './ports.js'
import type { Lane } from './session/lane.js'
import type { OwnDevice } from './session/own-device.js'
import type { Store } from './store/store.js'
import type { OwnAccount } from './store/tables/account.js'

/** What the parts of an open client share. */
export interface Core {
  readonly store: Store
  readonly account: OwnAccount
  readonly own: OwnDevice
  readonly lane: Lane
  readonly ports: Ports
  readonly views: Views
  /** Strangers become contacts by themselves (bots). */
  readonly acceptEveryone: boolean
  /** The relay's clock as best known (monotonic), else the local one. Unix milliseconds. */
  readonly relayNowMs: () => number
}
