import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from './temp-dir.js'

/** A file system of its own that can be filled up. */
export interface SmallDisk {
  readonly dir: string
  fill(): void
  free(): void
}

/** Undefined where this user may not mount one. Unmounted when the test is over. */
export function smallDisk(scope: Scope, dir: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(dir, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', dir], {
      stdio: 'ignore',
    })
  } catch {
    return undefined // Needs privileges that a developer's shell does not have.
  }
  scope.teardown(() => execFileSync('umount', ['-l', dir]))
  const filler = join(dir, 'filler')
  return {
    dir,
    fill: () => {
      const { bavail, bsize } = statfsSync(dir)
      writeFileSync(filler, Buffer.alloc(bavail * bsize))
    },
    free: () => {
      rmSync(filler)
    },
  }
}
