import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../harness/repository.js'

/** A bug, made on purpose in what was compiled: the simulation has to find it. */
export interface Mutation {
  /** What the mutated program does, in a few words. */
  readonly name: string
  /** Compiled, from the root of the repository. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
  /** What it would cost the people who use it. */
  readonly why: string
  /**
   * The name of the regression whose plan shows it, where the worlds of the first seeds do not come
   * across it: it is looked for there and nowhere else.
   */
  readonly shownBy?: string
}

/** Throws an Error where the text to be replaced is not there exactly once. */
export function mutate(source: string, { name, file, find, replace }: Mutation): string {
  const times = source.split(find).length - 1
  if (times !== 1)
    throw new Error(
      `mutation “${name}”: its text stands in ${file} ${String(times)} times, not once`,
    )
  return source.replace(find, () => replace)
}

/** The file as it is now, mutated. Throws where the mutation has no place any more. */
export function mutatedFile(mutation: Mutation): string {
  return mutate(readFileSync(join(ROOT, mutation.file), 'utf8'), mutation)
}
