import { UsageError } from './errors.js'
import { isHost } from './relay-url.js'

/** A proxy as a person gives it: `scheme://[user[:password]@]host[:port]`. */
export interface ProxyUrl {
  /** `socks5h`: the proxy resolves names; `socks5`: this machine does. */
  readonly scheme: 'socks5h' | 'socks5' | 'http' | 'https'
  /** All of it, credentials included: never to be shown. */
  readonly url: string
  /** `scheme://host:port`, which may be. */
  readonly shown: string
  readonly hasCredentials: boolean
}

const FORM =
  /^(socks5h|socks5|http|https):\/\/(?:([^\s@/?#\\]+)@)?([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?\/?$/
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  socks5h: 1080,
  socks5: 1080,
  http: 80,
  https: 443,
}
const PORT_MAX = 65535

/** Throws a UsageError that says what a proxy looks like, and never what was given. */
export function parseProxyUrl(value: string): ProxyUrl {
  const [, scheme = '', credentials, host = '', digits] = FORM.exec(value) ?? []
  const port = digits === undefined ? DEFAULT_PORTS[scheme] : Number(digits)
  if (port === undefined || port < 1 || port > PORT_MAX || !isHost(host)) {
    throw new UsageError('usage/invalid', 'not a proxy', {
      fix: 'A proxy looks like socks5h://127.0.0.1:9050 or http://proxy.example:3128.',
    })
  }
  if (credentials !== undefined && !isPercentEncoded(credentials)) {
    throw new UsageError('usage/invalid', 'the proxy’s user or password is not percent-encoded', {
      fix: 'Write % as %25, and every other character that is none of a URL in the same way.',
    })
  }
  const shown = `${scheme}://${host.toLowerCase()}:${String(port)}`
  const login = credentials === undefined ? '' : `${credentials}@`
  return {
    scheme: scheme as ProxyUrl['scheme'],
    url: shown.replace('://', `://${login}`),
    shown,
    hasCredentials: credentials !== undefined,
  }
}

/** Whether it says some text in UTF-8 (RFC 3986, section 2.1). */
function isPercentEncoded(value: string): boolean {
  try {
    decodeURIComponent(value)
    return true
  } catch {
    return false // A URIError, which says no more.
  }
}
