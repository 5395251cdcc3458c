import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

import type { Environment } from './environment.js'
import type { Scope } from './temp-dir.js'

const LINE_WAIT_MS = 30_000
/** A relay whose clients do not answer takes twelve seconds by itself. */
const STOP_WAIT_MS = 30_000

/** How a program ended: one of the two is null. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ProgramOptions {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Environment
}

/** A running program: read its lines, write to it, stop it or kill it. Killed when the test ends. */
export class ProgramProcess {
  /** Every line it has printed so far, those already waited for included. */
  readonly lines: string[] = []
  stderr = ''
  readonly ended: Promise<End>
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #name: string
  #end: End | null = null
  #read = 0
  readonly #wakers: (() => void)[] = []

  constructor(scope: Scope, { program, args, env }: ProgramOptions) {
    this.#name = `${program} ${args.join(' ')}`
    this.#child = spawn(process.execPath, [program, ...args], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child.stdin.on('error', () => undefined) // It may end before it has read all.
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.lines.push(line)
      this.#wake()
    })
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      this.#child.once('close', (code, signal) => {
        this.#end = { code, signal }
        this.#wake()
        resolve(this.#end)
      })
    })
    scope.teardown(() => this.kill())
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#name} did not start`)
    return this.#child.pid
  }

  get running(): boolean {
    return this.#end === null
  }

  /** The next line that `wanted` accepts; lines before it are passed over. */
  async line(
    wanted: (line: string) => boolean = () => true,
    waitMs = LINE_WAIT_MS,
  ): Promise<string> {
    const deadline = Date.now() + waitMs
    for (;;) {
      while (this.#read < this.lines.length) {
        const line = this.lines[this.#read++] ?? ''
        if (wanted(line)) return line
      }
      if (!this.running) throw new Error(this.#complaint('ended without the line waited for'))
      if (Date.now() >= deadline) throw new Error(this.#complaint('did not print the line in time'))
      await this.#change(deadline - Date.now())
    }
  }

  /** The next line of JSON that `wanted` accepts. */
  async json<T>(wanted: (value: T) => boolean = () => true, waitMs = LINE_WAIT_MS): Promise<T> {
    const line = await this.line((each) => wanted(JSON.parse(each) as T), waitMs)
    return JSON.parse(line) as T
  }

  write(text: string): void {
    this.#child.stdin.write(text)
  }

  /** Closes its stdin. */
  endInput(): void {
    this.#child.stdin.end()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Asks it to end and waits until it has; one that does not is killed, and that is an error. */
  async stop(waitMs = STOP_WAIT_MS): Promise<End> {
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), waitMs)
    const end = await this.ended
    clearTimeout(late)
    if (end.signal === 'SIGKILL') throw new Error(this.#complaint('did not stop when asked to'))
    return end
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<End> {
    this.#child.kill('SIGKILL')
    return this.ended
  }

  #change(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      this.#wakers.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake()
  }

  #complaint(what: string): string {
    const last = this.lines.slice(-5).join('\n')
    return `${this.#name} ${what}\nlast lines:\n${last}\nstderr:\n${this.stderr.slice(-4000)}`
  }
}
