import type { ErrorObject } from '@sotto/client-core'
import { StorageError } from '@sotto/protocol'
import { COLOR, PLAIN, safeJson, safeLine, safePrint, type Look, type Paint } from '@sotto/tui'

import type { OutputStream } from '../world.js'
import { renderError } from './error.js'
import { pickFields, type Fields } from './fields.js'

export interface OutputOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly json: boolean
  /** All that JSON results keep beside `v`; undefined: everything. */
  readonly fields?: Fields | undefined
  readonly quiet: boolean
  readonly color: boolean
  readonly nowMs: () => number
}

/** Whoever read our stdout went away (EPIPE): not an error, and no reason to go on. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/** stdout is the result, stderr the rest; each is JSON or text for all of a command. */
export class Output {
  readonly json: boolean
  readonly #options: OutputOptions
  #failure: NodeJS.ErrnoException | undefined

  constructor(options: OutputOptions) {
    this.json = options.json
    this.#options = options
  }

  /** Somebody looks at stdout, rather than a program or a file. */
  get watched(): boolean {
    return this.#options.stdout.isTTY === true
  }

  get look(): Look {
    return { paint: this.#paint(this.#options.stdout), nowMs: this.#options.nowMs() }
  }

  /** One result: the object in JSON mode, else what `render` makes of it; undefined is no line. */
  result(object: object, render: (look: Look) => string | undefined): void {
    if (this.json) {
      this.#print(safeJson({ v: 1, ...this.#kept(object) }))
      return
    }
    const line = render(this.look)
    const painted = this.#paints(this.#options.stdout)
    if (line !== undefined) this.#print(safePrint(line, { painted }))
  }

  /** Text that is the result itself: help. */
  text(text: string): void {
    this.#print(text.replace(/\n$/, ''))
  }

  /** Something worth knowing that is not the result. */
  note(message: string): void {
    if (this.#options.quiet) return
    const { paint } = { paint: this.#paint(this.#options.stderr) }
    this.#tell(
      this.json
        ? safeJson({ v: 1, note: { message } })
        : `${paint.warn('note:')} ${safeLine(message)}`,
    )
  }

  /** What was being done, for `--verbose`. */
  trace(level: string, event: string, fields: object): void {
    this.#tell(
      this.json
        ? safeJson({ v: 1, log: { level, event, ...fields } })
        : `${level} ${event} ${safeJson(fields)}`,
    )
  }

  error(error: ErrorObject): void {
    const paint = this.#paint(this.#options.stderr)
    this.#tell(this.json ? safeJson({ v: 1, error }) : renderError(error, paint))
  }

  /** Short help beside an error, on stderr and for people only. */
  help(text: string): void {
    if (!this.json) this.#tell(text.replace(/\n$/, ''))
  }

  /**
   * Resolves when everything printed has been handed over. Throws ReaderGone when the reader is
   * gone and `store/*` when stdout cannot be written; then nothing printed since the last flush may
   * count as delivered.
   */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#options.stdout.write('', () => resolve())
    })
    const failure = this.#failure
    if (failure === undefined) return
    if (failure.code === 'EPIPE') throw new ReaderGone()
    const code = failure.code === 'ENOSPC' ? 'store/full' : 'store/failed'
    throw new StorageError(code, 'stdout could not be written', {
      cause: failure,
      fix: 'What the command did is done all the same: look with sotto outbox list or sotto history before running it again.',
    })
  }

  #kept(object: object): object {
    const { fields } = this.#options
    return fields === undefined ? object : pickFields(object, fields)
  }

  #print(line: string): void {
    this.#options.stdout.write(`${line}\n`, (error) => {
      // The first one tells why; later writes only find the stream destroyed.
      if (error) this.#failure ??= error
    })
  }

  #tell(text: string): void {
    this.#options.stderr.write(`${text}\n`)
  }

  #paints(stream: OutputStream): boolean {
    return this.#options.color && stream.isTTY === true
  }

  #paint(stream: OutputStream): Paint {
    return this.#paints(stream) ? COLOR : PLAIN
  }
}
