import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from './temp-dir.js'

/** A file system of its own that can be filled up. */
export interface SmallDisk {
  readonly dir: string
  /** All of it but `spareBytes`. */
  fill(spareBytes?: number): void
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
    fill: (spareBytes = 0) => {
      const { bavail, bsize } = statfsSync(dir)
      try {
        appendFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - spareBytes)))
      } catch (error) {
        // A program that wrote there meanwhile has taken some of it, and it is as full as was asked for.
        if (spareBytes > 0 || !isFull(error)) throw error
      }
    },
    free: () => {
      rmSync(filler)
    },
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}
