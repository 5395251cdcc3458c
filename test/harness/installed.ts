import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Whether a program of this machine can be used by a test; without it the test is skipped, visibly.
 * Where everything was installed first (`.ci/run`), a missing one is a failure and no skip.
 */
export function isInstalled(program: string): boolean {
  if (process.env['SOTTO_REQUIRE_SERVICES'] === '1') return true
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => existsSync(join(dir, program)))
}
