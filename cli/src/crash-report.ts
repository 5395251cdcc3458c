import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { SottoError } from '@sotto/protocol'

import { VERSION } from './version.js'

/** The newest are kept. */
const REPORTS_MAX = 5
const CAUSES_MAX = 5
const POSITIONS_MAX = 50
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600
const REPORT_NAME = /^crash-[\dTZ-]+\.json$/
/** Of a terminal, as `TERM` and `TERM_PROGRAM` say it. */
const TERMINAL_NAME = /^[A-Za-z][\w.+-]{0,31}$/
/** The end of a line of V8's stack: where in which file. */
const POSITION = /([^\s(]+):(\d{1,9}):(\d{1,9})\)?$/
const NODE_FILE = /^node:[a-z_/]{1,64}$/
const ERROR_NAMES: ReadonlySet<string> = new Set([
  ...['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'AggregateError'],
  ...['AssertionError', 'SqliteError'],
])

/** What was on when the program broke: nothing of it is anybody's. */
export interface CrashScene {
  readonly columns: number | undefined
  readonly rows: number | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly nowMs: number
  /** The folder of the program: positions in other files are not told. */
  readonly programDir: string
}

/** Where the reports of a home are. */
export function crashFolder(dataDir: string): string {
  return join(dataDir, 'crashes')
}

/** Where what breaks is reported: nowhere, until a screen that is somebody's is open. */
export class CrashLog {
  #folder: string | undefined
  readonly #scene: () => CrashScene

  constructor(scene: () => CrashScene) {
    this.#scene = scene
  }

  /** From now on, until the process ends. */
  keepIn(dataDir: string): void {
    this.#folder = crashFolder(dataDir)
  }

  /** Answers where the report is; undefined where there is none. */
  report(thrown: unknown): string | undefined {
    if (this.#folder === undefined) return undefined
    return writeCrashReport(this.#folder, thrown, this.#scene())
  }
}

/** The newest first. Empty where there is no folder. */
export function crashReports(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => REPORT_NAME.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name))
}

/**
 * Writes what may be sent to us: where in our code it broke, and on what. No message of an error goes
 * in, for it may hold anything. Readable by nobody else; the newest five stay. Answers where it is;
 * undefined where it could not be written, which must not hide the error itself.
 */
export function writeCrashReport(
  folder: string,
  thrown: unknown,
  scene: CrashScene,
): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
    const time = new Date(scene.nowMs).toISOString().replace(/[:.]/g, '-')
    const path = join(folder, `crash-${time}.json`)
    writeFileSync(path, `${JSON.stringify(report(thrown, scene), null, 2)}\n`, { mode: FILE_MODE })
    for (const old of crashReports(folder).slice(REPORTS_MAX)) rmSync(old, { force: true })
    return path
  } catch {
    return undefined // A full disk, or a folder that is not ours: the error is told all the same.
  }
}

function report(thrown: unknown, scene: CrashScene): object {
  const { columns = null, rows = null, env, nowMs, programDir } = scene
  const files = new Set(namesIn(programDir))
  return {
    ...{ v: 1, at: new Date(nowMs).toISOString(), sotto: VERSION, node: process.version },
    ...{ platform: `${process.platform}-${process.arch}`, columns, rows },
    terminal: [env['TERM'], env['TERM_PROGRAM']].map(terminalName),
    errors: chainOf(thrown).map((error) => ({
      ...{ name: nameOf(error), code: codeOf(error), positions: positionsIn(error, files) },
    })),
  }
}

/** The error and what caused it. */
function chainOf(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = []
  for (let error = thrown; chain.length < CAUSES_MAX; error = error.cause) {
    chain.push(error)
    if (!(error instanceof Error) || error.cause === undefined) break
  }
  return chain
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error'
  const isKnown = error instanceof SottoError || ERROR_NAMES.has(error.name)
  return isKnown ? error.name : 'Error'
}

/** Of those that have one of ours, or of the system. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const { code } = error
  const isKnown =
    typeof code === 'string' && /^[a-z-]{1,32}\/[a-z-]{1,32}$|^E[A-Z_]{1,32}$/.test(code)
  return isKnown ? code : null
}

/** Files of the program and of Node, with line and column; a name that is neither stands in no report. */
function positionsIn(error: unknown, files: ReadonlySet<string>): readonly string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return []
  return error.stack
    .split('\n')
    .flatMap((line) => {
      const [, file = '', row = '', column = ''] = POSITION.exec(line.trimEnd()) ?? []
      const name = file.split(/[/\\]/).at(-1) ?? ''
      if (NODE_FILE.test(file)) return [`${file}:${row}:${column}`]
      return files.has(name) ? [`${name}:${row}:${column}`] : []
    })
    .slice(0, POSITIONS_MAX)
}

function terminalName(name: string | undefined): string | null {
  if (name === undefined) return null
  return TERMINAL_NAME.test(name) ? name : 'another'
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // It is not there, or not ours to read.
  }
}
