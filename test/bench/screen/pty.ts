import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import type { IPty } from '@lydell/node-pty'
import { type Environment, type Scope, spawnOnTerminal } from '../../harness/index.js'

export const COLUMNS = 120
export const ROWS = 40
const WAIT_MS_MAX = 40_000

/** The last of what a screen asks when it begins (DA1), and what a terminal that can all of it says. */
const ASKED = '\u001b[c'
const ANSWERS = [
  '\u001b]11;rgb:0000/0000/0000\u001b\\', // Dark.
  '\u001b[?2026;2$y', // It shows a change at once.
  '\u001b[2;3R'.repeat(8), // Every sample is two cells wide.
  '\u001b[?62;22c',
].join('')

const CLEARS = ['\u001b[2J', '\u001b[3J']
const CLEAR_LENGTH = 4
const SEQUENCES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g

export interface PtyProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Environment
}

/**
 * A program on a terminal that nobody emulates: what it writes is looked at as bytes, so that nearly
 * nothing of what is measured is ours. Killed with the scope.
 */
export class Pty {
  readonly beganMs: number
  readonly ended: Promise<void>
  /** How many bytes it has written. */
  bytes = 0
  /** How often it has cleared all of the screen. */
  clears = 0
  readonly #pty: IPty
  #text = ''
  #tail = ''
  #lastMs = NaN
  #isAnswered = false
  #changed: () => void = () => undefined

  constructor(scope: Scope, { command, args, env }: PtyProgram) {
    this.beganMs = performance.now()
    const size = { cols: COLUMNS, rows: ROWS }
    this.#pty = spawnOnTerminal(command, args, { ...size, env: { ...env, TERM: 'xterm-256color' } })
    this.#pty.onData((data) => this.#take(data))
    this.ended = new Promise((resolve) => this.#pty.onExit(() => resolve()))
    scope.teardown(() => this.#pty.kill('SIGKILL'))
  }

  get pid(): number {
    return this.#pty.pid
  }

  /** What came since keys were pressed last, without the sequences that say where and how. */
  get shown(): string {
    return this.#text.replace(SEQUENCES, '')
  }

  /** When what made it so was read, on the clock of `performance`. Throws where it never is. */
  async until(isSo: (shown: string) => boolean, what: string): Promise<number> {
    const late = new AbortController()
    const there = new Promise<number>((resolve) => {
      this.#changed = () => {
        if (isSo(this.shown)) resolve(this.#lastMs)
      }
      this.#changed()
    })
    const none = setTimeout(WAIT_MS_MAX, undefined, { signal: late.signal }).then(
      () => Promise.reject(new Error(`${what} did not come:\n${this.shown}`)),
      () => NaN, // It came.
    )
    const atMs = await Promise.race([there, none])
    this.#changed = () => undefined
    late.abort()
    return atMs
  }

  /** Milliseconds from the bytes of the keys to those of what they bring. */
  async press(keys: string, isSo: (shown: string) => boolean): Promise<number> {
    this.type(keys)
    const pressedMs = performance.now()
    return (await this.until(isSo, `what ${JSON.stringify(keys)} brings`)) - pressedMs
  }

  type(keys: string): void {
    this.#text = ''
    this.#pty.write(keys)
  }

  /** What it has shown so far is of no interest: it writes for minutes. */
  forget(): void {
    this.#text = ''
  }

  /** When it wrote last before it wrote nothing for so long. */
  async quiet(quietMs: number): Promise<number> {
    await this.until((shown) => shown !== '', 'anything')
    while (performance.now() - this.#lastMs < quietMs) await setTimeout(quietMs / 10)
    return this.#lastMs
  }

  #take(data: string): void {
    this.#lastMs = performance.now()
    this.bytes += Buffer.byteLength(data)
    this.#text += data
    const written = this.#tail + data // What was cut in two is whole again, and counted once.
    for (const clear of CLEARS) this.clears += written.split(clear).length - 1
    this.#tail = written.slice(1 - CLEAR_LENGTH)
    if (!this.#isAnswered && this.#text.includes(ASKED)) {
      this.#isAnswered = true
      this.#pty.write(ANSWERS)
    }
    this.#changed()
  }
}
