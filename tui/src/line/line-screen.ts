import {
  clearScreenDown,
  createInterface,
  cursorTo,
  moveCursor,
  type Interface,
} from 'node:readline'
import type { Readable, Writable } from 'node:stream'

export interface ScreenStreams {
  readonly input: Readable
  readonly output: Writable
  /** Both are a terminal: the line being typed is kept below whatever is printed. */
  readonly terminal: boolean
}

export interface ScreenListener {
  readonly line: (text: string) => void
  /** Ctrl-D, Ctrl-C or the end of the input. */
  readonly end: (how: 'left' | 'interrupted') => void
  /** The input cannot be read. */
  readonly fail: (thrown: unknown) => void
}

/** Lines above, the line being typed below. */
export interface LineScreen {
  /** One or more whole lines above the prompt. */
  print(text: string): void
  /** Short text in front of the line being typed; on a pipe it is printed when it changes. */
  setState(state: string): void
  close(): void
}

export function openScreen(streams: ScreenStreams, listener: ScreenListener): LineScreen {
  return streams.terminal
    ? new TerminalScreen(streams, listener)
    : new PipeScreen(streams, listener)
}

/** What somebody types is erased when sent: it is shown again as the message it became. */
class TerminalScreen implements LineScreen {
  readonly #output: Writable
  readonly #prompt: Interface
  #typedRows = 0
  #closed = false

  constructor({ input, output }: ScreenStreams, listener: ScreenListener) {
    this.#output = output
    this.#prompt = createInterface({ input, output, terminal: true, prompt: '> ' })
    // Before readline's own listener: that one moves to a new line.
    input.prependListener('keypress', this.#noteRows)
    this.#prompt.on('line', (text) => {
      this.#eraseTyped()
      listener.line(text)
      if (!this.#closed) this.#prompt.prompt()
    })
    this.#prompt.on('SIGINT', () => listener.end('interrupted'))
    this.#prompt.on('close', () => {
      if (!this.#closed) listener.end('left')
      input.off('keypress', this.#noteRows)
    })
    this.#prompt.prompt()
  }

  print(text: string): void {
    if (this.#closed) return
    moveCursor(this.#output, 0, -this.#prompt.getCursorPos().rows)
    cursorTo(this.#output, 0)
    clearScreenDown(this.#output)
    this.#output.write(`${text}\n`)
    this.#redraw()
  }

  setState(state: string): void {
    if (this.#closed) return
    moveCursor(this.#output, 0, -this.#prompt.getCursorPos().rows)
    this.#prompt.setPrompt(state === '' ? '> ' : `${state} > `)
    this.#redraw()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    cursorTo(this.#output, 0)
    clearScreenDown(this.#output)
    this.#prompt.close()
  }

  readonly #noteRows = (_: unknown, key: { readonly name?: string } | undefined): void => {
    if (key?.name !== 'return' && key?.name !== 'enter') return
    this.#prompt.write(null, { ctrl: true, name: 'e' }) // To the end of what was typed.
    this.#typedRows = this.#prompt.getCursorPos().rows
  }

  #eraseTyped(): void {
    moveCursor(this.#output, 0, -(this.#typedRows + 1))
    cursorTo(this.#output, 0)
    clearScreenDown(this.#output)
  }

  #redraw(): void {
    // The cursor stands where the prompt begins now: readline need not move up to it again.
    Object.assign(this.#prompt, { prevRows: 0 })
    this.#prompt.prompt(true)
  }
}

/** For pipes: nothing is ever redrawn. */
class PipeScreen implements LineScreen {
  readonly #output: Writable
  readonly #lines: Interface
  #state = ''
  #closed = false

  constructor({ input, output }: ScreenStreams, listener: ScreenListener) {
    this.#output = output
    this.#lines = createInterface({ input, terminal: false })
    this.#lines.on('line', (text) => listener.line(text))
    this.#lines.on('error', (thrown: unknown) => listener.fail(thrown))
    this.#lines.on('close', () => {
      if (!this.#closed) listener.end('left')
    })
  }

  print(text: string): void {
    if (!this.#closed) this.#output.write(`${text}\n`)
  }

  setState(state: string): void {
    if (state !== this.#state && state !== '') this.print(`  ${state}`)
    this.#state = state
  }

  close(): void {
    this.#closed = true
    this.#lines.close()
  }
}
