import { Command, CommanderError } from 'commander'
import { UsageError, asSottoError, errorObject } from '@sotto/protocol'
import { addAdmin } from './commands/admin.js'
import { addDoctor } from './commands/doctor.js'
import { addServe, limitsHelp } from './commands/serve.js'
import { printsJson } from './commands/printing.js'
import { VERSION } from './version.js'

const USAGE = 64

process.exitCode = 70 // A bug, should all work end and nobody say how.
// Whoever read what it prints or logs may go away (`| head`, a supervisor that dies): it goes on.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode
})

/** Answers the exit code; the process ends when the relay has. */
async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = commands((code) => (exitCode = code))
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return report(thrown, args)
    return ended(thrown, { args, commands: program.commands.map((each) => each.name()) })
  }
}

/** Help was printed, or something is not as a command wants it. */
function ended(thrown: CommanderError, line: Line): number {
  const { args } = line
  const isHelp = thrown.code === 'commander.help' || thrown.exitCode === 0
  if (!isHelp) return report(usage(thrown, line), args)
  // A command that needs a verb shows its help on stderr, unless it was help that was asked for.
  return thrown.exitCode === 0 || args.includes('help') ? 0 : USAGE
}

function commands(ended: (exitCode: number) => void): Command {
  const program = new Command('sotto-relay')
    .description('Carries sealed envelopes it cannot read.')
    .version(`sotto-relay ${VERSION}`, '--version')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
  const serving = addServe(program)
  addAdmin(program)
  addDoctor(program, ended)
  program
    .command('version')
    .description('print the version')
    .action(() => void process.stdout.write(`sotto-relay ${VERSION}\n`))
  program.addHelpText('after', () => `\n${serving.helpInformation()}${limitsHelp()}`)
  return program
}

function report(thrown: unknown, args: readonly string[]): number {
  const error = asSottoError(thrown)
  const { code, message, fix, exitCode } = error
  if (printsJson({ json: args.includes('--json') })) {
    process.stderr.write(`${JSON.stringify({ v: 1, error: errorObject(error) })}\n`)
  } else {
    const lines = message.split('\n').map((line) => `error: ${line}  [${code}]\n`)
    process.stderr.write(`${lines.join('')}${fix === '' ? '' : `  ${fix}\n`}`)
  }
  return exitCode
}

interface Line {
  readonly args: readonly string[]
  /** What a line may begin with; else it is one of the relay itself. */
  readonly commands: readonly string[]
}

function usage({ code, message }: CommanderError, { args, commands }: Line): UsageError {
  const [first = ''] = args
  if (code === 'commander.excessArguments' && !/^-/.test(first) && !commands.includes(first)) {
    return new UsageError('usage/invalid', `no such command: sotto-relay ${first}`, {
      fix: `There are: ${commands.join(' ')}. See sotto-relay --help.`,
    })
  }
  // The second line, where there is one, is "(Did you mean code?)".
  const [what = '', meant] = message.replace(/^error: /, '').split('\n')
  const see = 'See sotto-relay --help.'
  return new UsageError('usage/invalid', what, {
    fix: meant === undefined ? see : `${meant.slice(1, -1)} ${see}`,
  })
}
