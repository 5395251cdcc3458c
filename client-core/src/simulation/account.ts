import { parseRelayUrl, type AccountId, type Bytes } from '@sotto/protocol'
import { generateAccount, identityOf } from '../account/generate.js'
import { registerAccount, storeAccount } from '../account/register.js'
import type { Client } from '../client.js'
import { fetchParameters } from '../net/registration.js'
import { OpenedClient } from '../opened-client.js'
import type { Ports } from '../ports.js'
import { verify } from '../session/digest.js'
import type { Store } from '../store/store.js'

export interface SimulatedClient extends Client {
  /** Nothing is being sealed or opened: whatever happens next comes from outside. */
  readonly isIdle: boolean
}

/**
 * Makes an account in a store, or goes on with one that was begun there, as `account create` does.
 * Throws what `createAccount` throws.
 */
export async function createAccountOn(
  store: Store,
  options: {
    readonly relay: string
    readonly username: string
    readonly ports: Ports
    readonly prekeyStock: number
    /** 32 bytes of which the identity key is made: the account's id follows from them. */
    readonly identitySeed: Bytes
  },
): Promise<AccountId> {
  const { relay, ports, prekeyStock, username } = options
  const own = store.read.account.own() ?? (await begin())
  await registerAccount({ own, store }, ports, { code: '' })
  return own.account

  async function begin() {
    const { origin } = parseRelayUrl(relay)
    const { transport } = ports
    const parameters = await fetchParameters({ origin, transport, verify })
    const identity = identityOf(options.identitySeed)
    const wanted = { relay: origin, username, name: '' }
    const made = generateAccount(wanted, parameters, ports, identity)
    storeAccount(store, made, ports, prekeyStock)
    return made
  }
}

/** Opens the account in a store, which nobody else may have open. */
export function openAccountOn(
  store: Store,
  options: { readonly ports: Ports; readonly prekeyStock: number },
): SimulatedClient {
  const alone = { announce: () => true, release: () => undefined }
  return new OpenedClient(store, alone, {
    ports: options.ports,
    transport: options.ports.transport,
    proxy: {},
    relayWaitMs: undefined,
    prekeyStock: options.prekeyStock,
    keepLabel: () => undefined,
    acceptEveryone: false,
    warnings: [],
  })
}
