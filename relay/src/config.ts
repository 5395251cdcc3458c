import { isIP } from 'node:net'
import { join } from 'node:path'
import { ConfigError, isHost } from '@sotto/protocol'
import { isLimitName, LIMIT_RULES, type LimitName, type Limits } from './limits/limits.js'
import { plainAddress } from './limits/network-address.js'

/** What the command line says, as text. */
export interface Flags {
  readonly listen?: string
  readonly data?: string
  readonly registration?: string
  readonly limit: readonly string[]
  readonly trustedProxy: readonly string[]
  readonly publicHost: readonly string[]
  readonly restored: boolean
  readonly json: boolean
}

export interface Config {
  readonly listen: { readonly host: string; readonly port: number }
  readonly dataFolder: string
  readonly limits: Partial<Limits>
  readonly trustedProxies: readonly string[]
  readonly publicHosts: readonly string[]
  readonly restored: boolean
  readonly json: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_LISTEN = '127.0.0.1:8470'
const PORT_MAX = 65_535

/** Throws one ConfigError that names every fault at once. Touches nothing. */
export function parseConfig(flags: Flags, environment: Environment): Config {
  const faults: string[] = []
  const listen = parseListen(flags.listen ?? DEFAULT_LISTEN, faults)
  checkRegistration(flags.registration, listen.host, faults)
  const config = {
    listen,
    dataFolder: flags.data ?? defaultDataFolder(environment, faults),
    limits: parseLimits(flags.limit, faults),
    trustedProxies: parseProxies(flags.trustedProxy, faults),
    publicHosts: parsePublicHosts(flags.publicHost, faults),
    restored: flags.restored,
    json: flags.json,
  }
  if (faults.length > 0) {
    throw new ConfigError('config/invalid', faults.join('\n'), { fix: 'See sotto-relay --help.' })
  }
  return config
}

function parseListen(value: string, faults: string[]): Config['listen'] {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(value)
  const port = Number(match?.[3])
  if (match === null || port > PORT_MAX) {
    faults.push(`--listen ${value}: not HOST:PORT, as in 127.0.0.1:8470 or [::1]:8470`)
    return { host: '', port: 0 }
  }
  return { host: match[1] ?? match[2] ?? '', port }
}

function checkRegistration(given: string | undefined, host: string, faults: string[]): void {
  if (given === 'invite' || given === 'pow') {
    faults.push(`--registration ${given}: this version serves only open registration`)
  } else if (given !== undefined && given !== 'open') {
    faults.push(`--registration ${given}: one of open, invite, pow`)
  } else if (given === undefined && host !== '' && !isLoopbackHost(host)) {
    faults.push(
      `--listen ${host}: others can reach this address, and registration would be open to all of them; say --registration open if that is meant`,
    )
  }
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function defaultDataFolder(environment: Environment, faults: string[]): string {
  const { XDG_DATA_HOME: xdg, HOME: home } = environment
  if (xdg !== undefined && xdg.startsWith('/')) return join(xdg, 'sotto-relay')
  if (home !== undefined && home !== '') return join(home, '.local', 'share', 'sotto-relay')
  faults.push('--data: not given, and neither XDG_DATA_HOME nor HOME says where data belongs')
  return ''
}

function parseLimits(values: readonly string[], faults: string[]): Partial<Limits> {
  const limits: Partial<Record<LimitName, number>> = {}
  for (const value of values) {
    const [name = '', count = '', ...more] = value.split('=')
    if (!isLimitName(name)) {
      const known = Object.keys(LIMIT_RULES).join(', ')
      faults.push(`--limit ${value}: there is no limit of that name; there are ${known}`)
      continue
    }
    const { min, max } = LIMIT_RULES[name]
    const number = more.length === 0 && /^\d{1,15}$/.test(count) ? Number(count) : NaN
    if (number >= min && number <= max) limits[name] = number
    else faults.push(`--limit ${value}: a whole number from ${min} to ${max}`)
  }
  return limits
}

function parseProxies(values: readonly string[], faults: string[]): string[] {
  for (const value of values) {
    if (plainAddress(value) === '') faults.push(`--trusted-proxy ${value}: not an IP address`)
  }
  return values.map(plainAddress)
}

function parsePublicHosts(values: readonly string[], faults: string[]): readonly string[] {
  for (const value of values) {
    const [, host = '', port = '443'] = /^([A-Za-z0-9.-]+|\[.+\])(?::(\d{1,5}))?$/.exec(value) ?? []
    if (!isHost(host) || Number(port) > PORT_MAX) {
      faults.push(`--public-host ${value}: a host name, with its port unless that is 443 or 80`)
    }
  }
  return values
}
