import type { CompletionModel, Offer, Source } from './model.js'

/** How a shell of the Bourne kind writes an arm of its `case`. */
export interface CaseSyntax {
  readonly arm: (patterns: readonly string[], text: string) => string
  readonly offers: (offers: readonly Offer[]) => string
}

/** The arms of the four tables of a script: what may stand where. */
export interface CaseTables {
  readonly words: string
  readonly flags: string
  readonly values: string
  readonly places: string
  /** Flags of a command that the tables do not have. */
  readonly globals: string
}

/** The same tables for bash and zsh, each in its own syntax. */
export function caseTables(model: CompletionModel, { arm, offers }: CaseSyntax): CaseTables {
  const { words, flags, values, places } = model
  const arms = (rows: readonly (readonly [readonly string[], string])[]) =>
    rows.map(([keys, text]) => arm(keys.map(pattern), text)).join('\n')
  const commands = [...flags].filter(([path]) => path !== '')
  return {
    words: arms([...words].map(([noun, some]) => [[noun], offers(some)])),
    flags: arms(commands.map(([path, own]) => [[path], offers(own)])),
    values: arms(
      values.map(({ path, names, source }) => [flagKeys(path, names), sourceText(source)]),
    ),
    places: arms(
      places.map(({ path, place, source }) => [[`${path}:${place ?? '*'}`], sourceText(source)]),
    ),
    globals: offers(flags.get('') ?? []),
  }
}

/** Quoted, but for the star that stands for anything. */
function pattern(key: string): string {
  return key
    .split('*')
    .map((part) => (part === '' ? '' : `'${part}'`))
    .join('*')
    .replace(/^$/, "''")
}

/** What a flag of a command is looked up by; a global one by any command. */
export function flagKeys(path: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${path === '' ? '*' : path}:${name}`)
}

function sourceText(source: Source): string {
  return typeof source === 'string' ? source : `words ${source.join(' ')}`
}
