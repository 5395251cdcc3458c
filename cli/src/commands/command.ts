import type { ConfigPlace } from '../config/load.js'
import type { Settings } from '../config/settings.js'
import type { CompletionHint, FlagSpec } from '../flags/flag.js'
import type { Flags } from '../flags/flags.js'
import type { Fields } from '../print/fields.js'
import type { Output } from '../print/output.js'
import type { World } from '../world.js'

export interface ArgumentSpec {
  /** `<to...>` or `[text]`. */
  readonly usage: string
  readonly summary: string
  readonly complete?: CompletionHint
}

/** A row of the command table: help, docs and parsing come from it and from nothing else. */
export interface CommandSpec {
  /** `['account', 'create']`. */
  readonly path: readonly string[]
  readonly group: CommandGroup
  readonly summary: string
  readonly arguments: readonly ArgumentSpec[]
  readonly flags: readonly FlagSpec[]
  /** Paragraphs under the summary. */
  readonly details: readonly string[]
  readonly examples: readonly string[]
  /** What `--json` prints, as in docs/schemas; none: nothing of its own. */
  readonly object?: ObjectSpec
  /** Exit codes besides those every command may end with. */
  readonly exits: readonly number[]
  /** Reads no configuration file, and so works where one is wrong. */
  readonly configless?: true
  /** A configuration with faults does not stop it. */
  readonly lenient?: true
  /** For programs, not for people: in no help and no completion. */
  readonly hidden?: true
}

export type CommandGroup = 'Talking' | 'People' | 'Accounts' | 'This device' | 'About sotto'

export interface ObjectSpec {
  /** The file in docs/schemas, without `.json`. */
  readonly schema: string
  /** One object, or one a line. */
  readonly many: boolean
}

/** A row of the table with what it does: parses, makes one call of the client, prints. */
export interface Command extends CommandSpec {
  /** Answers the exit code. */
  readonly run: (invocation: Invocation) => Promise<number>
}

/** Without a text behind others, which may be many: it is split off them when they have been read. */
export function readArguments(spec: CommandSpec): readonly ArgumentSpec[] {
  return spec.arguments.filter(({ usage }, at) => at === 0 || usage !== '[text]')
}

export const TO_ARGUMENT: ArgumentSpec = {
  usage: '<to>',
  summary: 'a recipient: see sotto help recipients',
  complete: 'recipient',
}

export const MESSAGE_ARGUMENT: ArgumentSpec = {
  usage: '<message>',
  summary: 'id or the beginning of one, @last, @last:@bob',
  complete: 'message',
}

/** One command as it was typed. */
export interface Invocation {
  readonly spec: Command
  readonly args: readonly string[]
  /** How many of the last arguments stood behind `--`. */
  readonly literal: number
  readonly flags: Flags
  readonly globals: Globals
  readonly world: World
  readonly output: Output
  /** Loads the rest of the command table. */
  readonly manual: () => Promise<Manual>
}

/** The command table, for the commands that tell of the others. */
export interface Manual {
  readonly commands: readonly Command[]
  /** What stands under the name of a group of commands. */
  readonly nouns: Readonly<Record<string, string>>
  /** The help of a command or group by its words; undefined: no such one. */
  readonly helpOf: (words: readonly string[], columns: number) => string | undefined
}

/** The global flags, parsed. */
export interface Globals {
  readonly account: string | undefined
  readonly dataDir: string
  /** Ask whichever process owns the account. */
  readonly daemon: boolean
  /** The socket to ask at, and no other. Absolute. */
  readonly socket: string | undefined
  readonly json: boolean
  /** What JSON results keep; undefined: everything. Given, `json` is on. */
  readonly fields: Fields | undefined
  readonly quiet: boolean
  readonly verbose: boolean
  /** May questions be asked? */
  readonly input: boolean
  readonly color: boolean
  readonly yes: boolean
  readonly timeoutMs: number | undefined
  /** Where the passphrase is, if it is to be asked for; undefined: on the terminal. */
  readonly passphrase: SecretPlace | undefined
  /** A URL, or `none`: how the relay is reached this time, whatever was stored or configured. */
  readonly proxy: string | undefined
  /** Requests are accepted by themselves. */
  readonly acceptEveryone: boolean
  /** The chat is lines, each printed once. */
  readonly plain: boolean
  /** The chat is about a made-up world, and no account is looked for. */
  readonly demo: boolean
  readonly config: ConfigPlace
  /** What can be configured, as it holds, and who says so. */
  readonly settings: Settings
}

/** Where a secret is read from; never the secret. */
export type SecretPlace =
  { readonly kind: 'fd'; readonly fd: number } | { readonly kind: 'file'; readonly path: string }
