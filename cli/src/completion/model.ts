import type { CommandSpec } from '../commands/command.js'
import {
  GLOBAL_FLAGS,
  type CompletionHint,
  type DynamicKind,
  type FlagSpec,
} from '../flags/flag.js'
import { TOPICS } from '../help/topics.js'

/** A word that may be typed, and what a shell that can shows beside it. */
export interface Offer {
  readonly word: string
  readonly summary: string
}

/** What a shell's script is made of: tables of what may stand where. */
export interface CompletionModel {
  /** What may follow the program's name (`''`) or a noun. */
  readonly words: ReadonlyMap<string, readonly Offer[]>
  /** The flags of a command by its path, global ones too; those alone under `''`. */
  readonly flags: ReadonlyMap<string, readonly Offer[]>
  /** What the value of a flag is; a flag that takes none is not in it. Global ones under `''`. */
  readonly values: readonly FlagValue[]
  /** What the arguments of a command are, by place from 1; the last may go on. */
  readonly places: readonly Place[]
  /** Global flags with a value, by every name: they decide whose names are offered. */
  readonly passed: readonly string[]
}

export interface FlagValue {
  readonly path: string
  /** `--account` and `-A`. */
  readonly names: readonly string[]
  readonly source: Source
}

export interface Place {
  readonly path: string
  /** Undefined: this one and all that follow. */
  readonly place: number | undefined
  readonly source: Source
}

/** Where the offers for a value come from: nowhere, files, `sotto __complete KIND`, or a few words. */
export type Source = 'any' | 'file' | DynamicKind | readonly string[]

/** What a script must not hold is not in the table; should it ever be, no script is made. */
const PLAIN_WORD = /^[\w@.:|-]+$/

export function completionModel(
  commands: readonly CommandSpec[],
  nouns: Readonly<Record<string, string>>,
  schemas: readonly string[],
): CompletionModel {
  const shown = commands.filter(({ hidden }) => hidden !== true)
  const topics = [...Object.keys(TOPICS), ...new Set(shown.map(({ path }) => path[0] ?? ''))]
  const sourceOf = (hint: CompletionHint | undefined): Source => {
    if (hint === 'schema') return schemas.map(plain)
    if (hint === 'topic') return topics.map(plain)
    return typeof hint === 'object' ? hint.map(plain) : (hint ?? 'any')
  }
  const valuesOf = (path: string, flags: readonly FlagSpec[]): readonly FlagValue[] =>
    flags
      .filter(({ value }) => value !== undefined)
      .map((flag) => ({ path, names: namesOf(flag), source: sourceOf(flag.complete) }))
  return {
    words: wordsOf(shown, nouns),
    flags: new Map([
      ['', GLOBAL_FLAGS.map(offerOf)],
      ...shown.map((spec): [string, Offer[]] => [key(spec.path), flagsOf(spec).map(offerOf)]),
    ]),
    values: [
      ...shown.flatMap(({ path, flags }) => valuesOf(key(path), flags)),
      ...valuesOf('', GLOBAL_FLAGS),
    ],
    places: shown.flatMap(({ path, arguments: words }) => {
      const variadic = words.findIndex(({ usage }) => usage.includes('...'))
      return words.slice(0, variadic < 0 ? undefined : variadic + 1).map(({ complete }, index) => ({
        path: key(path),
        place: index === variadic ? undefined : index + 1,
        source: sourceOf(complete),
      }))
    }),
    passed: GLOBAL_FLAGS.filter(({ value }) => value !== undefined).flatMap(namesOf),
  }
}

function wordsOf(
  commands: readonly CommandSpec[],
  nouns: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly Offer[]> {
  const words = new Map<string, Map<string, string>>([['', new Map()]])
  for (const { path, summary } of commands) {
    const [first = '', verb] = path.map(plain)
    words.get('')?.set(first, verb === undefined ? summary : (nouns[first] ?? ''))
    if (verb === undefined) continue
    words.set(first, (words.get(first) ?? new Map<string, string>()).set(verb, summary))
  }
  return new Map(
    [...words].map(([noun, offers]) => [
      noun,
      [...offers].map(([word, summary]) => ({ word, summary })),
    ]),
  )
}

/** Its own, then those of every command that it does not have itself. */
function flagsOf({ flags }: CommandSpec): readonly FlagSpec[] {
  const own = new Set(flags.map(({ name }) => name))
  return [...flags, ...GLOBAL_FLAGS.filter(({ name }) => !own.has(name))]
}

function offerOf({ name, summary }: FlagSpec): Offer {
  return { word: plain(`--${name}`), summary }
}

function namesOf({ name, short }: FlagSpec): readonly string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])].map(plain)
}

function key(path: readonly string[]): string {
  return path.map(plain).join(' ')
}

function plain(word: string): string {
  if (!PLAIN_WORD.test(word)) throw new Error(`not a word that a shell takes as it is: ${word}`)
  return word
}
