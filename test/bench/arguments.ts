import { parseArgs } from 'node:util'

const ROUNDS = 5
const MESSAGES = 1_000_000
const DOCUMENT = 'docs/BENCHMARKS.md'

/** What a command line asks of the benchmarks. */
export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string }
  | {
      readonly kind: 'run'
      /** All of them unless some are named. */
      readonly names: readonly string[]
      readonly rounds: number
      readonly messages: number
      /** Of the flood on the screen, in the place of its other figures; undefined: they are taken. */
      readonly soakMinutes: number | undefined
      readonly json: boolean
      /** The file the figures are written to, from the root of the sources; none unless asked. */
      readonly document: string | undefined
    }

/** `args` as npm hands them on, `known` the names there are. */
export function parseArguments(args: readonly string[], known: readonly string[]): Asked {
  const tokens = tokensOf(args)
  if (typeof tokens === 'string') return wrong(tokens)
  const { values, positionals } = tokens
  if (values.help === true) return { kind: 'help' }
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    return wrong(`no benchmark is called ${unknown.join(', ')}; there are: ${known.join(', ')}`)
  }
  const rounds = wholeNumber(values.rounds ?? String(ROUNDS))
  if (rounds === undefined) return wrong('--rounds is a whole number from 1')
  const messages = wholeNumber(values.messages ?? String(MESSAGES))
  if (messages === undefined) return wrong('--messages is a whole number from 1')
  const soakMinutes = values.soak === undefined ? undefined : wholeNumber(values.soak)
  if (values.soak !== undefined && soakMinutes === undefined)
    return wrong('--soak is a whole number of minutes from 1')
  const names = positionals.length > 0 ? positionals : known
  return {
    kind: 'run',
    names,
    rounds,
    messages,
    soakMinutes,
    json: values.json === true,
    document: values.write === true ? (values.to ?? DOCUMENT) : undefined,
  }
}

/** Of what `--help` prints below the names. */
export const OPTIONS_HELP: readonly string[] = [
  `--rounds=N     how often each figure is taken, the median is told (${ROUNDS})`,
  `--messages=N   messages in the store of search and history (${MESSAGES})`,
  '--soak=N       how long `soak` talks; floods the screen for N minutes, and tells only whether its memory stays flat',
  '--json         a line of JSON for each figure (test/bench/figure.schema.json)',
  `--write        writes the figures to ${DOCUMENT}, or to --to=FILE`,
  '--help         this',
]

function tokensOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        rounds: { type: 'string' },
        messages: { type: 'string' },
        soak: { type: 'string' },
        json: { type: 'boolean' },
        write: { type: 'boolean' },
        to: { type: 'string' },
      },
    })
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
}

function wholeNumber(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}

function wrong(reason: string): Asked {
  return { kind: 'wrong', reason }
}
