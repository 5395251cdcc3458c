import { readArguments, type Command } from './commands/command.js'
import { GLOBAL_FLAGS, type FlagSpec } from './flags/flag.js'
import type { Parsed, Typed } from './read-line.js'

/**
 * Reads a command line of whole words, by the rows of the command table: a name of one word, flags by
 * their whole names, values that do not look like flags, as many arguments as the row has. Answers what
 * `readLine` would, and undefined for every line that is written in another way or has a mistake: it
 * knows no second way of saying anything, and so need not load commander.
 */
export function readPlainly(
  argv: readonly string[],
  commands: readonly Command[],
): Exclude<Parsed, { readonly kind: 'help' }> | undefined {
  const before = readWords(argv, GLOBAL_FLAGS, { untilArgument: true })
  if (before === undefined) return undefined
  const globals = inOrder(before.typed, GLOBAL_FLAGS)
  const [name] = before.rest
  if (name === undefined) return { kind: 'nothing', globals }
  const spec = commands.find(({ path }) => path.length === 1 && path[0] === name)
  if (spec === undefined) return undefined
  const own = new Set(spec.flags.map((flag) => flag.name))
  const shared = GLOBAL_FLAGS.filter((flag) => !own.has(flag.name))
  const after = readWords(before.rest.slice(1), [...spec.flags, ...shared], {})
  if (after === undefined || !hasRoom(spec, after.rest)) return undefined
  return {
    kind: 'command',
    spec,
    args: after.rest,
    literal: after.literal,
    typed: inOrder(after.typed, spec.flags),
    globals: new Map([...globals, ...inOrder(after.typed, shared)]),
  }
}

interface Words {
  readonly typed: Typed
  readonly rest: readonly string[]
  /** How many of the last stood behind `--`. */
  readonly literal: number
}

function readWords(
  words: readonly string[],
  flags: readonly FlagSpec[],
  { untilArgument = false }: { readonly untilArgument?: boolean },
): Words | undefined {
  const typed = new Map<string, readonly string[]>()
  const rest: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!looksLikeFlag(word)) {
      if (untilArgument) return { typed, rest: words.slice(at), literal: 0 }
      rest.push(word)
      continue
    }
    if (word === '--') {
      if (untilArgument) return undefined
      const literal = words.slice(at + 1)
      return { typed, rest: [...rest, ...literal], literal: literal.length }
    }
    const flag = flags.find((each) => isNamed(each, word))
    if (flag === undefined) return undefined
    const value = flag.value === undefined ? '' : words[++at]
    if (value === undefined || looksLikeFlag(value)) return undefined
    const earlier = flag.repeat === true ? (typed.get(flag.name) ?? []) : []
    typed.set(flag.name, [...earlier, value])
  }
  return saysYesAndNo(typed) ? undefined : { typed, rest, literal: 0 }
}

/** A single dash is an argument: stdin. */
function looksLikeFlag(word: string): boolean {
  return word.length > 1 && word.startsWith('-')
}

function isNamed({ name, short }: FlagSpec, word: string): boolean {
  return word === `--${name}` || (short !== undefined && word === `-${short}`)
}

/** To commander the two are one flag, of which the last word holds. */
function saysYesAndNo(typed: Typed): boolean {
  return [...typed.keys()].some((name) => typed.has(`no-${name}`))
}

function hasRoom(spec: Command, args: readonly string[]): boolean {
  const usages = readArguments(spec).map(({ usage }) => usage)
  const needed = usages.filter((usage) => usage.startsWith('<')).length
  const isList = usages.some((usage) => usage.includes('...'))
  return args.length >= needed && (isList || args.length <= usages.length)
}

/** As the rows list them. */
function inOrder(typed: Typed, flags: readonly FlagSpec[]): Typed {
  return new Map(
    flags.flatMap(({ name }) => {
      const values = typed.get(name)
      return values === undefined ? [] : [[name, values] as const]
    }),
  )
}
