import { randomBytes } from 'node:crypto'
import { Command, CommanderError } from 'commander'
import { UsageError, asSottoError, base64url, formatRelayUrl, ownBytes } from '@sotto/protocol'
import { parseConfig, type Config, type Flags } from './config.js'
import { DRAIN_MS_MAX } from './limits/bounds.js'
import { LIMIT_RULES } from './limits/limits.js'
import { lineLog } from './log.js'
import { nodeClock } from './ports.js'
import { startRelay, type Relay } from './server.js'

const VERSION = '0.1.0'
const DRAIN_EXIT_MS_MAX = 2 * DRAIN_MS_MAX + 2_000

process.exitCode = 70 // A bug, should all work end and nobody say how.
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode
})

/** Answers the exit code; the process ends when the relay has. */
async function main(args: readonly string[]): Promise<number> {
  const program = commands()
  try {
    await program.parseAsync([...args], { from: 'user' })
    return 0
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    return report(thrown instanceof CommanderError ? usage(thrown) : thrown, args)
  }
}

function commands(): Command {
  const program = new Command('sotto-relay')
    .description('Carries sealed envelopes it cannot read.')
    .version(`sotto-relay ${VERSION}`, '--version')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
  const serving = program
    .command('serve', { isDefault: true })
    .description('run the relay until SIGTERM or SIGINT (this is the default)')
    .option('--listen <host:port>', 'where to listen; port 0 takes any free one (127.0.0.1:8470)')
    .option('--data <dir>', 'keys and database ($XDG_DATA_HOME/sotto-relay)')
    .option('--registration <kind>', 'open, invite or pow; needed beyond loopback')
    .option('--public-host <host>', 'a name clients use for this relay; repeatable', append, [])
    .option(
      '--trusted-proxy <addr>',
      'a proxy whose X-Forwarded-For counts; repeatable',
      append,
      [],
    )
    .option('--limit <name=value>', 'move a limit; repeatable', append, [])
    .option('--restored', 'the data directory was restored from a backup; say it once', false)
    .option('--json', 'print what is ready as JSON', false)
    .exitOverride()
    .action((flags: Flags) => serve(parseConfig(flags, process.env)))
  program
    .command('version')
    .description('print the version')
    .action(() => void process.stdout.write(`sotto-relay ${VERSION}\n`))
  program.addHelpText('after', () => `\n${serving.helpInformation()}${limitsHelp()}`)
  return program
}

async function serve(config: Config): Promise<void> {
  process.umask(0o077) // What the relay writes is for its own user.
  const log = lineLog({
    write: (line) => process.stderr.write(line),
    nowMs: () => Date.now(),
  })
  const relay = await startRelay({
    ...config,
    clock: nodeClock,
    random: (bytes) => ownBytes(randomBytes(bytes)),
    log,
  })
  announce(relay, config)
  await terminated()
  setTimeout(() => process.exit(0), DRAIN_EXIT_MS_MAX).unref() // Whatever hangs, a drain is bounded.
  await relay.drain()
}

function announce(relay: Relay, config: Config): void {
  const { url, rootKey } = relay
  if (config.json) {
    const ready = { v: 1, event: 'relay.ready', url, root: base64url(rootKey) }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
    return
  }
  process.stdout.write(
    `sotto-relay is ready at ${url}\n  clients:  ${formatRelayUrl({ origin: url, rootKey })}\n  data:     ${config.dataFolder}\n`,
  )
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
function terminated(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}

function report(thrown: unknown, args: readonly string[]): number {
  const error = asSottoError(thrown)
  const { code, message, fix, exitCode: exit, retryable } = error
  if (args.includes('--json')) {
    const retryAfterMs = error.retryAfterMs ?? null
    const body = { code, message, fix, exit, retryable, retryAfterMs }
    process.stderr.write(`${JSON.stringify({ v: 1, error: body })}\n`)
  } else {
    const lines = message.split('\n').map((line) => `error: ${line}  [${code}]\n`)
    process.stderr.write(`${lines.join('')}${fix === '' ? '' : `  ${fix}\n`}`)
  }
  return exit
}

function usage({ message }: CommanderError): UsageError {
  return new UsageError('usage/invalid', message.replace(/^error: /, ''), {
    fix: 'See sotto-relay --help.',
  })
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function limitsHelp(): string {
  const lines = Object.entries(LIMIT_RULES).map(
    ([name, { value, what }]) => `  ${name.padEnd(20)}${String(value).padStart(10)}  ${what}`,
  )
  return `\nLimits:\n${lines.join('\n')}\n`
}
