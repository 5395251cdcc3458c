import { closeSync, existsSync, lstatSync, openSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** `sun_path` without its terminating zero: unix(7). */
const PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103
/** Descriptors of this process as paths: proc_pid_fd(5). */
const DESCRIPTORS = '/proc/self/fd'

/** A socket that nobody but this user can have put there: what is said to it stays with them. */
export function isOwnSocket(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isSocket() === true && stat.uid === uid() && isPrivateFolder(dirname(path))
}

/** A folder, and no link to one, into which only this user can look. */
export function isPrivateFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === uid() && (stat.mode & 0o077) === 0
}

/**
 * Does `work` with a path that fits into the address of a socket: a longer one goes through a
 * descriptor of its folder, where the system has those. Undefined where it cannot be said at all.
 */
export function withShortPath<Result>(
  path: string,
  work: (path: string) => Result,
): Result | undefined {
  if (fits(path)) return work(path)
  if (!existsSync(DESCRIPTORS)) return undefined
  const folder = openSync(dirname(path), 'r')
  try {
    const short = join(DESCRIPTORS, String(folder), basename(path))
    return fits(short) ? work(short) : undefined
  } finally {
    closeSync(folder)
  }
}

/** -1 where the system has no such thing; sockets have no place there. */
export function uid(): number {
  return process.getuid?.() ?? -1
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= PATH_BYTES_MAX
}
