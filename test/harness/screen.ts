import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

import type { Environment } from './environment.js'
import type { Scope } from './temp-dir.js'

const SHOW_MS_MAX = 40_000

export interface ScreenOptions {
  /** What runs the program, and how; Node where nothing else is said. */
  readonly by?: readonly [command: string, ...args: string[]]
  readonly program: string
  readonly args?: readonly string[]
  readonly env: Environment
  readonly columns?: number
  readonly rows?: number
  /** A terminal that answers nothing that it is asked. */
  readonly isSilent?: boolean
}

/** A program on a terminal that is really emulated: what a person would see of it. */
export class Screen {
  readonly ended: Promise<number>
  readonly #pty: ReturnType<typeof spawn>
  readonly #terminal: xterm.Terminal
  #changed: () => void = () => undefined
  /** All that was written since the start. */
  bytes = ''

  constructor(scope: Scope, options: ScreenOptions) {
    const { by = [process.execPath], program, args = [], env, columns = 80, rows = 24 } = options
    const [command, ...before] = by
    // A terminal emulator answers what it is asked, and so does this one.
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    this.#pty = spawn(command, [...before, program, ...args], { cols: columns, rows, env })
    if (options.isSilent !== true) this.#terminal.onData((answer) => this.#pty.write(answer))
    this.#pty.onData((data) => {
      this.bytes += data
      this.#terminal.write(data, () => this.#changed())
    })
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => resolve(exitCode))
    })
    scope.teardown(() => this.#pty.kill('SIGKILL'))
  }

  get pid(): number {
    return this.#pty.pid
  }

  /** The lines that are seen, without the blanks at their ends. */
  get lines(): readonly string[] {
    const { active } = this.#terminal.buffer
    return Array.from({ length: this.#terminal.rows }, (_, at) => {
      return (
        active
          .getLine(active.viewportY + at)
          ?.translateToString()
          .trimEnd() ?? ''
      )
    })
  }

  get text(): string {
    return this.lines.join('\n')
  }

  /** Whether the program has the other screen, which leaves no trace. */
  get isFull(): boolean {
    return this.#terminal.buffer.active.type === 'alternate'
  }

  /** What the terminal was told to do otherwise than it does by itself; the keyboard is not among it. */
  get modes(): xterm.IModes {
    return this.#terminal.modes
  }

  /** Waits until what is seen is so. */
  async shows(wanted: RegExp): Promise<void> {
    await this.until((screen) => wanted.test(screen.text), String(wanted))
  }

  async until(condition: (screen: Screen) => boolean, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`did not show ${what}:\n${this.text}`))
      }, SHOW_MS_MAX)
      this.#changed = () => {
        if (!condition(this)) return
        clearTimeout(late)
        this.#changed = () => undefined
        resolve()
      }
      this.#changed()
    })
  }

  type(keys: string): void {
    this.#pty.write(keys)
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }
}
