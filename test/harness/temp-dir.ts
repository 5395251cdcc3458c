import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A test, as far as what cleans up after it is concerned. */
export interface Scope {
  teardown(work: () => unknown): void
}

/** A new empty folder that is gone when the test is over. */
export function tempDir(scope: Scope): string {
  // Short, because a unix socket inside may be named with 107 bytes at most.
  const dir = mkdtempSync(join(tmpdir(), 'sotto-'))
  scope.teardown(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}
