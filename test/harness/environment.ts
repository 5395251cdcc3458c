import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string>>

/**
 * What a program may know of the machine it runs on: a home folder of its own, and nothing of the
 * one the tests run in. Without a session bus no keyring answers.
 */
export function isolatedEnvironment(home: string, extra: Environment = {}): Environment {
  const runtime = join(home, '.run')
  const temporary = join(home, '.tmp')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  mkdirSync(runtime, { recursive: true, mode: 0o700 })
  mkdirSync(temporary, { recursive: true, mode: 0o700 })
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_RUNTIME_DIR: runtime,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...extra,
  }
}
