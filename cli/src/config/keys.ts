import { parseProxyUrl } from '@sotto/protocol'

import { parseChoice, parseDuration } from '../flags/values.js'

/** What may be configured, and nothing else: each does something today. */
export const CONFIG_KEYS = ['account', 'timeout', 'proxy', 'color', 'contacts.accept'] as const
export type ConfigKey = (typeof CONFIG_KEYS)[number]

export const COLORS = ['auto', 'never'] as const
export const ACCEPTS = ['ask', 'everyone'] as const

interface KeySpec {
  readonly summary: string
  /** What it is where nobody says anything; undefined: nothing. */
  readonly standard: string | undefined
  /**
   * A folder somebody else filled may hold a project file: it may choose among what the person has,
   * and never say whom to trust, how the relay is reached, or what to run.
   */
  readonly inProject: boolean
  /** Throws a UsageError that does not repeat what may be secret. */
  readonly check: (text: string) => unknown
}

export const KEY_SPECS: Readonly<Record<ConfigKey, KeySpec>> = {
  account: {
    summary: 'the account to use',
    standard: undefined,
    inProject: true,
    check: (text) => text,
  },
  timeout: {
    summary: 'how long to wait for the relay: 30s',
    standard: undefined,
    inProject: true,
    check: parseDuration,
  },
  proxy: {
    summary: 'how the relay is reached: socks5h://127.0.0.1:9050, or none',
    standard: undefined,
    inProject: false,
    check: (text) => (text === 'none' ? text : parseProxyUrl(text)),
  },
  color: {
    summary: 'auto or never',
    standard: 'auto',
    inProject: true,
    check: (text) => parseChoice(text, COLORS, 'color'),
  },
  'contacts.accept': {
    summary: 'ask, or everyone: requests are accepted by themselves, as bots want',
    standard: 'ask',
    inProject: false,
    check: (text) => parseChoice(text, ACCEPTS, 'way to accept'),
  },
}

/** A value as it may be shown: without what a proxy's URL says of passwords. */
export function shownValue(key: ConfigKey, value: string): string {
  return key === 'proxy' && value !== 'none' ? parseProxyUrl(value).shown : value
}
