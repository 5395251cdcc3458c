import { closeSync, constants, openSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

export interface TerminalOutputOptions {
  readonly output: Writable & { readonly isTTY?: boolean }
  /** The descriptor of `output`. */
  readonly fd: number
  /** All that was left has been taken. */
  readonly drained: () => void
  readonly gone: () => void
}

const EMPTY = Buffer.alloc(0)
/** Beside the frame that is on its way: bells and the like. What is beyond is dropped. */
const LEFT_BYTES_MAX = 64 * 1024
/** How often a terminal that takes nothing is tried again. */
const RETRY_MS = { min: 1, max: 250 }
/** A process that ends waits no longer for a terminal to take the end of what it is told. */
const FAREWELL_MS_MAX = 250
const FAREWELL_STEP_MS = 5

/**
 * What is written to the terminal. Node's own writes to one wait until it takes them, and with a link
 * that hangs, or a terminal that is told to hold, nothing else would be done meanwhile: no message
 * received, no signal heard. So it is written without waiting, through a descriptor of our own: what
 * is not taken is tried again, and whoever paints waits for `drained` and then paints what is newest.
 * Where the system gives no such descriptor (it does on Linux), Node writes, and waits.
 */
export class TerminalOutput {
  readonly #options: TerminalOutputOptions
  #fd: number | undefined
  #left = EMPTY
  #retry: NodeJS.Timeout | undefined
  #retryMs = RETRY_MS.min

  constructor(options: TerminalOutputOptions) {
    this.#options = options
  }

  /** Something is not taken yet: what is painted now would come behind it. */
  get isStalled(): boolean {
    return this.#left.length > 0
  }

  open(): void {
    const { output, fd } = this.#options
    if (this.#fd !== undefined || output.isTTY !== true || process.platform !== 'linux') return
    try {
      const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants
      this.#fd = openSync(`/proc/self/fd/${String(fd)}`, O_WRONLY | O_NOCTTY | O_NONBLOCK)
    } catch {
      return // Another user's terminal, as after su: Node writes to it, and waits.
    }
  }

  write(text: string): void {
    if (this.#fd === undefined) {
      this.#options.output.write(text)
      return
    }
    const bytes = Buffer.from(text)
    if (this.isStalled && this.#left.length + bytes.length > LEFT_BYTES_MAX) return
    this.#left = this.isStalled ? Buffer.concat([this.#left, bytes]) : bytes
    if (this.#retry === undefined) this.#go()
  }

  /** The last that is written, at once: nothing that is put off is written when a process ends. */
  farewell(text: string): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    const { fd } = this.#options
    if (this.#fd === undefined) {
      writeSync(fd, text)
      return
    }
    this.#left = Buffer.concat([this.#left, Buffer.from(text)])
    const sleep = new Int32Array(new SharedArrayBuffer(4))
    for (let waitedMs = 0; waitedMs <= FAREWELL_MS_MAX; waitedMs += FAREWELL_STEP_MS) {
      this.#push(this.#fd)
      if (!this.isStalled) return
      Atomics.wait(sleep, 0, 0, FAREWELL_STEP_MS)
    }
    this.#left = EMPTY // It takes nothing: it cannot be told that we are gone.
  }

  close(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#left = EMPTY
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  #go(): void {
    this.#retry = undefined
    if (this.#fd === undefined) return
    const before = this.#left.length
    try {
      this.#push(this.#fd)
    } catch {
      this.#left = EMPTY
      this.#options.gone() // What else there is to a terminal that takes nothing for good.
      return
    }
    if (!this.isStalled) {
      this.#retryMs = RETRY_MS.min
      return
    }
    const isMoving = this.#left.length < before
    this.#retryMs = isMoving ? RETRY_MS.min : Math.min(RETRY_MS.max, this.#retryMs * 2)
    this.#retry = setTimeout(() => {
      this.#go()
      if (!this.isStalled) this.#options.drained()
    }, this.#retryMs)
  }

  /** As much as the terminal takes just now. Throws where it is gone. */
  #push(fd: number): void {
    while (this.#left.length > 0) {
      try {
        this.#left = this.#left.subarray(writeSync(fd, this.#left))
      } catch (thrown) {
        if (isFull(thrown)) return
        throw thrown
      }
    }
  }
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN'
}
