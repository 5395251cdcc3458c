import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** `sun_path` without its terminating zero: unix(7). */
const PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103
const NAME = 'admin.sock'
/** Descriptors of this process as paths, where the system has such: proc_pid_fd(5). */
const DESCRIPTORS = '/proc/self/fd'

/** Where a relay answers its operator. */
export function adminPath(folder: string): string {
  return join(folder, NAME)
}

/**
 * Does `work` with a name for the admin socket that fits into a socket's address, and answers what
 * it answers: through a descriptor of the folder where the path is too long. The name is good until
 * `work` has returned. Undefined where the path is too long and the system has no such descriptors.
 */
export function atAdminPath<Result>(
  folder: string,
  work: (path: string) => Result,
): Result | undefined {
  const path = adminPath(folder)
  if (Buffer.byteLength(path) <= PATH_BYTES_MAX) return work(path)
  if (!existsSync(DESCRIPTORS)) return undefined
  const descriptor = openSync(folder, 'r')
  try {
    return work(join(DESCRIPTORS, String(descriptor), NAME))
  } finally {
    closeSync(descriptor)
  }
}
