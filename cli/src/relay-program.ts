import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the bundle that this runs in. */
export function programFolder(): string {
  return dirname(fileURLToPath(new URL('sotto.js', import.meta.url)))
}

/** The relay's, beside it, where both were built together. */
export function relayProgram(): string {
  return join(programFolder(), '../../relay/dist/sotto-relay.js')
}

/** The environment without what is said of sotto in it, but for what is given here. */
export function environmentWithout(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('SOTTO_'))
  return { ...Object.fromEntries(others), ...own }
}
