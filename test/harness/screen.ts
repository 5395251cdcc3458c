import type { IPty } from '@lydell/node-pty'
import xterm from '@xterm/headless'

import type { Environment } from './environment.js'
import { spawnOnTerminal } from './pty.js'
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
  /** What it is asked is not answered, or where its cursor stands is one column too far. */
  readonly answers?: 'none' | 'wrong'
}

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<xterm.IBuffer['getLine']>>['getCell']>>

/** `bold fg=#ff8700 inverse`; empty where there is nothing to say. */
function lookOf(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  const color = (name: string, isRgb: boolean, isPalette: boolean, value: number): string =>
    isRgb
      ? `${name}=#${value.toString(16).padStart(6, '0')}`
      : isPalette
        ? `${name}=${String(value)}`
        : ''
  return [
    cell.isBold() !== 0 ? 'bold' : '',
    cell.isDim() !== 0 ? 'dim' : '',
    cell.isItalic() !== 0 ? 'italic' : '',
    cell.isUnderline() !== 0 ? 'underline' : '',
    cell.isInverse() !== 0 ? 'inverse' : '',
    color('fg', cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()),
    color('bg', cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor()),
  ]
    .filter((word) => word !== '')
    .join(' ')
}

function oneColumnOff(answer: string): string {
  return answer.replace(/(?<=;)(\d+)(?=R)/g, (column) => String(Number(column) + 1))
}

/** A program on a terminal that is really emulated: what a person would see of it. */
export class Screen {
  readonly ended: Promise<number>
  readonly #pty: IPty
  readonly #terminal: xterm.Terminal
  #changed: () => void = () => undefined
  /** All that was written since the start. */
  bytes = ''

  constructor(scope: Scope, options: ScreenOptions) {
    const { by = [process.execPath], program, args = [], env, columns = 80, rows = 24 } = options
    const [command, ...before] = by
    // A terminal emulator answers what it is asked, and so does this one.
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    const size = { cols: columns, rows }
    this.#pty = spawnOnTerminal(command, [...before, program, ...args], { ...size, env })
    this.#terminal.onData((answer) => {
      if (options.answers === 'none') return
      this.#pty.write(options.answers === 'wrong' ? oneColumnOff(answer) : answer)
    })
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
          ?.translateToString(false, 0, this.#terminal.cols) // A line that was wider keeps its cells.
          .trimEnd() ?? ''
      )
    })
  }

  get text(): string {
    return this.lines.join('\n')
  }

  /** In which column each line first has this character; -1: it has not. Cells, whatever is in them. */
  columnsOf(character: string): readonly number[] {
    const { active } = this.#terminal.buffer
    return Array.from({ length: this.#terminal.rows }, (_, at) => {
      const line = active.getLine(active.viewportY + at)
      const cells = Array.from({ length: this.#terminal.cols }, (_each, column) =>
        line?.getCell(column)?.getChars(),
      )
      return cells.indexOf(character)
    })
  }

  /**
   * How each cell looks: a letter for every look that is not the plain one, in the order in which they
   * come, and what each letter means.
   */
  get looks(): readonly string[] {
    const { active } = this.#terminal.buffer
    const letters = new Map<string, string>([['', '.']])
    const rows = Array.from({ length: this.#terminal.rows }, (_, at) => {
      const line = active.getLine(active.viewportY + at)
      return Array.from({ length: this.#terminal.cols }, (_each, column) => {
        const look = lookOf(line?.getCell(column))
        const letter = letters.get(look) ?? String.fromCharCode(0x60 + letters.size)
        letters.set(look, letter)
        return letter
      })
        .join('')
        .replace(/\.+$/, '')
    })
    const legend = [...letters].filter(([look]) => look !== '')
    return [...rows, ...legend.map(([look, letter]) => `${letter} ${look}`)]
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

  /** A terminal that takes nothing any more, as one behind a link that hangs. */
  hold(): void {
    this.#pty.pause()
  }

  /** It takes again what is written. */
  goOn(): void {
    this.#pty.resume()
  }

  /** The terminal is gone: its window was closed, or the link is down. */
  vanish(): void {
    // Its door lacks what closes it, which every kind of it has.
    ;(this.#pty as unknown as { destroy(): void }).destroy()
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }
}
