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

const FORM =
  /^(https?):\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?\/?(?:#root=([A-Za-z0-9_-]+))?$/
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 }
const PORT_MAX = 65535

/**
 * Throws a UsageError that says what a relay looks like. What it takes can be dialled, but for a name
 * in Punycode that is none (RFC 3492): that is told as a host that does not exist.
 */
export function parseRelayUrl(value: string): RelayUrl {
  const [, scheme = '', host = '', digits, root] = FORM.exec(value) ?? []
  const port = digits === undefined ? DEFAULT_PORTS[scheme] : Number(digits)
  if (port === undefined || port > PORT_MAX || !isHost(host)) {
    throw new UsageError('usage/invalid', `not a relay: ${value}`, {
      fix: 'A relay looks like https://relay.example or http://127.0.0.1:8470.',
    })
  }
  const rootKey = root === undefined ? undefined : fromBase64url(root)
  if (root !== undefined && rootKey?.length !== IDENTITY_KEY_BYTES) {
    throw new UsageError('usage/invalid', 'the relay’s root key is not 33 bytes in base64url', {
      fix: 'Copy the whole address, #root=… included.',
    })
  }
  const shownPort = port === DEFAULT_PORTS[scheme] ? '' : `:${String(port)}`
  return { origin: `${scheme}://${host.toLowerCase()}${shownPort}`, rootKey }
}

/** A name, an IPv4 address or an IPv6 address in brackets, as URLs have them (RFC 3986, 3.2.2). */
export function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIpv6(host.slice(1, -1))
  const labels = host.split('.')
  if (labels.includes('')) return false
  // A name that ends in a number is an address or nothing.
  return /^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '') ? isIpv4(host) : true
}

function isIpv4(address: string): boolean {
  const octets = address.split('.')
  return (
    octets.length === 4 &&
    octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)
  )
}

const IPV6_GROUPS = 8

/** RFC 4291, section 2.2: eight groups; the last two may be an IPv4 address, one run be left out. */
function isIpv6(address: string): boolean {
  const tail = address.slice(address.lastIndexOf(':') + 1)
  if (tail.includes('.')) {
    return isIpv4(tail) && isIpv6(`${address.slice(0, -tail.length)}0:0`)
  }
  const halves = address.split('::')
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  return halves.length === 1
    ? groups.length === IPV6_GROUPS
    : halves.length === 2 && groups.length < IPV6_GROUPS
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
