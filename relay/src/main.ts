import { Command, CommanderError } from 'commander'
import { UsageError, asSottoError, errorObject } from '@sotto/protocol'
import { addAdmin } from './commands/admin.js'
import { addDoctor } from './commands/doctor.js'
import { addServe, limitsHelp } from './commands/serve.js'
import { VERSION } from './version.js'

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
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    return report(thrown instanceof CommanderError ? usage(thrown) : thrown, args)
  }
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
  if (args.includes('--json')) {
    process.stderr.write(`${JSON.stringify({ v: 1, error: errorObject(error) })}\n`)
  } else {
    const lines = message.split('\n').map((line) => `error: ${line}  [${code}]\n`)
    process.stderr.write(`${lines.join('')}${fix === '' ? '' : `  ${fix}\n`}`)
  }
  return exitCode
}

function usage({ message }: CommanderError): UsageError {
  return new UsageError('usage/invalid', message.replace(/^error: /, ''), {
    fix: 'See sotto-relay --help.',
  })
}
