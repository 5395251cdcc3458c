import { posix } from 'node:path'

import type { SourceFile } from './source-file.js'

/**
 * Circles among files that know each other, each told once as `a -> b -> a`. A type is knowledge
 * too: what can only be understood together is told, though nothing of it is loaded.
 */
export function importCycles(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  const known = new Map(files.map((file) => [file.path, knownBy(file, paths)]))
  const cycles = new Map<string, string>()
  const settled = new Set<string>()

  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start !== -1) {
      const circle = trail.slice(start)
      cycles.set([...circle].sort().join(), [...circle, path].join(' -> '))
      return
    }
    if (settled.has(path)) return
    for (const next of known.get(path) ?? []) walk(next, [...trail, path])
    settled.add(path)
  }
  for (const { path } of files) walk(path, [])
  return [...cycles.values()]
}

function knownBy(file: SourceFile, paths: ReadonlySet<string>): string[] {
  return file.imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .flatMap(({ specifier }) => {
      const stem = posix.join(posix.dirname(file.path), specifier).replace(/\.jsx?$/, '')
      return [`${stem}.ts`, `${stem}.tsx`].filter((path) => paths.has(path))
    })
}
