import { closeSync, openSync, readSync } from 'node:fs'
import { committedFrames, losesCommits as loses } from '@sotto/protocol'
import { COMMITS_UNSYNCED_MAX } from './syncing.js'

/**
 * Whether SQLite would drop commits of the log at `path` that were promised (losesCommits of the
 * protocol says how that is told from a crash). Reads all of it, before SQLite does.
 */
export function losesCommits(path: string): boolean {
  const log = openLog(path)
  if (log === undefined) return false
  const read = (at: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length)
    return bytes.subarray(0, readSync(log, bytes, 0, length, at))
  }
  try {
    return loses(read, { committed: committedFrames(read), unsyncedMax: COMMITS_UNSYNCED_MAX })
  } finally {
    closeSync(log)
  }
}

function openLog(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined // There is none; what else there may be, SQLite says at once.
  }
}
