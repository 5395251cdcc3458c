import { errorObject, asSottoError } from '@sotto/protocol'

import type { Globals, Invocation, Manual } from './commands/command.js'
import { Flags } from './flags/flags.js'
import { resolveGlobals, guessLook } from './globals.js'
import { Output, ReaderGone } from './print/output.js'
import type * as Program from './program.js'
import { readQuickly } from './quick.js'
import { refuseDemo } from './refuse-demo.js'
import { refuseUnreadable } from './raw-arguments.js'
import type { Parsed } from './read-line.js'
import { Interrupted, type World } from './world.js'

const COLUMNS = 80

/**
 * Runs one command line from beginning to end and answers the exit code. Never throws: whatever
 * goes wrong is told on stderr, once.
 */
export async function run(world: World): Promise<number> {
  const reporter = {
    output: outputOf(world, guessLook(world)),
  }
  const exitCode = await endWith(world, reporter, () => runLine(world, reporter))
  // What is left unread at the end changes nothing of what was done.
  await reporter.output.flush().catch(() => undefined)
  return exitCode
}

/** What nobody caught: told like every error, before the process ends with the code for a bug. */
export function reportBug(world: World, thrown: unknown): number {
  return tellError(world, outputOf(world, guessLook(world)), thrown)
}

/** Errors are told the way the command's own flags say, as soon as those are known. */
interface Reporter {
  output: Output
}

/** A bug leaves a report where a screen was open, and its path is the last thing that is said. */
function tellError({ crashes }: World, output: Output, thrown: unknown): number {
  const told = errorObject(asSottoError(thrown))
  output.error(told)
  const path = told.code === 'bug/invariant' ? crashes.report(thrown) : undefined
  if (path !== undefined) output.note(`where it broke, and nothing of yours: ${path}`)
  return told.exit
}

async function endWith(
  world: World,
  reporter: Reporter,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode
    if (error instanceof ReaderGone) return 0
    return tellError(world, reporter.output, error)
  }
}

async function runLine(world: World, reporter: Reporter): Promise<number> {
  refuseUnreadable(world.argv)
  const parsed = readQuickly(world.argv) ?? (await readWhole(world))
  if (parsed.kind === 'help') {
    reporter.output.text(parsed.text)
    return 0
  }
  const globals = await resolveGlobals(parsed.globals, world, {
    configless: parsed.kind === 'command' && parsed.spec.configless === true,
    lenient: parsed.kind === 'command' && parsed.spec.lenient === true,
    note: (message) => reporter.output.note(message),
  })
  const output = outputOf(world, globals)
  reporter.output = output
  const invocation = await readInvocation(parsed, { globals, world, output, manual: loadManual })
  if (invocation === undefined) {
    const { SHORT_HELP } = await loadProgram()
    output.text(SHORT_HELP)
    return 0
  }
  refuseDemo(globals, invocation.spec)
  const exitCode = await invocation.spec.run(invocation)
  await output.flush()
  return exitCode
}

/** The command table, its help and its hints: loaded by those who need all of it. */
function loadProgram(): Promise<typeof Program> {
  return import('./program.js')
}

async function loadManual(): Promise<Manual> {
  return (await loadProgram()).MANUAL
}

async function readWhole({ argv, stdout }: World): Promise<Parsed> {
  const { parseCommandLine } = await loadProgram()
  return parseCommandLine(argv, stdout.columns ?? COLUMNS)
}

/** Without a command it is the chat where somebody can answer; undefined where nobody can. */
async function readInvocation(
  parsed: Exclude<Parsed, { readonly kind: 'help' }>,
  context: Pick<Invocation, 'globals' | 'world' | 'output' | 'manual'>,
): Promise<Invocation | undefined> {
  if (parsed.kind === 'command') {
    const { spec, typed, args, literal } = parsed
    const { env } = context.world
    const flags = Flags.resolve({ specs: spec.flags, command: spec.path, typed, env })
    return { ...context, spec, args, literal, flags }
  }
  const { globals, world } = context
  const isPlainWanted = parsed.globals.has('plain')
  if (!canAsk(globals, world) && !isPlainWanted) return undefined
  const flags = Flags.resolve({ specs: [], command: [], typed: new Map(), env: {} })
  const { command } = globals.plain
    ? await import('./commands/chat.js')
    : await import('./commands/screen.js')
  return { ...context, spec: { ...command, path: [] }, args: [], literal: 0, flags }
}

function canAsk(globals: Globals, world: World): boolean {
  return globals.input && !globals.json && world.stdin.isTTY === true && world.stdout.isTTY === true
}

function outputOf(
  world: World,
  { json, fields, quiet, color }: Pick<Globals, 'json' | 'fields' | 'quiet' | 'color'>,
): Output {
  const { stdout, stderr, nowMs } = world
  return new Output({ stdout, stderr, json, fields, quiet, color, nowMs })
}
