import type { Terminal } from '../terminal/terminal.js'

/** A system that does not stop us, since no shell could let us go on, has not done so by then. */
const STOP_MS_MAX = 250
/** To every process of the shell's job, as the terminal's own Ctrl-Z is. */
const WHOLE_JOB = 0

/**
 * Who has the terminal: the screen, the shell while we are stopped, or a program that it is lent to.
 * We stop for Ctrl-Z as for `kill -TSTP`, and take the terminal anew whenever we are told to go on.
 */
export class JobControl {
  readonly #terminal: Pick<Terminal, 'take' | 'restore'>
  readonly #redraw: () => void
  readonly #ending = new AbortController()
  #stopping: NodeJS.Timeout | undefined
  #lent: Promise<unknown> | undefined

  constructor(terminal: Pick<Terminal, 'take' | 'restore'>, redraw: () => void) {
    this.#terminal = terminal
    this.#redraw = redraw
  }

  /** Another program has the terminal. */
  get isLent(): boolean {
    return this.#lent !== undefined
  }

  open(): void {
    process.on('SIGTSTP', this.#told)
    process.on('SIGCONT', this.#continued)
  }

  /** Ends the program that has the terminal, and waits for it. */
  async close(): Promise<void> {
    this.#ending.abort()
    clearTimeout(this.#stopping)
    process.off('SIGTSTP', this.#told)
    process.off('SIGCONT', this.#continued)
    await this.#lent
  }

  /** Stops us, with whoever started us, until the shell wants us back. */
  suspend(): void {
    this.#stop(WHOLE_JOB)
  }

  /** The terminal is another program's until `work` is done, or told by its signal to end. */
  async lend<Answer>(work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    this.#terminal.restore()
    const lent = work(this.#ending.signal)
    this.#lent = lent
    try {
      return await lent
    } finally {
      this.#lent = undefined
      this.#takeBack()
    }
  }

  readonly #told = (): void => this.#stop(process.pid)

  #stop(whom: number): void {
    if (this.#stopping !== undefined) return
    this.#terminal.restore()
    process.off('SIGTSTP', this.#told) // What the system does by itself is to stop us.
    this.#stopping = setTimeout(this.#continued, STOP_MS_MAX)
    process.kill(whom, 'SIGTSTP')
  }

  readonly #continued = (): void => {
    clearTimeout(this.#stopping)
    if (this.#stopping !== undefined) process.on('SIGTSTP', this.#told)
    this.#stopping = undefined
    if (this.#lent !== undefined) return
    this.#terminal.restore() // Whoever stopped us without a word had the terminal meanwhile.
    this.#takeBack()
    process.kill(process.pid, 'SIGWINCH') // Its size may have changed while nobody told us.
  }

  #takeBack(): void {
    if (this.#ending.signal.aborted) return
    this.#terminal.take()
    this.#redraw()
  }
}
