import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../../harness/repository.js'
import type { AskedWorld, WrittenPlan } from '../simulate.js'
import { MUTATIONS } from './index.js'
import { mutatedFile, type Mutation } from './mutation.js'

/** Worlds that a mutation is tried in before it has survived. */
const SEEDS_MAX = 60
/** Worlds that have to be right without any mutation. */
const CONTROL_SEEDS = 3
const STEPS = 200
const CLIENTS = 3
/** A world takes about a second of a processor. One that takes so much never ends, which is found, too. */
const SEED_PROCESSOR_MS_MAX = 20_000
/** The same of one that only waits, and where no system tells what a process took. */
const SEED_MS_MAX = 120_000
const LOOK_MS = 500

const SIMULATION = fileURLToPath(new URL('../main.js', import.meta.url))

/** How a mutation was found: at which seed, and by which invariant. */
interface Caught {
  readonly seed: number
  readonly by: string
}

process.exitCode = await main(process.argv.slice(2))

/** All mutations or, with words, those whose name has them. */
async function main(words: readonly string[]): Promise<number> {
  const mutations = MUTATIONS.filter(({ name }) => name.includes(words.join(' ')))
  for (const mutation of mutations) mutatedFile(mutation) // All are told of before any is run.
  const healthy = await hunt(undefined, worldsOf(undefined, CONTROL_SEEDS))
  if (healthy !== undefined) {
    console.log(`without any mutation seed ${String(healthy.seed)} fails: ${healthy.by}`)
    return 1
  }
  const waiting = [...mutations]
  let caughtCount = 0
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const caught = await hunt(next, worldsOf(next.shownBy, SEEDS_MAX))
      caughtCount += caught === undefined ? 0 : 1
      console.log(
        caught === undefined
          ? `SURVIVED ${next.name} (${next.file}): ${next.why}`
          : `caught ${next.name}: seed ${String(caught.seed)}, ${caught.by}`,
      )
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  console.log(`${String(mutations.length)} mutations, ${String(caughtCount)} caught`)
  return caughtCount === mutations.length ? 0 : 1
}

/** The world of one regression, or those of the first seeds. */
function worldsOf(regression: string | undefined, seeds: number): readonly AskedWorld[] {
  if (regression === undefined)
    return Array.from({ length: seeds }, (_, index) => ({
      ...{ seed: index + 1, steps: STEPS, clients: CLIENTS },
    }))
  const file = join(ROOT, 'test/simulation/regressions', `${regression}.json`)
  return [JSON.parse(readFileSync(file, 'utf8')) as WrittenPlan] // Written by this project.
}

/**
 * Runs one world after another, under a mutation or none, until one of them is wrong. Rejects where
 * the mutated programs cannot even be loaded: a world that never was has found nothing.
 */
function hunt(
  mutation: Mutation | undefined,
  worlds: readonly AskedWorld[],
): Promise<Caught | undefined> {
  const register = new URL('register.js', import.meta.url)
  register.searchParams.set('mutation', mutation?.name ?? '')
  const child = fork(SIMULATION, [], {
    execArgv: mutation === undefined ? [] : ['--import', register.href],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    const waiting = [...worlds]
    let seed = 0
    let timer: NodeJS.Timeout | undefined
    let said = ''
    child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)))
    const end = (caught: Caught | undefined): void => {
      clearInterval(timer)
      child.kill()
      resolve(caught)
    }
    const next = (): void => {
      clearInterval(timer)
      const world = waiting.shift()
      if (world === undefined) {
        end(undefined)
        return
      }
      seed = world.seed
      const [beganMs, tookMs] = [Date.now(), processorMs(child.pid)]
      timer = setInterval(() => {
        const isEndless = processorMs(child.pid) - tookMs > SEED_PROCESSOR_MS_MAX
        if (isEndless || Date.now() - beganMs > SEED_MS_MAX)
          end({ seed, by: 'a world that never ends' })
      }, LOOK_MS)
      child.send(world)
    }
    child.on('message', ({ violations }: { readonly violations: readonly string[] }) => {
      const [first] = violations
      if (first === undefined) next()
      else end({ seed, by: first.split('\n', 1)[0] ?? '' })
    })
    child.once('exit', () => {
      if (/ERR_MODULE_NOT_FOUND|SyntaxError/.test(said)) reject(new Error(said))
      else end({ seed, by: `a process that died: ${lastLine(said)}` })
    })
    next()
  })
}

/** What the main thread of a process had of a processor (Linux, schedstat); 0 where that is not told. */
function processorMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return 0 // It has ended, which is told elsewhere, or this is another system.
  }
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .find((line) => line.includes('Error')) ?? ''
  )
}
