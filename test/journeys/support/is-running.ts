import { readFileSync } from 'node:fs'

/** A dead one that nobody has waited for yet (in a container, perhaps nobody ever does) does not run. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(statusOf(pid))
  } catch {
    return false // There is no such process any more.
  }
}

function statusOf(pid: number): string {
  return readFileSync(`/proc/${String(pid)}/status`, 'utf8')
}
