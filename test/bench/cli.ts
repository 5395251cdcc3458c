import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import {
  isolatedEnvironment,
  makePair,
  SOTTO,
  startRelay,
  startSotto,
  succeed,
  tempDir,
  type Environment,
  type Person,
  type Scope,
} from '../harness/index.js'
import { median, type Figure, type RunOptions } from './figure.js'

/** Whole processes are short and noisy: each round of the bench is this many runs of each. */
const RUNS_A_ROUND = 4

/** Writes the process's peak memory, in KiB, to descriptor 3 when it exits. */
const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))",
)}`

/** A command as a whole process: what is started, and as whom. */
interface Subject {
  readonly args: readonly string[]
  readonly env: Environment
}

/** docs: the budgets of the command line: whole processes, each beside `node -e 0`, turn about. */
export async function run(options: RunOptions): Promise<readonly Figure[]> {
  const ends: (() => unknown)[] = []
  const scope: Scope = { teardown: (work) => ends.push(work) }
  try {
    return await measure(options, scope)
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function measure({ rounds, note }: RunOptions, scope: Scope): Promise<readonly Figure[]> {
  const dir = tempDir(scope)
  const { alice, bob } = await acquainted(scope, dir)
  const node: Subject = { args: ['-e', '0'], env: isolatedEnvironment(join(dir, 'node')) }
  const send = commandOf(alice, [
    'send',
    bob.handle,
    'a message of ordinary length, as people write',
  ])
  const help = commandOf(alice, ['--help'])
  const thin = commandOf(bob, [
    'send',
    alice.handle,
    'a message of ordinary length, as people write',
  ])
  const bare = bareClient(await ownedBy(scope, bob), alice, join(dir, 'node'))
  const runs = rounds * RUNS_A_ROUND
  note(`${String(runs)} runs of each command, turn about`)
  const wall = await turnAbout([node, send, help, bare, thin], runs, wallMs)
  const memory = await turnAbout([node, send, thin], rounds, peakMiB)
  const floor = (values: readonly number[]) => ({ name: 'node -e 0', value: median(values) })
  const [nodeMs = [], sendMs = [], helpMs = [], bareMs = [], thinMs = []] = wall
  const [nodeMiB = [], sendMiB = [], thinMiB = []] = memory
  return [
    {
      bench: 'cli.send',
      value: median(sendMs),
      unit: 'ms',
      floor: floor(nodeMs),
      goal: { atMost: 1.9 },
    },
    { bench: 'cli.send.rss', value: median(sendMiB), unit: 'MiB', floor: floor(nodeMiB) },
    {
      bench: 'cli.send.thin',
      value: median(thinMs),
      unit: 'ms',
      floor: floor(nodeMs),
      goal: { atMost: 1.3 },
    },
    {
      bench: 'cli.send.thin beside a bare client',
      value: median(thinMs),
      unit: 'ms',
      floor: { name: 'bare socket client', value: median(bareMs) },
    },
    { bench: 'cli.send.thin.rss', value: median(thinMiB), unit: 'MiB', floor: floor(nodeMiB) },
    {
      bench: 'cli.help',
      value: median(helpMs),
      unit: 'ms',
      floor: floor(nodeMs),
      goal: { atMost: 1.4 },
    },
  ]
}

/** Two contacts who have written to each other, so that a send needs no prekeys. */
async function acquainted(
  scope: Scope,
  dir: string,
): Promise<{ readonly alice: Person; readonly bob: Person }> {
  const relay = await startRelay(scope, { dir })
  const { alice, bob } = await makePair(relay, dir)
  await succeed(alice.run(['send', bob.handle, 'hello']))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['send', alice.handle, 'hello']))
  await succeed(alice.run(['receive']))
  return { alice, bob }
}

function commandOf(person: Person, args: readonly string[]): Subject {
  return {
    args: [SOTTO, ...args],
    env: isolatedEnvironment(person.home, { SOTTO_HOME: person.home }),
  }
}

/** Somebody's socket, answered by a `receive --follow` from here on. */
async function ownedBy(scope: Scope, { home }: Person): Promise<string> {
  const args = ['receive', '--follow', '--json', '--type', 'backlog.done']
  const owner = startSotto(scope, home, args)
  await owner.line()
  const folder = join(home, '.run', 'sotto')
  return join(folder, readdirSync(folder)[0] ?? '')
}

/** The least that asks an owner for the same: connects, writes a line, waits for the answer. */
function bareClient(socket: string, to: Person, home: string): Subject {
  const params = { to: [to.handle], text: 'a message of ordinary length, as people write' }
  const line = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message.send', params })
  const script = `require('net').connect(${JSON.stringify(socket)}).on('data', function (data) {
    if (String(data).includes('"id":1,')) process.exit(0)
  }).write(${JSON.stringify(`${line}\n`)})`
  return { args: ['-e', script], env: isolatedEnvironment(home) }
}

/** One list of values for each subject; all are taken in turn, so that drift falls on each alike. */
async function turnAbout(
  subjects: readonly Subject[],
  runs: number,
  take: (subject: Subject) => Promise<number>,
): Promise<readonly number[][]> {
  const values = subjects.map((): number[] => [])
  for (const subject of subjects) await take(subject) // Warm the file cache.
  for (let index = 0; index < runs; index++) {
    for (const [of, subject] of subjects.entries()) values[of]?.push(await take(subject))
  }
  return values
}

async function wallMs(subject: Subject): Promise<number> {
  const startMs = performance.now()
  await finish(subject.args, { env: subject.env })
  return performance.now() - startMs
}

async function peakMiB(subject: Subject): Promise<number> {
  const env = { ...subject.env, NODE_OPTIONS: `--import ${REPORT_MEMORY}` }
  return Number(await finish(subject.args, { env })) / 1024
}

/** What the program wrote to descriptor 3. Throws unless it ended well. */
async function finish(
  args: readonly string[],
  options: { readonly env: Environment },
): Promise<string> {
  const child = spawn(process.execPath, args, {
    env: options.env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  let report = ''
  child.stdio[3]?.on('data', (chunk: Buffer) => (report += chunk.toString()))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`)
  return report
}
