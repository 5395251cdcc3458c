import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Copies `<package>/dist`, and what lies beside it, away from this repository and its packages. */
export function moveProgram(program: string, folder: string, beside: readonly string[]): string {
  const dist = dirname(program)
  for (const name of ['dist', ...beside]) {
    cpSync(join(dirname(dist), name), join(folder, name), { recursive: true })
  }
  return program.replace(dist, join(folder, 'dist'))
}
