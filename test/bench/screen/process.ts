import { readFileSync } from 'node:fs'

/** Of Linux, wherever Node runs. */
const TICK_MS = 10

/** Processor time that a process has used since it began, of all its threads, in user and system. */
export function usedMs(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
  // The name, in brackets, may hold anything; fields 14 and 15 are the twelfth and thirteenth behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
