import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { committedFrames, logBytes, losesCommits, type ReadLog } from '@sotto/protocol'
import { FILE_MODE } from '../home/files.js'

/**
 * So many commits in a row may be in the log without an fsync behind them: attempts at opening are
 * only noted (`Store.note`), and three of them quarantine an envelope.
 */
const COMMITS_UNSYNCED_MAX = 4
/** In the log's index (https://sqlite.org/walformat.html): the frames that SQLite reads. */
const INDEX_FRAMES_AT = 16
const WORD_BYTES = 4

/**
 * Whether commits lie in the log behind the place where SQLite stopped reading it: they were
 * promised, and its next commit would be written over them without a word. To be asked when the
 * database has been read, and before anything is written. Costs two small reads where all is well:
 * whether the sums are right SQLite has found out already.
 */
export function losesLeftLog(path: string): boolean {
  const committed = framesRead(`${path}-shm`)
  if (committed === undefined) return false
  const loses = withLog(path, 'r', (log) =>
    losesCommits(reader(log), { committed, unsyncedMax: COMMITS_UNSYNCED_MAX }),
  )
  return loses === true
}

/** Whether the log that lies there would be found damaged. Reads all of it, and needs no key. */
export function isLogDamaged(path: string): boolean {
  return (
    withLog(path, 'r', (log) => {
      const read = reader(log)
      const committed = committedFrames(read)
      return losesCommits(read, { committed, unsyncedMax: COMMITS_UNSYNCED_MAX })
    }) === true
  )
}

/**
 * Gives up what lies behind the damage. Whoever opens the store next finds that it went back: the
 * mark is on disk before anything is cut off. If we die between, the log is still damaged.
 */
export function dropDamagedLog(path: string): void {
  const mark = openSync(markPath(path), 'w', FILE_MODE)
  try {
    writeSync(mark, '\n')
    fsyncSync(mark)
  } finally {
    closeSync(mark)
  }
  withLog(path, 'r+', (log) => {
    const read = reader(log)
    ftruncateSync(log, logBytes(read, committedFrames(read)))
    fsyncSync(log)
  })
}

/** Whether the store at `path` is an earlier state of itself, and nobody has dealt with it yet. */
export function wentBack(path: string): boolean {
  return existsSync(markPath(path))
}

/** It has been dealt with, on disk. */
export function forgetWentBack(path: string): void {
  rmSync(markPath(path), { force: true })
}

function markPath(path: string): string {
  return `${path}-went-back`
}

function framesRead(index: string): number | undefined {
  return withFile(index, 'r', (file) => {
    const word = new Uint32Array(1) // In the order of this machine.
    const bytes = readSync(file, new Uint8Array(word.buffer), 0, WORD_BYTES, INDEX_FRAMES_AT)
    return bytes === WORD_BYTES ? word[0] : undefined
  })
}

function withLog<Result>(
  path: string,
  mode: 'r' | 'r+',
  work: (log: number) => Result,
): Result | undefined {
  return withFile(`${path}-wal`, mode, work)
}

/** Undefined where there is no such file. */
function withFile<Result>(
  path: string,
  mode: 'r' | 'r+',
  work: (file: number) => Result,
): Result | undefined {
  if (!existsSync(path)) return undefined
  const file = openSync(path, mode)
  try {
    return work(file)
  } finally {
    closeSync(file)
  }
}

function reader(log: number): ReadLog {
  return (at, length) => {
    const bytes = new Uint8Array(length)
    return bytes.subarray(0, readSync(log, bytes, 0, length, at))
  }
}
