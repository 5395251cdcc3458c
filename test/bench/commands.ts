import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { isolatedEnvironment, SOTTO, type Environment, type Person } from '../harness/index.js'

/** Writes what the process used when it exits to descriptor 3, as JSON. */
const REPORT_USAGE = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())))",
)}`

/** A command as a whole process: what is started, and as whom. */
export interface Subject {
  /** Node unless given. */
  readonly command?: string
  readonly args: readonly string[]
  readonly env: Environment
}

export function commandOf(person: Pick<Person, 'home'>, args: readonly string[]): Subject {
  return {
    args: [SOTTO, ...args],
    env: isolatedEnvironment(person.home, { SOTTO_HOME: person.home }),
  }
}

/** One list of values for each subject; all are taken in turn, so that drift falls on each alike. */
export async function turnAbout<Each extends Subject>(
  subjects: readonly Each[],
  runs: number,
  take: (subject: Each) => Promise<number>,
): Promise<readonly number[][]> {
  const values = subjects.map((): number[] => [])
  for (const subject of subjects) await take(subject) // Warm the file cache.
  for (let index = 0; index < runs; index++) {
    for (const [of, subject] of subjects.entries()) values[of]?.push(await take(subject))
  }
  return values
}

export async function wallMs(subject: Subject): Promise<number> {
  const startMs = performance.now()
  await finish(subject)
  return performance.now() - startMs
}

export async function peakMiB(subject: Subject): Promise<number> {
  return (await usageOf(subject)).maxRSS / 1024
}

/** Of all its threads, in user and system: what other processes do meanwhile hardly shows in it. */
export async function processorMs(subject: Subject): Promise<number> {
  const { userCPUTime, systemCPUTime } = await usageOf(subject)
  return (userCPUTime + systemCPUTime) / 1000
}

async function usageOf(subject: Subject): Promise<NodeJS.ResourceUsage> {
  const env = { ...subject.env, NODE_OPTIONS: `--import ${REPORT_USAGE}` }
  return JSON.parse(await finish({ ...subject, env })) as NodeJS.ResourceUsage
}

/** What the program wrote to descriptor 3. Throws where it failed. */
async function finish({ command = process.execPath, args, env }: Subject): Promise<string> {
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  let report = ''
  child.stdio[3]?.on('data', (chunk: Buffer) => (report += chunk.toString()))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // 1: it found nothing.
  if (code !== 0 && code !== 1) throw new Error(`${args.join(' ')} ended with ${String(code)}`)
  return report
}
