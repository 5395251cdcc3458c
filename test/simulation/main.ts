import { execFileSync, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../harness/repository.js'
import { parseArguments, type Asked } from './arguments.js'
import { minimise } from './minimise.js'
import { textOf, watchRejections } from './rejections.js'
import { planOf, readPlan, simulate, writePlan, type AskedWorld } from './simulate.js'

/** What a child tells of a seed. */
interface Told {
  readonly seed: number
  readonly violations: readonly string[]
}

/** Worlds leave much behind that dies at once: with more room for what is young less of it is moved. */
const EXEC_ARGV = ['--max-semi-space-size=64']

/** Progress is told every so many seeds. */
const PROGRESS_SEEDS = 100

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  if (process.send !== undefined) return serve(process.send.bind(process))
  let asked: Asked
  try {
    asked = parseArguments(args, availableParallelism())
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}
usage: npm run sim -- [--seed N | --seeds FROM..TO] [--steps N] [--clients N] [--jobs N] [--trace] [--soak]`)
    return 64
  }
  return asked.trace || asked.from === asked.to ? runHere(asked) : runInChildren(asked)
}

/** One seed after the other, in this process, with every step told where that was asked for. */
async function runHere(asked: Asked): Promise<number> {
  const rejections: string[] = []
  watchRejections((reason) => rejections.push(reason))
  const { clientsOf, steps } = asked
  const trace = asked.trace ? (line: string): void => console.log(line) : undefined
  for (let seed = asked.from; seed <= asked.to; seed++) {
    const plan = planOf(seed, steps)
    const verdict = await simulate({ seed, clients: clientsOf(seed), plan, trace })
    const violations = [...verdict.violations, ...rejections.splice(0)]
    if (violations.length > 0) return report(asked, { seed, violations })
  }
  console.log(`${String(asked.to - asked.from + 1)} seeds passed`)
  return 0
}

/** Seeds are handed out one by one, so that no child is idle while another has many. */
async function runInChildren(asked: Asked): Promise<number> {
  let next = asked.from
  let passed = 0
  let failed: Told | undefined
  const isOver = (): boolean => failed !== undefined || (!asked.soak && next > asked.to)
  const { steps, clientsOf } = asked
  const beganMs = performance.now()
  const runChild = () =>
    new Promise<void>((resolve) => {
      const execArgv = [...process.execArgv, ...EXEC_ARGV]
      const child = fork(fileURLToPath(import.meta.url), [], { stdio: 'inherit', execArgv })
      const give = (): void => {
        if (isOver()) child.kill()
        else {
          const seed = next++
          child.send({ seed, steps, clients: clientsOf(seed) })
        }
      }
      child.on('message', (told: Told) => {
        if (told.violations.length > 0) failed ??= told
        else passed++
        if (passed % PROGRESS_SEEDS === 0) tellProgress(passed, performance.now() - beganMs)
        give()
      })
      child.once('exit', () => resolve())
      give()
    })
  await Promise.all(Array.from({ length: asked.jobs }, runChild))
  if (failed !== undefined) return report(asked, failed)
  console.log(`${String(passed)} seeds passed`)
  return 0
}

function tellProgress(passed: number, tookMs: number): void {
  const pace = (passed / (tookMs / 1000)).toFixed(1)
  console.error(`${String(passed)} seeds so far, ${pace} a second`)
}

/** Answers one seed after the other to the parent, until that ends it. */
async function serve(send: (told: Told) => void): Promise<number> {
  const rejections: string[] = []
  watchRejections((reason) => rejections.push(reason))
  process.on('message', ({ seed, clients, ...asked }: AskedWorld) => {
    const plan = 'plan' in asked ? readPlan(asked) : planOf(seed, asked.steps)
    void simulate({ seed, clients, plan })
      .then(
        ({ violations }) => [...violations],
        (thrown: unknown) => [textOf(thrown)],
      )
      .then((violations) => {
        send({ seed, violations: [...violations, ...rejections.splice(0)] })
      })
  })
  await new Promise((resolve) => process.once('disconnect', resolve))
  return 0
}

async function report(asked: Asked, { seed, violations }: Told): Promise<number> {
  watchRejections(() => undefined) // They have been told, if they are any.
  const { steps } = asked
  const clients = asked.clientsOf(seed)
  console.log(
    `seed ${String(seed)} fails (commit ${commit()}, ${String(steps)} steps, ${String(clients)} clients):`,
  )
  for (const violation of violations) console.log(`  ${violation}`)
  const [broken = ''] = violations
  const least = await minimise({ seed, clients }, planOf(seed, steps), broken)
  console.log(`\nthe least that still does, ${String(least.length)} steps:`)
  const trace = (line: string): void => console.log(`  ${line}`)
  const again = await simulate({ seed, clients, plan: least, trace })
  for (const violation of again.violations) console.log(`  ${violation}`)
  console.log(`\nas a regression: ${JSON.stringify(writePlan({ seed, clients }, least))}`)
  console.log(
    `again: npm run sim -- --seed ${String(seed)} --steps ${String(steps)} --clients ${String(clients)} --trace`,
  )
  return 1
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).toString().trim()
}
