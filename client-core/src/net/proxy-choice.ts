import { ConfigError, isLoopback, parseProxyUrl, SottoError, type ProxyUrl } from '@sotto/protocol'

/** What says how the relay is reached, besides the account itself. A proxy is a URL or `none`. */
export interface ProxySettings {
  /** For this time, whatever else is said. */
  readonly given?: string
  /** Where the account has none of its own. */
  readonly configured?: string
  /** ALL_PROXY, HTTPS_PROXY and NO_PROXY count, in either case, where nothing else is said. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * The proxy through which a relay is reached; undefined: none. A relay on this machine is reached
 * directly, unless a proxy was given for this time or for the account. Throws `config/invalid` for a
 * variable that holds no proxy.
 */
export function chooseProxy(
  origin: string,
  stored: string | null,
  settings: ProxySettings,
): ProxyUrl | undefined {
  const meant = settings.given ?? stored ?? undefined
  if (meant !== undefined) return parseChoice(meant)
  if (isLoopback(origin)) return undefined
  if (settings.configured !== undefined) return parseChoice(settings.configured)
  return inEnvironment(origin, settings.environment ?? {})
}

function parseChoice(choice: string): ProxyUrl | undefined {
  return choice === 'none' ? undefined : parseProxyUrl(choice)
}

function inEnvironment(
  origin: string,
  environment: Readonly<Record<string, string | undefined>>,
): ProxyUrl | undefined {
  const { scheme = '', host = '', port = '' } = ORIGIN.exec(origin)?.groups ?? {}
  if (isExempt(host, port, read(environment, 'no_proxy').value)) return undefined
  const own = scheme === 'https' ? read(environment, 'https_proxy') : undefined
  const { name, value } = own?.value ? own : read(environment, 'all_proxy')
  if (value === '') return undefined
  try {
    return parseProxyUrl(value)
  } catch (error) {
    if (!(error instanceof SottoError)) throw error
    throw new ConfigError('config/invalid', `${name}: ${error.message}`, { fix: error.fix })
  }
}

const ORIGIN = /^(?<scheme>https?):\/\/(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d+))?$/

/** The lower case wins, as everywhere. */
function read(environment: Readonly<Record<string, string | undefined>>, name: string) {
  const lower = environment[name]
  if (lower) return { name, value: lower }
  const upper = name.toUpperCase()
  return { name: upper, value: environment[upper] ?? '' }
}

/** `*`, `relay.example`, `.example` for all below, `relay.example:8443`. */
function isExempt(host: string, port: string, exemptions: string): boolean {
  return exemptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .some((each) => {
      if (each === '*') return true
      const [, name = each, only] = /^(.*?)(?::(\d+))?$/.exec(each) ?? []
      if (only !== undefined && only !== port) return false
      const bare = name.replace(/^\*?\./, '')
      return host === bare || host.endsWith(`.${bare}`)
    })
}
