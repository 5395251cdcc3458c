export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // There is no such process any more.
  }
}
