import { createHmac } from 'node:crypto'
import { isIP, isIPv6, SocketAddress } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { dayOf, type Clock, type Random } from '../ports.js'

/**
 * Where a request comes from. The operator's own machine is not limited by address: whoever is on
 * loopback, and nobody's proxy, could as well read the database.
 */
export type Origin =
  { readonly kind: 'operator' } | { readonly kind: 'network'; readonly address: string }

/** Knows proxies by their `plainAddress`. */
export interface Proxies {
  has(address: string): boolean
}

/** What of a request tells where it comes from. */
export interface Request {
  readonly headers: IncomingMessage['headers']
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/**
 * The peer's address or, when the peer is a configured proxy, the last forwarded address that is
 * not itself one. Never stored and never logged.
 */
export function originOf(request: Request, trustedProxies: Proxies): Origin {
  const peer = plainAddress(request.socket.remoteAddress ?? '')
  if (trustedProxies.has(peer))
    return { kind: 'network', address: forwarded(request, trustedProxies) }
  // Forwarded, but by a proxy that nobody configured: all of its clients share one address.
  const isForwarded = 'x-forwarded-for' in request.headers || 'forwarded' in request.headers
  if (isLoopback(peer) && !isForwarded) return { kind: 'operator' }
  return { kind: 'network', address: network(peer) }
}

/** Names an address for one day: nobody who reads a memory dump tomorrow learns it back. */
export class AddressKeys {
  #key: Uint8Array
  #day: number
  readonly #clock: Clock
  readonly #random: Random

  constructor(options: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = options.clock
    this.#random = options.random
    this.#key = options.random(32)
    this.#day = dayOf(options.clock.nowMs())
  }

  keyOf(address: string, ...more: readonly Uint8Array[]): string {
    const day = dayOf(this.#clock.nowMs())
    if (day !== this.#day) {
      this.#key = this.#random(32)
      this.#day = day
    }
    const mac = createHmac('sha256', this.#key).update(address)
    for (const part of more) mac.update('\0').update(part)
    return mac.digest('base64url')
  }
}

const IPV4_IN_IPV6 = '::ffff:'

/**
 * An IP address in its one form (RFC 5952), IPv4 out of its IPv6 clothes; empty for anything else.
 * An operator writes it as they like, and a proxy as it does.
 */
export function plainAddress(value: string): string {
  if (!isIPv6(value)) return isIP(value) === 0 ? '' : value
  const [bare = '', zone] = value.split('%')
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  const inner = address.startsWith(IPV4_IN_IPV6) ? address.slice(IPV4_IN_IPV6.length) : ''
  if (isIP(inner) === 4) return inner
  return zone === undefined ? address : `${address}%${zone}`
}

function forwarded(request: Request, trustedProxies: Proxies): string {
  const header = request.headers['x-forwarded-for']
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',')
  const known = hops.map((hop) => plainAddress(hop.trim()))
  return network(known.reverse().find((hop) => hop !== '' && !trustedProxies.has(hop)) ?? '')
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** An IPv6 customer has at least a /64: counting single addresses would count nothing. */
function network(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...(address.includes('::') ? zeros : []), ...right].slice(0, 4).join(':')
}
