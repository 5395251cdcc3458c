import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of this clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

export const PACKAGES = ['protocol', 'client-core', 'tui', 'cli', 'relay', 'test']

/** The programs a build makes, from the root. */
export const PROGRAMS = [
  'cli/dist/sotto.js',
  'cli/dist/scene.js',
  'cli/dist/unseal-main.js',
  'relay/dist/sotto-relay.js',
  'relay/dist/flushing-main.js',
]

/** Something the person at the keyboard can put right; told in one line, without a stack. */
export class Failure extends Error {
  name = 'Failure'
}

/** Runs `work` when `moduleUrl` is the script that was started, and turns a Failure into exit 1. */
export async function runAsScript(moduleUrl, work) {
  if (moduleUrl !== pathToFileURL(process.argv[1] ?? '').href) return
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

/** A program of an installed package, by its file: no npx, no shell. */
export function toolPath(path) {
  return join(root, 'node_modules', path)
}

const NEVER_SOURCES = new Set(['node_modules', 'out', 'dist', 'prebuilds'])

/** Every file below a folder, as absolute paths, leaving out what is installed or built. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NEVER_SOURCES.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}
