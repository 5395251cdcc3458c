import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'

import { InputError } from '@sotto/protocol'

import { homeless } from '../home.js'
import type { World } from '../world.js'
import type { ConfigText } from './parse-config.js'

export type ConfigPaths = Readonly<Record<ConfigText['origin'], string | undefined>>

const PROJECT_FILE = '.sotto.toml'
const SYSTEM_FILE = '/etc/sotto/config.toml'
/** A project does not lie deeper than this. */
const PARENTS_MAX = 64

/**
 * Where configuration may be. The person's own file is the one that `--config` names; else
 * `config.toml` in the folder that `--home` names, so that a home is whole; else in
 * `$XDG_CONFIG_HOME/sotto`. The project's is `.sotto.toml` in the working folder or above it, no
 * higher than the first `.git` or the person's home.
 */
export function configPaths(
  given: { readonly config: string | undefined; readonly home: string | undefined },
  world: Pick<World, 'env' | 'homeDir' | 'workingDir'>,
): ConfigPaths {
  return { project: projectPath(world), user: userPath(given, world), system: SYSTEM_FILE }
}

function userPath(
  given: { readonly config: string | undefined; readonly home: string | undefined },
  { env, homeDir, workingDir }: Pick<World, 'env' | 'homeDir' | 'workingDir'>,
): string | undefined {
  if (given.config !== undefined) return resolve(workingDir, given.config)
  if (given.home !== undefined) return resolve(workingDir, given.home, 'config.toml')
  const config = env['XDG_CONFIG_HOME']
  if (config !== undefined && isAbsolute(config)) return join(config, 'sotto', 'config.toml')
  return homeDir === undefined ? undefined : join(homeDir, '.config', 'sotto', 'config.toml')
}

function projectPath({ homeDir, workingDir }: Pick<World, 'homeDir' | 'workingDir'>) {
  let folder = workingDir
  for (let depth = 0; depth < PARENTS_MAX; depth++) {
    const path = join(folder, PROJECT_FILE)
    if (existsSync(path)) return path
    const parent = dirname(folder)
    if (folder === homeDir || parent === folder || existsSync(join(folder, '.git')))
      return undefined
    folder = parent
  }
  return undefined
}

/** The person's own file, whether it is there or not. Throws `config/invalid` where no place is known. */
export function ownConfigPath(
  given: { readonly config: string | undefined; readonly home: string | undefined },
  world: Pick<World, 'env' | 'homeDir' | 'workingDir'>,
): string {
  const path = userPath(given, world)
  if (path === undefined) throw homeless()
  return path
}

/**
 * The files that are there, in order of precedence. A file that somebody else owns, who is not the
 * system's, counts for nothing: `ignored` hears of it. Throws `file/unknown` where `--config` names
 * none.
 */
export function readConfigFiles(
  paths: ConfigPaths,
  options: { readonly mustExist: boolean; readonly ignored: (path: string) => void },
): readonly ConfigText[] {
  const origins = ['project', 'user', 'system'] as const
  return origins.flatMap((origin) => {
    const path = paths[origin]
    if (path === undefined) return []
    const text = readIfAny(path, options.ignored)
    if (text !== undefined) return [{ origin, path, text }]
    if (origin === 'user' && options.mustExist) throw noSuchFile(path)
    return []
  })
}

function readIfAny(path: string, ignored: (path: string) => void): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return undefined
    if (!isOurs(stat.uid)) {
      ignored(path)
      return undefined
    }
    return readFileSync(path, 'utf8')
  } catch (cause) {
    // What should be a folder above it is none: whoever needs the folder says so better.
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw noSuchFile(path, cause)
  }
}

/** Nobody else has written it, but the system. */
export function isOurs(uid: number): boolean {
  const own = process.getuid?.()
  return own === undefined || own === 0 || uid === own || uid === 0
}

function noSuchFile(path: string, cause?: unknown): InputError {
  return new InputError('file/unknown', `the configuration file cannot be read: ${path}`, {
    fix: 'Check the path and its permissions.',
    ...(cause === undefined ? {} : { cause }),
  })
}
