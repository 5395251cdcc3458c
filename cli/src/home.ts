import { userInfo } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

import { ConfigError } from '@sotto/protocol'

import type { Environment } from './world.js'

/**
 * Where accounts live: `--home` or `SOTTO_HOME`, else `sotto` in the XDG data folder (XDG Base
 * Directory: a relative XDG_DATA_HOME is ignored). Throws `config/invalid` where nothing says so.
 */
export function dataDirOf(options: {
  readonly given: string | undefined
  readonly env: Environment
  readonly homeDir: string | undefined
  readonly workingDir: string
}): string {
  if (options.given !== undefined) return resolve(options.workingDir, options.given)
  const data = options.env['XDG_DATA_HOME']
  if (data !== undefined && isAbsolute(data)) return join(data, 'sotto')
  if (options.homeDir === undefined) throw homeless()
  return join(options.homeDir, '.local', 'share', 'sotto')
}

/**
 * The person's home folder: HOME, else what the system's list of users says. A HOME that is no whole
 * path says nothing: accounts would lie wherever a command happens to be run. Undefined where nobody
 * says it, as in a container that runs under a user id without a name.
 */
export function personalFolder(env: Environment, lookUp = listedFolder): string | undefined {
  const home = env['HOME']
  if (home !== undefined && isAbsolute(home)) return home
  try {
    const listed = lookUp()
    return isAbsolute(listed) ? listed : undefined
  } catch {
    return undefined // The list has no such user, which is all that can go wrong.
  }
}

const listedFolder = (): string => userInfo().homedir

/**
 * Where relative paths are meant from. A folder may be removed while a shell is in it: then it is
 * where the shell believes to be, so that whole paths work and others are told by their whole name.
 */
export function workingFolder(env: Environment, ask = () => process.cwd()): string {
  try {
    return ask()
  } catch {
    const believed = env['PWD'] // ENOENT: the folder is gone.
    return believed !== undefined && isAbsolute(believed) ? believed : '/'
  }
}

/** Nobody says where this person's files belong. */
export function homeless(): ConfigError {
  return new ConfigError('config/invalid', 'nobody says where your accounts and settings belong', {
    fix: 'Set HOME to a whole path, or name a folder: --home DIR (SOTTO_HOME).',
  })
}
