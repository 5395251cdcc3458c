import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { Home } from '../client.js'
import { FOLDER_MODE } from '../home/files.js'
import type { AccountFolder } from '../home/home.js'
import { isPrivateFolder, uid } from './socket-path.js'

export interface PlacesOptions {
  /** XDG_RUNTIME_DIR. */
  readonly runtimeDir: string | undefined
  /** Default: the system's. */
  readonly temporaryDir?: string
}

/**
 * Where the owner of an account may answer, best first: the system's folder for such things, the
 * home, and, for homes whose disk knows no sockets or whose path is too long, a folder of this
 * user's among the temporary files. Names tell no more than the account's folder does; where several
 * homes share a folder, a hash of the home's path keeps apart what may have the same random name.
 */
export function socketPlaces(
  home: Home,
  folder: AccountFolder,
  { runtimeDir, temporaryDir = tmpdir() }: PlacesOptions,
): readonly string[] {
  if (process.platform === 'win32') return []
  const shared = `${folder.name}-${shortHash(realpathSync(home.dataDir))}.sock`
  return [
    ...(isUsable(runtimeDir) ? [join(runtimeDir, 'sotto', shared)] : []),
    join(home.dataDir, 'run', `${folder.name}.sock`),
    join(temporaryDir, `sotto-${uid()}`, shared),
  ]
}

/** Makes the folder of a socket, for this user alone. False where it cannot be, or is another's. */
export function makeSocketFolder(path: string): boolean {
  const folder = dirname(path)
  try {
    mkdirSync(folder, { mode: FOLDER_MODE })
  } catch {
    // It is there, which is well if it is ours, or it cannot be made.
  }
  return isPrivateFolder(folder)
}

/** XDG Base Directory: absolute, and owned by this user. */
function isUsable(runtimeDir: string | undefined): runtimeDir is string {
  if (runtimeDir === undefined || !isAbsolute(runtimeDir)) return false
  return lstatSync(runtimeDir, { throwIfNoEntry: false })?.uid === uid()
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
