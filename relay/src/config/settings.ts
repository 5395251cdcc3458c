import { LIMIT_RULES, isLimitName, type LimitName } from '../limits/limits.js'

interface SettingRule {
  /** What stands for its value in the help. */
  readonly value: string
  readonly what: string
  /** It may be said more than once; in a variable, with commas between. */
  readonly many?: true
}

const RULES = {
  listen: rule('host:port', 'where to listen; port 0 takes any free one (127.0.0.1:8470)'),
  data: rule('dir', 'keys and database ($XDG_DATA_HOME/sotto-relay)'),
  registration: rule(
    'kind',
    'who may join: open (default on loopback), invite (by sign-up code; default elsewhere) or pow (for a second of work)',
  ),
  'public-host': many('host', 'a name clients use for this relay; repeatable'),
  'trusted-proxy': many('addr', 'a proxy, or a.b.c.d/n, whose X-Forwarded-For counts; repeatable'),
  'tls-cert': rule('file', 'speak TLS with this certificate, in PEM, its chain behind it'),
  'tls-key': rule('file', 'the key of the certificate, in PEM'),
  'metrics-listen': rule('host:port', 'answer GET /metrics there, and nowhere else (off)'),
} as const

/** What an operator may say, by flag, variable or file, beside the limits. */
export type SettingName = keyof typeof RULES

export const SETTING_RULES: Readonly<Record<SettingName, SettingRule>> = RULES
export const SETTING_NAMES = Object.keys(RULES) as readonly SettingName[]

/** What is said of one setting, and by whom: a fault names both. */
export interface Said {
  readonly from: string
  readonly texts: readonly string[]
}

/** What one source says: the command line, the environment or a file. */
export interface Source {
  readonly settings: ReadonlyMap<SettingName, Said>
  /** In the order in which they were said. */
  readonly limits: readonly LimitSaid[]
}

export interface LimitSaid {
  readonly from: string
  readonly name: string
  readonly text: string
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(RULES, name)
}

const PREFIX = 'SOTTO_RELAY_'
const LIMIT_PREFIX = `${PREFIX}LIMIT_`
/** The variable that names the file; it is no setting of its own. */
export const CONFIG_VARIABLE = `${PREFIX}CONFIG`
/** The variable of `--json`, which every command has. */
export const JSON_VARIABLE = `${PREFIX}JSON`

/** `public-host` → `SOTTO_RELAY_PUBLIC_HOST`. */
export function variableOf(name: SettingName): string {
  return PREFIX + name.replaceAll('-', '_').toUpperCase()
}

/** `mailboxBytes` → `SOTTO_RELAY_LIMIT_MAILBOX_BYTES`. */
export function limitVariableOf(name: LimitName): string {
  return LIMIT_PREFIX + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

/** The limit that a variable moves; undefined: none. */
export function limitOfVariable(variable: string): LimitName | undefined {
  return Object.keys(LIMIT_RULES)
    .filter(isLimitName)
    .find((name) => limitVariableOf(name) === variable)
}

function rule(value: string, what: string): SettingRule {
  return { value, what }
}

function many(value: string, what: string): SettingRule {
  return { value, what, many: true }
}

/** Whether a variable is meant for this program at all. */
export function isOurVariable(variable: string): boolean {
  return variable.startsWith(PREFIX)
}
