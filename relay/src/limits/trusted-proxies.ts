import { BlockList, isIP } from 'node:net'
import { plainAddress, type Proxies } from './network-address.js'

/** Proxies whose forwarded addresses count: single ones, and networks in CIDR (RFC 4632, 4291). */
export class TrustedProxies implements Proxies {
  readonly #addresses = new Set<string>()
  readonly #networks = new BlockList()
  readonly #hasNetworks: boolean

  /** `said` are what `parseProxy` answers. */
  constructor(said: readonly string[]) {
    for (const each of said) {
      const [address = '', bits] = each.split('/')
      if (bits === undefined) this.#addresses.add(address)
      else this.#networks.addSubnet(address, Number(bits), familyOf(address))
    }
    this.#hasNetworks = said.some((each) => each.includes('/'))
  }

  has(address: string): boolean {
    if (this.#addresses.has(address)) return true
    if (!this.#hasNetworks) return false // To look takes as long as the rest of a connection's checks.
    const [bare = ''] = address.split('%')
    return isIP(bare) !== 0 && this.#networks.check(bare, familyOf(bare))
  }
}

/** An address or `ADDRESS/BITS` in its one form; undefined for anything else. */
export function parseProxy(value: string): string | undefined {
  const [said = '', bits, ...more] = value.split('/')
  const address = plainAddress(said)
  if (address === '' || more.length > 0) return undefined
  if (bits === undefined) return address
  const bitsMax = isIP(address) === 4 ? 32 : 128
  const isNetwork = isIP(said) === isIP(address) && /^\d{1,3}$/.test(bits)
  return isNetwork && Number(bits) <= bitsMax ? `${address}/${Number(bits)}` : undefined
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
