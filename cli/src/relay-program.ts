import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the bundle that this runs in. */
export const PROGRAM_FOLDER = dirname(fileURLToPath(new URL('sotto.js', import.meta.url)))
/** Beside it, where both were built together. */
export const RELAY_PROGRAM = join(PROGRAM_FOLDER, '../../relay/dist/sotto-relay.js')

/** The environment without what is said of sotto in it, but for what is given here. */
export function environmentWithout(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('SOTTO_'))
  return { ...Object.fromEntries(others), ...own }
}
