import type { Readable, Writable } from 'node:stream'

import { InputDecoder } from '../input/decoder.js'
import type { InputEvent } from '../input/events.js'
import type { Capabilities } from '../model/capabilities.js'
import type { Size } from '../model/state.js'
import { Interview, INTERVIEW_MS_MAX, QUESTIONS } from './interview.js'
import { ENTER, LEAVE } from './modes.js'
import { TerminalOutput } from './terminal-output.js'

export interface TerminalListener {
  /** What came in one read, in its order. */
  readonly input: (events: readonly InputEvent[]) => void
  readonly resize: (size: Size) => void
  /** Once, when the terminal has answered what it was asked, or is not waited for any longer. */
  readonly capabilities: (capabilities: Capabilities) => void
  /** It takes again what is written, and what is newest may be painted. */
  readonly drained: () => void
  /** The terminal is gone, or nobody reads what is written to it. */
  readonly gone: () => void
}

/** Both ends of one terminal. */
export interface TerminalStreams {
  readonly input: Readable & { setRawMode?(raw: boolean): unknown }
  readonly output: Writable & {
    readonly isTTY?: boolean
    readonly columns?: number
    readonly rows?: number
  }
  /** The descriptor of `output`. */
  readonly outputFd: number
}

/** Smaller sizes than this are those of no terminal. */
const SIZE_USUAL: Size = { columns: 80, rows: 24 }
/** While a window is dragged its size changes more often than anybody sees: at most so often here. */
const RESIZE_MS = 20

/**
 * The terminal while the screen has it: raw, on its other screen. However the process ends, `restore`
 * leaves it as it was; it is written at once, since nothing may run afterwards.
 */
export class Terminal {
  readonly #input: TerminalStreams['input']
  readonly #output: TerminalStreams['output']
  readonly #written: TerminalOutput
  readonly #listener: TerminalListener
  readonly #decoder = new InputDecoder()
  #interview: Interview | undefined
  #pending: NodeJS.Timeout | undefined
  #resizing: NodeJS.Timeout | undefined
  #patience: NodeJS.Timeout | undefined
  #isOurs = false
  #endInterview: () => void = () => undefined
  /** Resolves when no answer is waited for any more: what comes later somebody else would read. */
  readonly #interviewed = new Promise<void>((resolve) => (this.#endInterview = resolve))

  constructor({ input, output, outputFd }: TerminalStreams, listener: TerminalListener) {
    this.#input = input
    this.#output = output
    this.#listener = listener
    this.#written = new TerminalOutput({
      ...{ output, fd: outputFd, gone: this.#gone },
      drained: () => listener.drained(),
    })
    // For good: a terminal that is gone fails as well where its modes are set back.
    input.on('error', this.#gone)
    output.on('error', this.#gone)
  }

  get size(): Size {
    const { columns, rows } = this.#output
    return { columns: columns || SIZE_USUAL.columns, rows: rows || SIZE_USUAL.rows }
  }

  /** Something that was written is not taken yet: what is painted waits for `drained`. */
  get isStalled(): boolean {
    return this.#written.isStalled
  }

  /** Takes the terminal; the first time it is asked what it can do. */
  take(): void {
    if (this.#isOurs) return
    this.#isOurs = true
    this.#input.setRawMode?.(true)
    this.#input.on('data', this.#read)
    this.#input.once('end', this.#gone)
    this.#input.resume()
    this.#output.on('resize', this.#resized)
    process.once('exit', this.#restoreNow)
    this.#written.open()
    this.#written.write(ENTER)
    if (this.#patience === undefined) this.#ask()
    else this.#resized() // It may have changed while it was somebody else's, and we were not told.
  }

  /** Gives it back as it was. What is written afterwards, until it is taken again, is dropped. */
  restore(): void {
    if (!this.#isOurs) return
    this.#isOurs = false
    clearTimeout(this.#pending)
    clearTimeout(this.#resizing)
    this.#resizing = undefined // Else no later size would be told.
    this.#input.off('data', this.#read)
    this.#input.off('end', this.#gone)
    this.#input.pause()
    this.#output.off('resize', this.#resized)
    process.off('exit', this.#restoreNow)
    this.#leave()
  }

  /** For good, once the terminal's answers are here or late: a shell would take them for typed. */
  async release(): Promise<void> {
    if (this.#isOurs) await this.#interviewed
    clearTimeout(this.#patience)
    this.restore()
    this.#written.close()
  }

  write(bytes: string): void {
    if (this.#isOurs && bytes !== '') this.#written.write(bytes)
  }

  #ask(): void {
    this.#interview = new Interview()
    this.#patience = setTimeout(() => this.#answered(), INTERVIEW_MS_MAX)
    this.#written.write(QUESTIONS)
  }

  #answered(): void {
    clearTimeout(this.#patience)
    const { capabilities } = this.#interview ?? {}
    this.#interview = undefined
    this.#endInterview()
    if (capabilities !== undefined) this.#listener.capabilities(capabilities)
  }

  readonly #read = (bytes: Buffer): void => {
    clearTimeout(this.#pending)
    this.#tell(this.#decoder.push(bytes))
    const { pendingMs } = this.#decoder
    if (pendingMs === undefined) return
    this.#pending = setTimeout(() => this.#tell(this.#decoder.flush()), pendingMs)
  }

  #tell(events: readonly InputEvent[]): void {
    for (const event of events)
      if (event.kind === 'reply' && this.#interview?.take(event.reply) === true) this.#answered()
    if (events.length > 0) this.#listener.input(events)
  }

  /** The size it has a moment later: only the last of many is laid out. */
  readonly #resized = (): void => {
    this.#resizing ??= setTimeout(() => {
      this.#resizing = undefined
      this.#listener.resize(this.size)
    }, RESIZE_MS)
  }

  readonly #gone = (): void => {
    if (!this.#isOurs) return
    this.#endInterview()
    this.#listener.gone()
  }

  readonly #restoreNow = (): void => {
    if (this.#isOurs) this.#leave()
  }

  /** At once: nothing that is put off is written any more when a process ends. */
  #leave(): void {
    try {
      this.#input.setRawMode?.(false)
      this.#written.farewell(LEAVE)
    } catch {
      return // The terminal is gone: there is nothing to restore.
    }
  }
}
