import type { Role } from './row.js'

export interface Link {
  /** As a terminal is told it: plain ASCII. */
  readonly href: string
  /** Where it leads, as its label does not say; empty where the label does. */
  readonly host: string
  readonly hostRole: Role
}

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])
const ADDRESS_IN_LABEL = /[^\s/.@]\.[\p{L}\d-]{2,}(?:[/:?#\s]|$)|:\/\/|@/u

/**
 * A link with the label that its author gave it. A label that is not where it leads is shown beside
 * the host, and one that looks like another address is marked: that is how people are led astray.
 * Undefined for what is no web or mail address.
 */
export function labelledLink(label: string, destination: string): Link | undefined {
  const url = parse(destination)
  if (url === undefined) return undefined
  const host = hostOf(url)
  if (names(label, host)) return { href: url.href, host: '', hostRole: 'host' }
  return { href: url.href, host, hostRole: ADDRESS_IN_LABEL.test(label) ? 'bad' : 'host' }
}

/**
 * An address as it stands in a text. One with a name in front of its host (`https://bank.example@…`)
 * or a host in letters that look like others (IDNA) is shown beside its real host.
 */
export function bareLink(address: string): Link | undefined {
  const url = parse(address)
  if (url === undefined) return undefined
  const host = hostOf(url)
  if (url.protocol === 'mailto:') return { href: url.href, host: '', hostRole: 'host' }
  if (url.username !== '' || url.password !== '') return { href: url.href, host, hostRole: 'bad' }
  return { href: url.href, host: names(address, host) ? '' : host, hostRole: 'bad' }
}

function parse(address: string): URL | undefined {
  try {
    const url = new URL(address)
    return SCHEMES.has(url.protocol) ? url : undefined
  } catch {
    return undefined // What is no address stays text.
  }
}

function hostOf(url: URL): string {
  return url.protocol === 'mailto:' ? url.pathname : url.host
}

/** Whether the label begins with the host, or is the address. */
function names(label: string, host: string): boolean {
  const bare = label
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
  if (!bare.startsWith(host.toLowerCase())) return false
  return /^(?::\d+)?(?:[/?#]|$)/.test(bare.slice(host.length))
}
