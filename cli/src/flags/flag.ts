/** Names that only the account knows: `sotto __complete KIND` prints them. */
export const DYNAMIC_KINDS = ['recipient', 'account', 'message'] as const
export type DynamicKind = (typeof DYNAMIC_KINDS)[number]

/**
 * What a shell may offer for a value: names that only the account knows, files, names that the
 * program knows, or a few words.
 */
export type CompletionHint = DynamicKind | 'file' | 'schema' | 'topic' | readonly string[]

/** A flag of the command table. Without `value` it is a switch. */
export interface FlagSpec {
  /** The long name without its dashes: `timeout`, `no-queue`. */
  readonly name: string
  readonly short?: string
  /** What stands for its value in the help: `duration`. */
  readonly value?: string
  /** May be given more than once. */
  readonly repeat?: true
  readonly summary: string
  readonly complete?: CompletionHint
}

/** For every command, before or after its name. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  { name: 'json', summary: 'print JSON, one object a line, errors included' },
  {
    name: 'fields',
    value: 'names',
    summary: 'JSON with these fields only: message.text,sender.handle',
  },
  {
    name: 'account',
    short: 'A',
    value: 'name',
    summary: 'the account to use: username, or id or the beginning of it',
    complete: 'account',
  },
  { name: 'quiet', short: 'q', summary: 'no notes on stderr, only errors' },
  { name: 'verbose', short: 'v', summary: 'say on stderr what is being done' },
  { name: 'no-input', summary: 'never ask anything' },
  { name: 'no-color', summary: 'no colours (NO_COLOR and TERM=dumb do the same)' },
  { name: 'yes', summary: 'answer yes to every question' },
  {
    name: 'timeout',
    value: 'duration',
    summary: 'how long to wait for the relay; a command’s own --timeout wins',
  },
  {
    name: 'proxy',
    value: 'url',
    summary: 'reach the relay through socks5h://, socks5://, http:// or https://host:port, or none',
  },
  {
    name: 'passphrase-file',
    value: 'file',
    summary: 'the passphrase of the account is in this file',
    complete: 'file',
  },
  {
    name: 'passphrase-fd',
    value: 'number',
    summary: 'the passphrase of the account comes through this file descriptor',
  },
  {
    name: 'config',
    value: 'file',
    summary: 'read this configuration file in place of your own',
    complete: 'file',
  },
  {
    name: 'no-daemon',
    summary: 'never ask the process that owns the account: 83 while there is one',
  },
  {
    name: 'socket',
    value: 'path',
    summary: 'ask the owner of an account at exactly this socket',
    complete: 'file',
  },
  {
    name: 'home',
    value: 'dir',
    summary: 'where accounts live; default the XDG data folder',
    complete: 'file',
  },
  {
    name: 'plain',
    summary: 'chat in lines that are printed once, for screen readers and logs',
  },
  {
    name: 'demo',
    summary: 'chat in a made-up world: no account, no relay, nothing on disk',
  },
]

/** `SOTTO_TIMEOUT` for a global flag, `SOTTO_SEND_TIMEOUT` for one of `send`. */
export function environmentName(flag: FlagSpec, command: readonly string[] = []): string {
  return ['sotto', ...command, flag.name].join('_').replaceAll('-', '_').toUpperCase()
}

/** As in a help text: `-A, --account <name>`. */
export function flagUsage(flag: FlagSpec): string {
  const short = flag.short === undefined ? '' : `-${flag.short}, `
  return `${short}--${flag.name}${flag.value === undefined ? '' : ` <${flag.value}>`}`
}
