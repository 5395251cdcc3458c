import { Readable, Writable } from 'node:stream'

import { CrashLog } from '../../src/crash-report.js'
import type { Environment, InputStream, OutputStream, World } from '../../src/world.js'

export interface TestWorld extends World {
  readonly out: () => string
  readonly err: () => string
}

export interface TestWorldOptions {
  readonly env?: Environment
  /** What stdin holds; left out: a terminal nobody types at. */
  readonly stdin?: string
  readonly terminal?: boolean
  readonly signal?: AbortSignal
}

/** A world of memory: nothing in it is this machine's. */
export function worldOf(argv: readonly string[], options: TestWorldOptions = {}): TestWorld {
  const stdout = new Collector(options.terminal ?? false)
  const stderr = new Collector(options.terminal ?? false)
  const stdin: InputStream = Object.assign(
    Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    { isTTY: options.stdin === undefined },
  )
  return {
    argv,
    env: options.env ?? {},
    stdin,
    stdout,
    stderr,
    terminal: undefined,
    workingDir: '/nowhere',
    homeDir: '/nowhere/home',
    signal: options.signal ?? new AbortController().signal,
    nowMs: () => Date.parse('2026-10-31T12:00:00Z'),
    crashes: new CrashLog(() => {
      throw new Error('no screen is opened in a world of memory')
    }),
    out: () => stdout.text,
    err: () => stderr.text,
  }
}

/** A stream that keeps what is written to it, or breaks after so many bytes like a closed pipe. */
export class Collector extends Writable implements OutputStream {
  readonly isTTY: boolean
  readonly columns = 80
  text = ''
  readonly #capacity: number

  constructor(isTTY = false, capacity = Number.POSITIVE_INFINITY) {
    super({ decodeStrings: false })
    this.isTTY = isTTY
    this.#capacity = capacity
    this.on('error', () => undefined)
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error) => void): void {
    if (this.text.length + chunk.length > this.#capacity) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      return
    }
    this.text += chunk
    done()
  }
}
