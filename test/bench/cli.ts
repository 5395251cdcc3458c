import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  isolatedEnvironment,
  startSotto,
  tempDir,
  type Person,
  type Scope,
} from '../harness/index.js'
import { acquainted } from './acquainted.js'
import { commandOf, peakMiB, turnAbout, wallMs, type Subject } from './commands.js'
import type { Figure, RunOptions } from './figure.js'
import { median } from './statistics.js'
import { withScope } from './scope.js'

/** Whole processes are short and noisy: each round of the bench is this many runs of each. */
const RUNS_A_ROUND = 4

/** docs: the budgets of the command line: whole processes, each beside `node -e 0`, turn about. */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope((scope) => measure(options, scope))
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
  // As the scripts of the shells ask for the names that fit.
  const completion = commandOf(bob, ['__complete', 'recipient', alice.handle.slice(0, 2)])
  const bare = bareClient(await ownedBy(scope, bob), alice, join(dir, 'node'))
  const runs = rounds * RUNS_A_ROUND
  note(`${String(runs)} runs of each command, turn about`)
  const wall = await turnAbout([node, send, help, bare, thin, completion], runs, wallMs)
  const memory = await turnAbout([node, send, thin], rounds, peakMiB)
  const floor = (values: readonly number[]) => ({ name: 'node -e 0', value: median(values) })
  const [nodeMs = [], sendMs = [], helpMs = [], bareMs = [], thinMs = [], completionMs = []] = wall
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
      bench: 'cli.completion',
      value: median(completionMs),
      unit: 'ms',
      floor: floor(nodeMs),
      goal: { atMost: 1.3 },
    },
    {
      bench: 'cli.help',
      value: median(helpMs),
      unit: 'ms',
      floor: floor(nodeMs),
      goal: { atMost: 1.4 },
    },
  ]
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
