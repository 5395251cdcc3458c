import type { Readable, Writable } from 'node:stream'

import type { CrashLog } from './crash-report.js'

export type Environment = Readonly<Record<string, string | undefined>>

export interface OutputStream extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

export interface InputStream extends Readable {
  readonly isTTY?: boolean
  /** On a terminal: keys come one by one, and nothing is echoed. */
  setRawMode?(raw: boolean): unknown
}

/** Everything a command may touch outside this program, as arguments. */
export interface World {
  /** What was typed after the program's name. */
  readonly argv: readonly string[]
  readonly env: Environment
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Where somebody can be asked though stdin holds something else; undefined: nowhere. */
  readonly terminal: string | undefined
  /** Absolute: relative paths are meant from here. */
  readonly workingDir: string
  /** The person's home folder: absolute; undefined where nobody says which. */
  readonly homeDir: string | undefined
  /** Aborts, with an Interrupted as reason, on the first signal. */
  readonly signal: AbortSignal
  readonly nowMs: () => number
  readonly crashes: CrashLog
}

/** A signal ended the command; its exit code is 128 and the signal's number. */
export class Interrupted extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.name = 'Interrupted'
    this.exitCode = exitCode
  }
}
