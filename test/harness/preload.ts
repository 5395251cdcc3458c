import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Environment } from './environment.js'
import { isInstalled } from './installed.js'
import { ROOT } from './repository.js'

/** Why a journey is skipped where nothing can be preloaded. */
export const NO_COMPILER = 'needs Linux and a C compiler (gcc)'

/** The libraries that lie as C beside this file, in preload/. */
type Library = 'failing-disk' | 'moved-clock'

/** Whether a library can be made here and put in front of libc. */
export function canPreload(): boolean {
  return process.platform === 'linux' && isInstalled('gcc')
}

/** Makes the library in `dir`; what a program needs in its environment to run with it. */
function preload(dir: string, library: Library): Environment {
  const made = join(dir, `${library}.so`)
  if (!existsSync(made)) {
    const source = join(ROOT, 'test/harness/preload', `${library}.c`)
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', made, source, '-ldl'])
  }
  return { LD_PRELOAD: made }
}

/** What happens to a file of a program's, and when. */
export interface DiskFault {
  /** Part of the paths of the files that it happens to. */
  readonly path: string
  readonly call: 'write' | 'sync'
  /** The first call that fails, from 1. */
  readonly at: number
  /** How many fail from there on; all of them unless given. */
  readonly times?: number
  /** `torn`: half of it is written, and the program is killed in that moment. */
  readonly how: 'EIO' | 'ENOSPC' | 'torn'
}

/** A disk that fails a program as `fault` says, and can be made good again. */
export interface FailingDisk {
  readonly env: Environment
  /** Whether any call has failed so far. */
  hasFailed(): boolean
  /** Until it is begun nothing fails and nothing is counted. */
  begin(): void
  /** From now on all calls do what they should. */
  end(): void
}

let disks = 0

/** Only where `canPreload()`. Keeps what it needs in `dir`. */
export function failingDisk(dir: string, fault: DiskFault): FailingDisk {
  const place = join(dir, `disk-${String(++disks)}`)
  const [failing, struck] = [`${place}-fails`, `${place}-struck`]
  return {
    env: {
      ...preload(dir, 'failing-disk'),
      SOTTO_DISK_PATH: fault.path,
      SOTTO_DISK_CALL: fault.call,
      SOTTO_DISK_AT: String(fault.at),
      SOTTO_DISK_TIMES: String(fault.times ?? 0),
      SOTTO_DISK_HOW: fault.how,
      SOTTO_DISK_WHILE: failing,
      SOTTO_DISK_STRUCK: struck,
    },
    hasFailed: () => existsSync(struck),
    begin: () => {
      writeFileSync(failing, '')
    },
    end: () => {
      rmSync(failing, { force: true })
    },
  }
}

/** A clock on the wall that can be set, for the programs that are given its `env`. */
export interface MovedClock {
  readonly env: Environment
  /** So many seconds ahead of this machine's; behind it where negative. */
  set(secondsAhead: number): void
}

/** Only where `canPreload()`. Keeps what it needs in `dir`. */
export function movedClock(dir: string): MovedClock {
  const file = join(dir, 'clock')
  const set = (secondsAhead: number): void => {
    writeFileSync(`${file}.new`, String(secondsAhead))
    renameSync(`${file}.new`, file)
  }
  set(0)
  return { env: { ...preload(dir, 'moved-clock'), SOTTO_CLOCK_FILE: file }, set }
}
