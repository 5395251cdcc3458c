import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'

import type { CheckObject } from '@sotto/client-core'

import { tryConfig } from '../config/load.js'
import type { Invocation } from '../commands/command.js'
import { shownValue } from '../config/keys.js'
import { crashFolder, crashReports } from '../crash-report.js'
import { sizeText } from '../print/sizes.js'

export type Check = CheckObject

const NODE_MIN = [20, 17] as const
const DISK_BYTES_MIN = 64 * 1024 * 1024

export const well = (name: string, message: string): Check => ({
  ...{ name, status: 'ok', message, fix: null },
})
export const warn = (name: string, message: string, fix: string): Check => ({
  ...{ name, status: 'warning', message, fix },
})
export const fail = (name: string, message: string, fix: string): Check => ({
  ...{ name, status: 'error', message, fix },
})

/** What can be said without an account, and without loading anything. */
export async function machineChecks(invocation: Invocation): Promise<readonly Check[]> {
  const { globals, world } = invocation
  return [
    node(),
    await configuration(invocation),
    proxy(invocation),
    disk(globals.dataDir),
    crashes(globals.dataDir),
    ...(process.platform === 'linux' ? [coreFiles(), tracing()] : []),
    terminal(world),
  ]
}

function node(): Check {
  const version = process.versions.node
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])
  if (!isOld) return well('node', `Node ${version}`)
  return fail('node', `Node ${version} is too old`, `Install Node ${NODE_MIN.join('.')} or newer.`)
}

async function configuration({ globals, world }: Invocation): Promise<Check> {
  const ignored: string[] = []
  const { faults } = await tryConfig(globals.config, world, (message) => ignored.push(message))
  if (faults.length > 0) return fail('config', faults.join('; '), 'Correct the file.')
  const [message] = ignored
  if (message !== undefined) return warn('config', message, 'Remove it, or make it yours.')
  return well('config', 'no fault in any configuration file')
}

function proxy({ globals }: Invocation): Check {
  const setting = globals.settings.get('proxy')
  if (setting === undefined) return well('proxy', 'none is configured')
  return well('proxy', `${shownValue('proxy', setting.value)} (${setting.origin})`)
}

function disk(dataDir: string): Check {
  let folder = dataDir
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free >= DISK_BYTES_MIN) return well('disk', `${sizeText(free)} free`)
  return warn(
    'disk',
    `only ${sizeText(free)} free`,
    'Make room; once there is a little, sotto store gc gives back some of its own.',
  )
}

function crashes(dataDir: string): Check {
  const [newest, ...older] = crashReports(crashFolder(dataDir))
  if (newest === undefined) return well('crashes', 'the screen has left no report of a crash')
  const count = older.length + 1
  return warn(
    'crashes',
    `${String(count)} ${count === 1 ? 'report' : 'reports'} of a crash, the newest ${newest}`,
    'It says where in the program, and nothing of yours. Send it to us, then delete it.',
  )
}

/** A core file holds the keys and texts that were in memory (docs/THREAT-MODEL.md). */
function coreFiles(): Check {
  const limit = /^Max core file size\s+(\S+)/m.exec(readIfAny('/proc/self/limits'))?.[1]
  if (limit === '0') return well('core-files', 'a crash writes no core file')
  return warn('core-files', 'a crash may write memory, keys included, to a file', 'ulimit -c 0')
}

function tracing(): Check {
  const scope = readIfAny('/proc/sys/kernel/yama/ptrace_scope').trim()
  if (scope !== '' && scope !== '0') return well('tracing', 'programs of yours cannot read memory')
  return warn(
    'tracing',
    'other programs of your user can read the memory of sotto',
    'sysctl kernel.yama.ptrace_scope=1',
  )
}

function terminal({ env, stdout }: Invocation['world']): Check {
  if (stdout.isTTY !== true) return well('terminal', 'stdout is none')
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  if (/utf-?8/i.test(locale)) return well('terminal', `${env['TERM'] ?? 'unknown'}, UTF-8`)
  return warn('terminal', 'the terminal may not show UTF-8', 'export LANG=C.UTF-8')
}

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // Not every kernel has it.
  }
}
