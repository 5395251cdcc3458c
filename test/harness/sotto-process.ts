import { spawn } from 'node:child_process'

import { type Environment, isolatedEnvironment } from './environment.js'
import { PrintedObjects } from './printed.js'
import { type End, ProgramProcess } from './program-process.js'
import { SOTTO } from './repository.js'
import type { Scope } from './temp-dir.js'

const COMMAND_MS_MAX = 60_000

export interface CommandOptions {
  /** What it reads on stdin; nothing at all unless given. */
  readonly input?: string | Uint8Array
  /** In its place: the descriptor that is its stdin. */
  readonly inputFd?: number
  readonly env?: Environment
  /** A command that takes longer is killed, and that is an error. */
  readonly timeoutMs?: number
  readonly program?: string
  /** Where it is run; default here. */
  readonly cwd?: string
}

/** What a command did. */
export interface Outcome extends End {
  readonly stdout: string
  readonly stderr: string
  /** The one object on stdout. */
  json<T>(): T
  /** The objects on stdout, one a line. */
  jsonLines<T>(): T[]
  /** The error object on stderr. */
  error(): { readonly code: string; readonly exit: number; readonly message: string }
}

/**
 * Runs one `sotto` command to its end, as somebody whose home folder is `home`. Throws where an
 * object that it printed is not what the command table and docs/schemas promise.
 */
export async function sotto(
  home: string,
  args: readonly string[],
  { input, inputFd, env, timeoutMs = COMMAND_MS_MAX, program = SOTTO, cwd }: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], {
    env: homeEnvironment(home, env),
    ...(cwd === undefined ? {} : { cwd }),
    stdio: [input === undefined ? (inputFd ?? 'ignore') : 'pipe', 'pipe', 'pipe'],
  })
  const deadline = AbortSignal.timeout(timeoutMs)
  deadline.addEventListener('abort', () => child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin?.on('error', () => undefined) // It may end before it has read all.
  child.stdin?.end(input)
  const end = await new Promise<End>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  if (deadline.aborted) {
    throw new Error(`sotto ${args.join(' ')} took over ${timeoutMs} ms\n${stdout}\n${stderr}`)
  }
  // A killed one may have died in the middle of a line.
  if (end.signal === null) new PrintedObjects(args, env).check(stdout, stderr)
  return new Ended(args, end, stdout, stderr)
}

/** Starts a `sotto` command that goes on, such as `receive --follow`; its objects are checked too. */
export function startSotto(
  scope: Scope,
  home: string,
  args: readonly string[],
  { env, program = SOTTO }: Pick<CommandOptions, 'env' | 'program'> = {},
): ProgramProcess {
  const running = new ProgramProcess(scope, { program, args, env: homeEnvironment(home, env) })
  scope.teardown(async () => {
    const { signal } = await running.kill()
    const lines = signal === null ? running.lines : running.lines.slice(0, -1)
    new PrintedObjects(args, env).check(lines.join('\n'), running.stderr)
  })
  return running
}

function homeEnvironment(home: string, env: Environment = {}): Environment {
  return isolatedEnvironment(home, { SOTTO_HOME: home, ...env })
}

class Ended implements Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly #command: string

  constructor(args: readonly string[], { code, signal }: End, stdout: string, stderr: string) {
    this.#command = `sotto ${args.join(' ')}`
    this.code = code
    this.signal = signal
    this.stdout = stdout
    this.stderr = stderr
  }

  json<T>(): T {
    return this.#parse(this.stdout) as T
  }

  jsonLines<T>(): T[] {
    const lines = this.stdout.split('\n').filter((line) => line !== '')
    return lines.map((line) => this.#parse(line) as T)
  }

  error(): { readonly code: string; readonly exit: number; readonly message: string } {
    const lines = this.stderr.split('\n').filter((line) => line.startsWith('{'))
    const { error } = this.#parse(lines.at(-1) ?? '') as { error: ReturnType<Outcome['error']> }
    return error
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new Error(
        `${this.#command} printed no JSON (exit ${this.code ?? String(this.signal)})\n` +
          `stdout:\n${this.stdout}\nstderr:\n${this.stderr}`,
        { cause },
      )
    }
  }
}
