import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  isolatedEnvironment,
  startSotto,
  tempDir,
  type Person,
  type Scope,
} from '../harness/index.js'
import { acquainted } from './acquainted.js'
import { bareSender } from './bare-sender.js'
import { commandOf, peakMiB, turnAbout, wallMs, type Subject } from './commands.js'
import type { Figure, Peer, RunOptions } from './figure.js'
import { goSendxmpp, isGoSendxmppInstalled } from './peers/go-sendxmpp.js'
import { median } from './statistics.js'
import { withScope } from '../harness/scope.js'

/** Whole processes are short and noisy: each round of the bench is this many runs of each. */
const RUNS_A_ROUND = 4
const TEXT = 'a message of ordinary length, as people write'

/** docs: the budgets of the command line: whole processes, each beside `node -e 0`, turn about. */
export function run(options: RunOptions): Promise<readonly Figure[]> {
  return withScope((scope) => measure(options, scope))
}

async function measure({ rounds, note }: RunOptions, scope: Scope): Promise<readonly Figure[]> {
  const dir = tempDir(scope)
  const commands = await commandsOf(scope, dir)
  const runs = rounds * RUNS_A_ROUND
  note(`${String(runs)} runs of each command, turn about`)
  const [send, ...others] = await wholeCommands(commands, runs)
  const figures = [
    ...(send === undefined
      ? []
      : [{ ...send, peers: [await peerSend(scope, dir, { runs, note })] }]),
    ...others,
    ...(await memoryOf(commands, rounds)),
  ]
  if (!existsSync(CERTIFICATES)) return figures
  note('the same where Node reads a file of certificates whenever it starts')
  return [...figures, ...(await wholeCommands(readingCertificates(commands), runs, READING))]
}

/** One message from the shell as others send it, encrypted from end to end too. */
async function peerSend(
  scope: Scope,
  dir: string,
  { runs, note }: { readonly runs: number; readonly note: RunOptions['note'] },
): Promise<Peer> {
  const name = 'go-sendxmpp --ox'
  if (!isGoSendxmppInstalled()) {
    note(`${name} is skipped: it is not installed`)
    return { name, skipped: 'not installed' }
  }
  const folder = join(dir, 'go-sendxmpp')
  mkdirSync(folder)
  const [values = []] = await turnAbout([await goSendxmpp(scope, folder, TEXT)], runs, wallMs)
  const durability = 'the message is written to a socket; no answer is waited for, nothing is kept'
  return { name, value: median(values), durability }
}

/**
 * The machine on which the budgets were planned had `NODE_EXTRA_CA_CERTS` set: its `node -e 0` took
 * 101 ms. Where it is not set the floor is a third of that, and what a command does by itself weighs
 * three times as much.
 */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'
const READING = '.certificates'

interface Commands {
  readonly node: Subject
  readonly send: Subject
  readonly help: Subject
  /** Beside an owner of the account. */
  readonly thin: Subject
  /** As the scripts of the shells ask for the names that fit. */
  readonly completion: Subject
  /** The least that asks an owner for what `thin` does. */
  readonly bare: Subject
  /** The least that does what `send` does. */
  readonly sender: Subject
}

async function commandsOf(scope: Scope, dir: string): Promise<Commands> {
  const { alice, bob } = await acquainted(scope, dir)
  const home = join(dir, 'node')
  return {
    node: { args: ['-e', '0'], env: isolatedEnvironment(home) },
    send: commandOf(alice, ['send', bob.handle, TEXT]),
    help: commandOf(alice, ['--help']),
    thin: commandOf(bob, ['send', alice.handle, TEXT]),
    completion: commandOf(bob, ['__complete', 'recipient', alice.handle.slice(0, 2)]),
    bare: bareClient(await ownedBy(scope, bob), alice, home),
    sender: await bareSender(scope, dir),
  }
}

function readingCertificates(commands: Commands): Commands {
  const reading = ({ args, env }: Subject): Subject => ({
    args,
    env: { ...env, NODE_EXTRA_CA_CERTS: CERTIFICATES },
  })
  return {
    node: reading(commands.node),
    send: reading(commands.send),
    help: reading(commands.help),
    thin: reading(commands.thin),
    completion: reading(commands.completion),
    bare: reading(commands.bare),
    sender: reading(commands.sender),
  }
}

async function wholeCommands(
  { node, send, sender, help, bare, thin, completion }: Commands,
  runs: number,
  where = '',
): Promise<readonly Figure[]> {
  const subjects = [node, send, sender, help, bare, thin, completion]
  const all = (await turnAbout(subjects, runs, wallMs)).map((values) => median(values))
  const [nodeMs = NaN, sendMs = NaN, senderMs = NaN, helpMs = NaN] = all
  const [bareMs = NaN, thinMs = NaN, completionMs = NaN] = all.slice(4)
  const floor = { name: 'node -e 0', value: nodeMs }
  const figure = (bench: string, value: number, atMost: number): Figure => ({
    bench: `${bench}${where}`,
    value,
    unit: 'ms',
    floor,
    goal: { atMost },
  })
  return [
    figure('cli.send', sendMs, 1.9),
    {
      bench: `cli.send${where} beside a bare sender`,
      value: sendMs,
      unit: 'ms',
      floor: { name: 'bare sender', value: senderMs },
    },
    figure('cli.send.thin', thinMs, 1.3),
    {
      bench: `cli.send.thin${where} beside a bare client`,
      value: thinMs,
      unit: 'ms',
      floor: { name: 'bare socket client', value: bareMs },
    },
    figure('cli.completion', completionMs, 1.3),
    figure('cli.help', helpMs, 1.4),
  ]
}

async function memoryOf(
  { node, send, thin }: Commands,
  rounds: number,
): Promise<readonly Figure[]> {
  const all = await turnAbout([node, send, thin], rounds, peakMiB)
  const [nodeMiB = NaN, sendMiB = NaN, thinMiB = NaN] = all.map((values) => median(values))
  const floor = { name: 'node -e 0', value: nodeMiB }
  return [
    { bench: 'cli.send.rss', value: sendMiB, unit: 'MiB', floor, goal: { valueAtMost: 75 } },
    { bench: 'cli.send.thin.rss', value: thinMiB, unit: 'MiB', floor },
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

/** Connects, writes a line, waits for the answer. */
function bareClient(socket: string, to: Person, home: string): Subject {
  const params = { to: [to.handle], text: TEXT }
  const line = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message.send', params })
  const script = `require('net').connect(${JSON.stringify(socket)}).on('data', function (data) {
    if (String(data).includes('"id":1,')) process.exit(0)
  }).write(${JSON.stringify(`${line}\n`)})`
  return { args: ['-e', script], env: isolatedEnvironment(home) }
}
