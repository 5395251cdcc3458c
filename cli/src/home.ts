import { isAbsolute, join, resolve } from 'node:path'

import type { Environment } from './world.js'

/**
 * Where accounts live: `--home` or `SOTTO_HOME`, else `sotto` in the XDG data folder (XDG Base
 * Directory: a relative XDG_DATA_HOME is ignored).
 */
export function dataDirOf(options: {
  readonly given: string | undefined
  readonly env: Environment
  readonly homeDir: string
  readonly workingDir: string
}): string {
  if (options.given !== undefined) return resolve(options.workingDir, options.given)
  const data = options.env['XDG_DATA_HOME']
  if (data !== undefined && isAbsolute(data)) return join(data, 'sotto')
  return join(options.env['HOME'] || options.homeDir, '.local', 'share', 'sotto')
}
