import { readFileSync } from 'node:fs'
import type { Environment, ProgramProcess } from '../../harness/index.js'

/**
 * Loaded before a program of Node that is weighed: on SIGUSR2 it collects all of its garbage and says
 * on stdout that it has. What it then holds is what its connections cost, not when it last collected.
 */
const COLLECT_WHEN_ASKED = `
import { writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  for (let again = 0; again < 3; again++) collect()
  setTimeout(() => writeSync(1, '{"event":"bench.collected"}\\n'), 200)
})
`

export const WEIGHED: Environment = {
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(COLLECT_WHEN_ASKED)}`,
}

/** Of a program that was started with WEIGHED in its environment. */
export async function residentAfterCollecting(program: ProgramProcess): Promise<number> {
  program.signal('SIGUSR2')
  await program.json<{ event?: string }>(({ event }) => event === 'bench.collected')
  return residentKiB(program.pid)
}

/** What a process holds in memory now, as Linux counts it. */
export function residentKiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const [, resident] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  if (resident === undefined) throw new Error(`what ${pid} holds in memory is not known`)
  return Number(resident)
}
