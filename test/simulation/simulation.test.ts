import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { ROOT } from '../harness/repository.js'
import { minimise } from './minimise.js'
import { watchRejections } from './rejections.js'
import { planOf, simulate, type PlannedStep } from './simulate.js'
import type { World } from './world.js'

const MAIN = join(ROOT, 'test/out/simulation/main.js')
const run = promisify(execFile)
const DAY_MS = 86_400_000

t.test('sixteen seeds hold every invariant', async (t) => {
  const { stdout } = await run(process.execPath, [MAIN, '--seeds', '1..16'])

  t.equal(stdout, '16 seeds passed\n')
})

t.test('the same seed gives the same schedule in another process, too', async (t) => {
  const args = [MAIN, '--seed', '13', '--steps', '80', '--trace']
  const [one, other] = await Promise.all([run(process.execPath, args), run(process.execPath, args)])

  t.equal(one.stdout, other.stdout)
  t.match(one.stdout, /1 seeds passed/)
})

t.test('the same seed gives the same schedule and the same kinds of events', async (t) => {
  const rejections: string[] = []
  watchRejections((reason) => rejections.push(reason))
  const observe = async () => {
    const trace: string[] = []
    const { history } = await simulate({
      ...{ seed: 77, clients: 3, plan: planOf(77, 120) },
      trace: (line) => trace.push(line),
    })
    const operations = history?.records.map(({ atMs, operation, outcome }) =>
      [atMs, operation.name, outcome.kind].join(' '),
    )
    const journals = history?.findings.map(({ journal }) => journal.map(({ type }) => type))
    return { trace, operations, journals }
  }

  t.same(await observe(), await observe())
  t.same(rejections, [])
})

t.test('who stays connected for days draws permits on each of them', async (t) => {
  const wait = { ...step('wait', () => undefined), pauseMs: 3 * DAY_MS }
  const { history, violations } = await simulate({ seed: 21, clients: 2, plan: [wait] })

  const days = new Map<string, Set<number>>()
  for (const { operation } of history?.records ?? []) {
    if (operation.name !== 'draw-permits') continue
    const { owner, day } = operation.input
    const account = Buffer.from(owner.account).toString('hex')
    days.set(account, (days.get(account) ?? new Set()).add(day))
  }
  t.same(violations, [])
  t.equal(days.size, 2)
  for (const each of days.values()) t.ok(each.size >= 3, `on ${String(each.size)} days`)
})

t.test('a plan that fails is made small: fewer steps, shorter pauses', async (t) => {
  const armed = new WeakSet<World>()
  const arm = step('arm', (world) => {
    armed.add(world)
  })
  const fire = step('fire', (world) => {
    if (armed.has(world)) world.bugs.push('it went off')
  })
  const [first, second, third] = planOf(5, 3)
  const plan = [first, arm, second, fire, third].filter((each) => each !== undefined)

  const least = await minimise({ seed: 1, clients: 2 }, plan, 'no bug: it went off')

  t.same(
    least.map(({ kind, pauseMs }) => [kind.name, pauseMs]),
    [
      ['arm', 0],
      ['fire', 0],
    ],
  )
})

t.test('arguments that make no sense are told, with how it is written', async (t) => {
  for (const args of [['--seeds', '5'], ['--clients', '1'], ['--seed', 'x'], ['--nonsense']]) {
    await t.rejects(run(process.execPath, [MAIN, ...args]), {
      code: 64,
      stderr: /usage: npm run sim/,
    })
  }
})

function step(name: string, run: (world: World) => void): PlannedStep {
  const kind = {
    ...{ name, weight: 0 },
    run: (world: World) => {
      run(world)
      return ''
    },
  }
  return { kind, seed: 1, pauseMs: 1000 }
}
