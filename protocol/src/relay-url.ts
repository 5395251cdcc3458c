import { base64url, fromBase64url, type Bytes } from './bytes.js'
import { UsageError } from './errors.js'
import { IDENTITY_KEY_BYTES } from './ids.js'

/** A relay as a person gives it: `https://host[:port][#root=KEY]`. */
export interface RelayUrl {
  /** Scheme, host and port, without a trailing slash. */
  readonly origin: string
  /** The relay's root key, where it was given: 33 bytes. */
  readonly rootKey: Bytes | undefined
}

export function parseRelayUrl(value: string): RelayUrl {
  const match =
    /^(https?):\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?\/?(?:#root=([A-Za-z0-9_-]+))?$/.exec(
      value,
    )
  if (match === null) {
    throw new UsageError('usage/invalid', `not a relay: ${value}`, {
      fix: 'A relay looks like https://relay.example or http://127.0.0.1:8470.',
    })
  }
  const [, scheme = '', host = '', port = '', root] = match
  const rootKey = root === undefined ? undefined : fromBase64url(root)
  if (root !== undefined && rootKey?.length !== IDENTITY_KEY_BYTES) {
    throw new UsageError('usage/invalid', 'the relay’s root key is not 33 bytes in base64url', {
      fix: 'Copy the whole address, #root=… included.',
    })
  }
  return { origin: `${scheme}://${host.toLowerCase()}${port}`, rootKey }
}

export function formatRelayUrl(relay: RelayUrl): string {
  return relay.rootKey === undefined
    ? relay.origin
    : `${relay.origin}#root=${base64url(relay.rootKey)}`
}

/** Loopback needs no TLS: nobody else is on the wire. */
export function isLoopback(origin: string): boolean {
  return /^https?:\/\/(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/.test(origin)
}
