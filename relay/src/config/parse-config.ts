import { join } from 'node:path'
import { ConfigError, type RegistrationKind } from '@sotto/protocol'
import type { ListenAddress } from '../http/listening.js'
import type { Limits } from '../limits/limits.js'
import type { TlsFiles } from '../tls/certificate.js'
import type { Said, SettingName, Source } from './settings.js'
import {
  environmentSource,
  fileSource,
  flagSource,
  isJsonAsked,
  type ConfigText,
  type Environment,
  type Flags,
} from './sources.js'
import {
  isLoopbackHost,
  parseLimits,
  parseListen,
  parseProxies,
  parsePublicHosts,
} from './values.js'

export interface Config {
  readonly listen: ListenAddress
  readonly dataFolder: string
  readonly registration: RegistrationKind
  readonly limits: Partial<Limits>
  /** Undefined: plain HTTP. */
  readonly tls: TlsFiles | undefined
  /** Undefined: nobody reads metrics. */
  readonly metricsListen: ListenAddress | undefined
  /** Addresses and networks, as TrustedProxies takes them. */
  readonly trustedProxies: readonly string[]
  readonly publicHosts: readonly string[]
  readonly restored: boolean
  readonly json: boolean
}

/** Everything that says how the relay is to be. */
export interface ConfigInput {
  readonly flags: Flags
  readonly environment: Environment
  /** The file that `--config` or SOTTO_RELAY_CONFIG names, where one does. */
  readonly file?: ConfigText | undefined
}

const DEFAULT_LISTEN: Said = { from: '--listen', texts: ['127.0.0.1:8470'] }
const NOWHERE: ListenAddress = { host: '', port: 0 }

/**
 * Flags over environment over file over defaults. Throws one ConfigError that names every fault of
 * every source at once, each with where it was said. Touches nothing.
 */
export function parseConfig(input: ConfigInput): Config {
  const faults: string[] = []
  const said = combine(input, faults)
  const listen = parseListen(said.get('listen') ?? DEFAULT_LISTEN, faults) ?? NOWHERE
  const trustedProxies = parseProxies(said.get('trusted-proxy') ?? NOTHING, faults)
  const publicHosts = parsePublicHosts(said.get('public-host') ?? NOTHING, faults)
  const isFronted = trustedProxies.length + publicHosts.length > 0
  const reached = { host: listen.host, isFronted }
  const config = {
    listen,
    dataFolder: dataFolderOf(said.get('data'), input.environment, faults),
    limits: parseLimits(said.limits, faults),
    registration: parseRegistration(said.get('registration'), reached, faults),
    tls: parseTls(said.get('tls-cert'), said.get('tls-key'), faults),
    metricsListen: parseMetricsListen(said.get('metrics-listen'), faults),
    trustedProxies,
    publicHosts,
    restored: input.flags['restored'] === true,
    json: isJsonAsked(input.flags, input.environment, faults),
  }
  throwFaults(faults)
  return config
}

function parseMetricsListen(said: Said | undefined, faults: string[]): ListenAddress | undefined {
  return said === undefined ? undefined : parseListen(said, faults)
}

function parseTls(
  cert: Said | undefined,
  key: Said | undefined,
  faults: string[],
): TlsFiles | undefined {
  const alone = cert === undefined ? key : key === undefined ? cert : undefined
  if (alone !== undefined) faults.push(`${alone.from}: --tls-cert and --tls-key go together`)
  const [certFile, keyFile] = [cert?.texts[0], key?.texts[0]]
  return certFile === undefined || keyFile === undefined
    ? undefined
    : { cert: certFile, key: keyFile }
}

/** Only where the relay's data is: what whoever looks for a running relay has to know. */
export function parseDataFolder(input: ConfigInput): string {
  const faults: string[] = []
  const said = combine(input, []).get('data') // What else may be wrong is not asked for here.
  const folder = dataFolderOf(said, input.environment, faults)
  throwFaults(faults)
  return folder
}

const NOTHING: Said = { from: '', texts: [] }

interface Combined {
  /** What the source says that goes before the others. */
  get(name: SettingName): Said | undefined
  /** Those that go before the others come last. */
  readonly limits: Source['limits']
}

function combine({ flags, environment, file }: ConfigInput, faults: string[]): Combined {
  const sources = [
    flagSource(flags),
    environmentSource(environment, faults),
    ...(file === undefined ? [] : [fileSource(file, faults)]),
  ]
  return {
    get: (name) => sources.find(({ settings }) => settings.has(name))?.settings.get(name),
    limits: sources.toReversed().flatMap(({ limits }) => limits),
  }
}

function throwFaults(faults: readonly string[]): void {
  if (faults.length === 0) return
  throw new ConfigError('config/invalid', faults.join('\n'), { fix: 'See sotto-relay --help.' })
}

/** Whoever others can reach takes nobody without a code, unless it is told to. */
function parseRegistration(
  said: Said | undefined,
  { host, isFronted }: { readonly host: string; readonly isFronted: boolean },
  faults: string[],
): RegistrationKind {
  const given = said?.texts[0]
  if (given === 'open' || given === 'invite' || given === 'pow') return given
  if (given !== undefined) faults.push(`${said?.from ?? ''} ${given}: one of open, invite, pow`)
  return isLoopbackHost(host) && !isFronted ? 'open' : 'invite'
}

function dataFolderOf(said: Said | undefined, environment: Environment, faults: string[]): string {
  const [given] = said?.texts ?? []
  const { XDG_DATA_HOME: xdg, HOME: home } = environment
  if (given !== undefined && given !== '') return given
  if (xdg !== undefined && xdg.startsWith('/')) return join(xdg, 'sotto-relay')
  if (home !== undefined && home !== '') return join(home, '.local', 'share', 'sotto-relay')
  faults.push('--data: not given, and neither XDG_DATA_HOME nor HOME says where data belongs')
  return ''
}
