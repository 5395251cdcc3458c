import { COMMANDS, GLOBAL_FLAGS, type CommandSpec } from '@sotto/cli'

import type { Environment } from './environment.js'
import { faultsOfLine } from './schemas.js'

/** What every object on stderr is; each has a schema of its name. */
const STDERR_OBJECTS = ['error', 'note', 'log'] as const

/**
 * Holds what a command prints against what its row of the command table promises: with `--json`
 * every line of stdout is the declared object, every line of stderr an error, a note or a log line.
 * So whoever runs a command in a test has its output checked.
 */
export class PrintedObjects {
  readonly #command: string
  readonly #spec: CommandSpec | undefined
  readonly #json: boolean
  /** With `--fields` an object is what somebody chose of it. */
  readonly #whole: boolean
  #objects = 0

  constructor(args: readonly string[], env: Environment = {}) {
    const words = flagsOf(args)
    this.#command = `sotto ${args.join(' ')}`
    this.#json = words.includes('--json') || env['SOTTO_JSON'] === '1'
    this.#whole = !words.some((word) => word.startsWith('--fields'))
    this.#spec = words.some(asksForHelp) ? undefined : specOf(words)
  }

  faultsOfStdout(line: string): readonly string[] {
    if (!this.#json || !this.#whole || line === '' || this.#spec === undefined) return []
    const { object } = this.#spec
    if (object === undefined) return [this.#fault('prints JSON and declares no object')]
    this.#objects += 1
    if (!object.many && this.#objects > 1) return [this.#fault('printed more than one object')]
    return this.#faultsOf(object.schema, line)
  }

  faultsOfStderr(line: string): readonly string[] {
    // Node's own warnings are no part of the contract, and only --json promises anything.
    if (!this.#json || !line.startsWith('{')) return []
    if (line.startsWith('{"at":')) return [] // What SOTTO_LOG asked for.
    const name = STDERR_OBJECTS.find((each) => line.startsWith(`{"v":1,"${each}":`))
    return name === undefined
      ? [this.#fault(`put something else than an object on stderr: ${line}`)]
      : this.#faultsOf(name, line)
  }

  /** Throws for everything that is not as it was promised. */
  check(stdout: string, stderr: string): void {
    const faults = [
      ...stdout.split('\n').flatMap((line) => this.faultsOfStdout(line)),
      ...stderr.split('\n').flatMap((line) => this.faultsOfStderr(line)),
    ]
    if (faults.length > 0) throw new Error(faults.join('\n'))
  }

  #faultsOf(schema: string, line: string): readonly string[] {
    try {
      return faultsOfLine(schema, line).map((fault) => this.#fault(fault))
    } catch {
      return [this.#fault(`printed no JSON: ${line}`)]
    }
  }

  #fault(what: string): string {
    return `${this.#command}: ${what}`
  }
}

function flagsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}

function asksForHelp(word: string): boolean {
  return word === '--help' || word === '-h' || word === '--version'
}

/** The row that these words name, whatever global flags stand before and between them. */
function specOf(words: readonly string[]): CommandSpec | undefined {
  const names = withoutGlobals(words)
  return (
    COMMANDS.find(
      ({ path }) => path.length === 2 && path.every((word, at) => word === names[at]),
    ) ?? COMMANDS.find(({ path }) => path.length === 1 && path[0] === names[0])
  )
}

function withoutGlobals(words: readonly string[]): readonly string[] {
  const left: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!word.startsWith('-')) left.push(word)
    else if (takesValue(word)) at += 1
  }
  return left
}

function takesValue(word: string): boolean {
  return GLOBAL_FLAGS.some(
    ({ name, short, value }) =>
      value !== undefined && (word === `--${name}` || word === `-${short ?? ''}`),
  )
}
