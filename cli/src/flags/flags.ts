import { ConfigError, SottoError, UsageError } from '@sotto/protocol'

import type { Environment } from '../world.js'
import { environmentName, type FlagSpec } from './flag.js'
import { parsePath, splitList } from './values.js'

/** What was given for one flag, and where: an error must name the place that can be put right. */
interface Given {
  readonly texts: readonly string[]
  readonly from: 'flag' | 'environment'
  /** `--timeout` or `SOTTO_TIMEOUT`. */
  readonly place: string
}

/** The flags of one command as they were given: command line first, then environment. */
export class Flags {
  readonly #given: ReadonlyMap<string, Given>

  private constructor(given: ReadonlyMap<string, Given>) {
    this.#given = given
  }

  /** `typed` holds, by flag name, what stood on the command line; a switch that is on holds `''`. */
  static resolve(options: {
    readonly specs: readonly FlagSpec[]
    readonly command: readonly string[]
    readonly typed: ReadonlyMap<string, readonly string[]>
    readonly env: Environment
  }): Flags {
    const given = new Map<string, Given>()
    for (const spec of options.specs) {
      const texts = options.typed.get(spec.name)
      if (texts !== undefined) {
        given.set(spec.name, { texts, from: 'flag', place: `--${spec.name}` })
        continue
      }
      const place = environmentName(spec, options.command)
      const value = options.env[place]
      if (value === undefined || value === '') continue
      if (spec.value === undefined && !isSwitchedOn(place, value)) continue
      given.set(spec.name, { texts: [value], from: 'environment', place })
    }
    return new Flags(given)
  }

  isOn(name: string): boolean {
    return this.#given.has(name)
  }

  /** It stood on the command line, and not only in the environment. */
  isTyped(name: string): boolean {
    return this.#given.get(name)?.from === 'flag'
  }

  text(name: string): string | undefined {
    return this.#given.get(name)?.texts.at(-1)
  }

  /** A path as it was given, and not empty. */
  path(name: string): string | undefined {
    return this.read(name, parsePath)
  }

  /** All values of a flag that repeats. */
  texts(name: string): readonly string[] {
    return this.#given.get(name)?.texts ?? []
  }

  /**
   * All values of a flag that repeats and takes `a,b`, as one list without doubles. Throws where it
   * was given and names nothing: `--from "$UNSET"` must not come to mean everybody.
   */
  list(name: string): readonly string[] {
    const given = this.#given.get(name)
    if (given === undefined) return []
    const words = splitList(given.texts)
    if (words.length > 0) return words
    const empty = new UsageError('usage/invalid', 'there is nothing in it', {
      fix: 'Name one or more, with commas between them, or leave it out.',
    })
    throw misgiven(given, empty)
  }

  /** The value as `parse` reads it. What is wrong with it is said of the place it came from. */
  read<Value>(name: string, parse: (text: string) => Value): Value | undefined {
    const given = this.#given.get(name)
    const text = given?.texts.at(-1)
    if (given === undefined || text === undefined) return undefined
    try {
      return parse(text)
    } catch (error) {
      throw misgiven(given, error)
    }
  }
}

/** What a switch in the environment may say to be on, in lower case. */
export const ON: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on'])
const OFF = new Set(['0', 'false', 'no', 'off'])

/** Whether a switch in the environment is on; throws `config/invalid` for what is neither. */
function isSwitchedOn(place: string, value: string): boolean {
  const word = value.toLowerCase()
  if (ON.has(word)) return true
  if (OFF.has(word)) return false
  throw new ConfigError('config/invalid', `${place} is neither on nor off`, {
    fix: `Set ${place}=1 or ${place}=0, or unset it.`,
  })
}

function misgiven(given: Given, error: unknown): unknown {
  if (!(error instanceof SottoError)) return error
  const message = `${given.place}: ${error.message}`
  const options = { fix: error.fix, cause: error }
  return given.from === 'flag'
    ? new UsageError('usage/invalid', message, options)
    : new ConfigError('config/invalid', message, options)
}
