import { isIP } from 'node:net'
import { isHost } from '@sotto/protocol'
import type { ListenAddress } from '../http/listening.js'
import { LIMIT_RULES, isLimitName, type LimitName, type Limits } from '../limits/limits.js'
import { parseProxy } from '../limits/trusted-proxies.js'
import type { LimitSaid, Said } from './settings.js'

const PORT_MAX = 65_535

/** Undefined where it is none: that is in `faults` then. */
export function parseListen({ from, texts }: Said, faults: string[]): ListenAddress | undefined {
  const [value = ''] = texts
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(value)
  const port = Number(match?.[3])
  if (match !== null && port <= PORT_MAX) return { host: match[1] ?? match[2] ?? '', port }
  faults.push(`${from} ${value}: not HOST:PORT, as in 127.0.0.1:8470 or [::1]:8470`)
  return undefined
}

export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Later ones win over earlier ones of the same name. */
export function parseLimits(said: readonly LimitSaid[], faults: string[]): Partial<Limits> {
  const limits: Partial<Record<LimitName, number>> = {}
  for (const { from, name, text } of said) {
    if (!isLimitName(name)) {
      const known = Object.keys(LIMIT_RULES).join(', ')
      faults.push(`${from}: there is no limit of that name; there are ${known}`)
      continue
    }
    const { min, max } = LIMIT_RULES[name]
    const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN
    if (number >= min && number <= max) limits[name] = number
    else faults.push(`${from}: a whole number from ${min} to ${max}`)
  }
  return limits
}

/** Each as `parseProxy` writes it. */
export function parseProxies({ from, texts }: Said, faults: string[]): readonly string[] {
  return texts.flatMap((value) => {
    const proxy = parseProxy(value)
    if (proxy === undefined) faults.push(`${from} ${value}: not an IP address, nor one with /BITS`)
    return proxy ?? []
  })
}

export function parsePublicHosts({ from, texts }: Said, faults: string[]): readonly string[] {
  for (const value of texts) {
    const [, host = '', port = '443'] = /^([A-Za-z0-9.-]+|\[.+\])(?::(\d{1,5}))?$/.exec(value) ?? []
    if (!isHost(host) || Number(port) > PORT_MAX) {
      faults.push(`${from} ${value}: a host name, with its port unless that is 443 or 80`)
    }
  }
  return texts
}
