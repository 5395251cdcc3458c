import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

import { Failure, root } from './workspace.js'

const LOCK_FILE = join(root, 'package-lock.json')

/** What npm writes once an installation is whole: the packages that are really there. */
export const INSTALLED_LOCK_FILE = join(root, 'node_modules', '.package-lock.json')

/** Runs `npm ci`, telling about it on stderr, unless node_modules is what the lock file asks for. */
export function install() {
  if (isInstalled()) return
  console.error('installing the packages of package-lock.json …')
  const npm = spawnSync('npm', ['ci'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) throw new Failure('install: npm ci failed, see above')
}

function isInstalled() {
  if (!existsSync(INSTALLED_LOCK_FILE)) return false
  if (statSync(LOCK_FILE).mtimeMs <= statSync(INSTALLED_LOCK_FILE).mtimeMs) return true
  // A checkout touches files without changing them, and npm ci would start from an empty folder.
  if (!holdsLockedPackages()) return false
  const now = new Date()
  utimesSync(INSTALLED_LOCK_FILE, now, now)
  return true
}

function holdsLockedPackages() {
  const locked = packagesOf(LOCK_FILE)
  const installed = packagesOf(INSTALLED_LOCK_FILE)
  return Object.entries(locked).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true // a workspace of this clone
    const found = installed[path]
    if (found === undefined) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
