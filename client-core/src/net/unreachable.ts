import { UnavailableError } from '@sotto/protocol'

/** Why a relay could not be talked to. */
export type Obstacle =
  | { readonly timedOut: true }
  | { readonly noSuchName: true }
  /** It answered, but with this HTTP status. */
  | { readonly status: number }
  /** What the operating system or a library said. */
  | { readonly cause: unknown }

interface Reason {
  readonly words: string
  readonly fix: string
}

/**
 * `relay/unreachable`, in words: which relay, why, and what to do about it. Where a proxy stood in
 * the way, it has said so itself.
 */
export function unreachable(url: string, obstacle: Obstacle): UnavailableError {
  if ('cause' in obstacle && obstacle.cause instanceof UnavailableError) return obstacle.cause
  const { words, fix } = reasonOf(obstacle)
  const options = 'cause' in obstacle ? { fix, cause: obstacle.cause } : { fix }
  return new UnavailableError(
    'relay/unreachable',
    `cannot reach ${originOf(url)}: ${words}`,
    options,
  )
}

/** `http://host:port` of any http or ws address. */
export function originOf(url: string): string {
  // Not by URL, which some names are none for that parseRelayUrl takes: see `checkName`.
  return url.replace(/^ws/, 'http').replace(/^(https?:\/\/[^/]*).*$/s, '$1')
}

/** Throws `relay/unreachable` for a name that nothing can have, as the `xn--a` of no word (RFC 3492). */
export function checkName(url: string): void {
  if (!URL.canParse(url)) throw unreachable(url, { noSuchName: true })
}

const TIMED_OUT: Reason = {
  words: 'timed out',
  fix: 'Check this machine’s network; the relay may be busy.',
}
const REFUSED: Reason = {
  words: 'connection refused',
  fix: 'Check that the relay runs, and that the port is right.',
}
const NOT_FOUND: Reason = {
  words: 'host not found',
  fix: 'Check the spelling of the relay’s address, and this machine’s network.',
}
const TLS_FAILED: Reason = {
  words: 'TLS failed',
  fix: 'Check the relay’s certificate, and this machine’s clock.',
}
const NO_ROUTE: Reason = { words: 'no way there', fix: 'Check this machine’s network.' }
const CUT: Reason = {
  words: 'the connection was cut',
  fix: 'Check that the address is a sotto relay’s, and https where it has TLS.',
}

const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: REFUSED,
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  ETIMEDOUT: TIMED_OUT,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ENETDOWN: NO_ROUTE,
  EADDRNOTAVAIL: NO_ROUTE,
  EPROTO: TLS_FAILED,
}

function reasonOf(obstacle: Obstacle): Reason {
  if ('timedOut' in obstacle) return TIMED_OUT
  if ('noSuchName' in obstacle) return NOT_FOUND
  if ('status' in obstacle) {
    return {
      words: `it answered HTTP ${obstacle.status}`,
      fix: 'Check that the address is a sotto relay’s.',
    }
  }
  const code = codeOf(obstacle.cause)
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED_)/.test(code))
    return TLS_FAILED
  return REASONS[code] ?? CUT
}

function codeOf(cause: unknown): string {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : ''
}
