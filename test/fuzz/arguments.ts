import { parseArgs } from 'node:util'

/** What `npm run fuzz -- …` was asked for. */
export interface Asked {
  /** Undefined: every one. */
  readonly target: string | undefined
  readonly seconds: number
  readonly seed: number
  /** Writes what was found to reach something new into the corpus. */
  readonly keep: boolean
}

/** Throws an Error that says what is wrong with the arguments. */
export function parseArguments(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
    },
  })
  if (positionals.length > 1) throw new Error('one target at a time, or none for all')
  const { keep } = values
  const [target] = positionals
  return {
    target,
    keep,
    seconds: whole('seconds', values.seconds),
    seed: whole('seed', values.seed),
  }
}

function whole(name: string, written: string): number {
  const number = Number(written)
  if (/^\d+$/.test(written) && Number.isSafeInteger(number)) return number
  throw new Error(`--${name} is a whole number`)
}
