import {
  ConfigError,
  equalBytes,
  formatRelayUrl,
  isLoopback,
  parseRelayUrl,
  ProtocolError,
  type RelayUrl,
} from '@sotto/protocol'
import type { GreetedRelay, NewRelayOptions } from '../client.js'
import { AnonymousDoor } from '../net/anonymous-door.js'
import { chooseProxy } from '../net/proxy-choice.js'
import { fetchParameters } from '../net/registration.js'
import { transportThrough } from '../net/transport.js'
import { nodePorts } from '../node-ports.js'
import type { Transport } from '../ports.js'
import { verify } from '../session/digest.js'
import { usernameHash } from './username-hash.js'

/** An address that may be used. Throws `usage/invalid`, and `config/invalid` for one without TLS. */
export function checkedRelay(options: NewRelayOptions): RelayUrl {
  const relay = parseRelayUrl(options.relay)
  if (relay.origin.startsWith('http:') && !isLoopback(relay.origin) && options.insecure !== true) {
    throw new ConfigError(
      'config/invalid',
      `${relay.origin} is not encrypted and not on this machine`,
      {
        fix: 'Use its https address; or, where the way itself is private (a VPN, an onion service): --insecure',
      },
    )
  }
  return relay
}

export function relayTransport({ origin }: RelayUrl, options: NewRelayOptions): Transport {
  const choose = () => chooseProxy(origin, options.ownProxy ?? null, options.proxy ?? {})
  return transportThrough(choose, options.relayWaitMs)
}

/**
 * What the relay says of itself. Throws what `fetchParameters` throws, and `relay/root-changed` where
 * its root key is not the one in the address.
 */
export async function fetchPinned({ origin, rootKey }: RelayUrl, transport: Transport) {
  const parameters = await fetchParameters({ origin, transport, verify })
  if (rootKey !== undefined && !equalBytes(rootKey, parameters.rootKey)) {
    throw new ProtocolError(
      'relay/root-changed',
      'the relay’s root key is not the one in the address',
      { fix: 'Nothing was created. Ask the relay’s operator for the address again.' },
    )
  }
  return parameters
}

/** Asks a relay what it is, as before an account is made there. Throws what `createAccount` would. */
export async function greetRelay(options: NewRelayOptions): Promise<GreetedRelay> {
  const relay = checkedRelay(options)
  const { rootKey, registration } = await fetchPinned(relay, relayTransport(relay, options))
  const address = formatRelayUrl({ origin: relay.origin, rootKey })
  return {
    address,
    needsCode: registration === 'invite',
    needsWork: registration === 'pow',
  }
}

/**
 * Whether nobody has a username at a relay just now. The relay is told its hash and not who asks, and
 * answers an address only so often. Throws `relay/rate-limited`, `relay/unreachable`.
 */
export async function isUsernameFree(
  options: NewRelayOptions & { readonly username: string },
): Promise<boolean> {
  const relay = checkedRelay(options)
  const { clock } = nodePorts()
  const transport = relayTransport(relay, options)
  const door = new AnonymousDoor({ origin: relay.origin, transport, clock })
  try {
    return await door.isUsernameFree(usernameHash(options.username))
  } finally {
    door.close()
  }
}
