import { writeSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'

import { InputDecoder } from '../input/decoder.js'
import type { InputEvent } from '../input/events.js'
import type { Size } from '../model/state.js'
import { ENTER, LEAVE } from './modes.js'

export interface TerminalListener {
  /** What came in one read, in its order. */
  readonly input: (events: readonly InputEvent[]) => void
  readonly resize: (size: Size) => void
  /** The terminal is gone, or nobody reads what is written to it. */
  readonly gone: () => void
}

/** Both ends of one terminal. */
export interface TerminalStreams {
  readonly input: Readable & { setRawMode?(raw: boolean): unknown }
  readonly output: Writable & { readonly columns?: number; readonly rows?: number }
  /** The descriptor of `output`. */
  readonly outputFd: number
}

/** Smaller sizes than this are those of no terminal. */
const SIZE_USUAL: Size = { columns: 80, rows: 24 }

/**
 * The terminal while the screen has it: raw, on its other screen. However the process ends, `restore`
 * leaves it as it was; it is written at once, since nothing may run afterwards.
 */
export class Terminal {
  readonly #input: TerminalStreams['input']
  readonly #output: TerminalStreams['output']
  readonly #outputFd: number
  readonly #listener: TerminalListener
  readonly #decoder = new InputDecoder()
  #timer: NodeJS.Timeout | undefined
  #isOurs = false

  constructor({ input, output, outputFd }: TerminalStreams, listener: TerminalListener) {
    this.#input = input
    this.#output = output
    this.#outputFd = outputFd
    this.#listener = listener
  }

  get size(): Size {
    const { columns, rows } = this.#output
    return { columns: columns || SIZE_USUAL.columns, rows: rows || SIZE_USUAL.rows }
  }

  /** Takes the terminal. */
  take(): void {
    if (this.#isOurs) return
    this.#isOurs = true
    this.#input.setRawMode?.(true)
    this.#input.on('data', this.#read)
    this.#input.once('end', this.#gone)
    this.#input.resume()
    this.#output.on('resize', this.#resized)
    this.#output.once('error', this.#gone)
    process.once('exit', this.#restoreNow)
    this.#output.write(ENTER)
  }

  /** Gives it back as it was. What is written afterwards, until it is taken again, is dropped. */
  restore(): void {
    if (!this.#isOurs) return
    this.#isOurs = false
    clearTimeout(this.#timer)
    this.#input.off('data', this.#read)
    this.#input.off('end', this.#gone)
    this.#input.pause()
    this.#output.off('resize', this.#resized)
    this.#output.off('error', this.#gone)
    process.off('exit', this.#restoreNow)
    this.#leave()
  }

  write(bytes: string): void {
    if (this.#isOurs && bytes !== '') this.#output.write(bytes)
  }

  readonly #read = (bytes: Buffer): void => {
    clearTimeout(this.#timer)
    this.#tell(this.#decoder.push(bytes))
    const { pendingMs } = this.#decoder
    if (pendingMs === undefined) return
    this.#timer = setTimeout(() => this.#tell(this.#decoder.flush()), pendingMs)
  }

  #tell(events: readonly InputEvent[]): void {
    if (events.length > 0) this.#listener.input(events)
  }

  readonly #resized = (): void => {
    this.#listener.resize(this.size)
  }

  readonly #gone = (): void => {
    this.#listener.gone()
  }

  readonly #restoreNow = (): void => {
    if (this.#isOurs) this.#leave()
  }

  /** At once: nothing that is put off is written any more when a process ends. */
  #leave(): void {
    try {
      this.#input.setRawMode?.(false)
      writeSync(this.#outputFd, LEAVE)
    } catch {
      return // The terminal is gone: there is nothing to restore.
    }
  }
}
