import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { asSottoError, base64url, formatRelayUrl, ownBytes } from '@sotto/protocol'
import { parseConfig, type Config } from '../config/parse-config.js'
import { readConfigFile } from '../config/read-config-file.js'
import { limitVariableOf } from '../config/settings.js'
import type { Flags } from '../config/sources.js'
import { DRAIN_MS_MAX } from '../limits/bounds.js'
import { LIMIT_RULES, isLimitName } from '../limits/limits.js'
import { lineLog, type Log } from '../log.js'
import { nodeClock } from '../ports.js'
import { startRelay, type Relay, type RelayOptions } from '../server.js'
import { addSettings, append } from './settings-options.js'

const DRAIN_EXIT_MS_MAX = 2 * DRAIN_MS_MAX + 2_000

/** `sotto-relay [serve]`; answers the command, whose help is the program's too. */
export function addServe(program: Command): Command {
  const serving = program
    .command('serve', { isDefault: true })
    .description('run the relay until SIGTERM or SIGINT (this is the default)')
  return addSettings(serving)
    .option('--limit <name=value>', 'move a limit; repeatable', append, [])
    .option('--restored', 'the data directory was restored from a backup; say it once', false)
    .option('--json', 'print what is ready as JSON', false)
    .exitOverride()
    .action((flags: Flags) => {
      const file = readConfigFile(flags, process.env)
      return serve(parseConfig({ flags, environment: process.env, file }))
    })
}

/** The limits with their defaults, for the help. */
export function limitsHelp(): string {
  const lines = Object.entries(LIMIT_RULES).map(
    ([name, { value, what }]) => `  ${name.padEnd(20)}${String(value).padStart(10)}  ${what}`,
  )
  const [first = ''] = Object.keys(LIMIT_RULES)
  const variable = isLimitName(first) ? limitVariableOf(first) : ''
  return `
Limits, moved by --limit ${first}=5, ${variable}=5 or [limits] ${first} = 5:
${lines.join('\n')}

Every setting can be a variable, SOTTO_RELAY_PUBLIC_HOST, or a key of the file that --config or
SOTTO_RELAY_CONFIG names, public-host = ["relay.example"]. Flags go before variables before the file.
SOTTO_RELAY_JSON=1 is --json for every command.
`
}

async function serve(config: Config): Promise<void> {
  process.umask(0o077) // What the relay writes is for its own user.
  const log = lineLog({
    write: (line) => process.stderr.write(line),
    nowMs: () => Date.now(),
  })
  let drainAsked = (): void => undefined
  const asked = new Promise<void>((resolve) => (drainAsked = resolve))
  const relay = await started(log, {
    ...config,
    onDrain: () => drainAsked(),
    clock: nodeClock,
    random: (bytes) => ownBytes(randomBytes(bytes)),
    log,
  })
  process.on('SIGHUP', () => relay.reload())
  announce(relay, config)
  await Promise.race([terminated(), asked])
  setTimeout(() => process.exit(0), DRAIN_EXIT_MS_MAX).unref() // Whatever hangs, a drain is bounded.
  await relay.drain()
}

/** Whoever reads the log only sees that it did not start; why, stderr says in words. */
async function started(log: Log, options: RelayOptions): Promise<Relay> {
  try {
    return await startRelay(options)
  } catch (thrown) {
    log.error('relay.not-started', { exit: asSottoError(thrown).exitCode })
    throw thrown
  }
}

function announce(relay: Relay, config: Config): void {
  const { url, rootKey } = relay
  if (config.json) {
    const metrics = relay.metricsUrl === undefined ? {} : { metrics: relay.metricsUrl }
    const ready = { v: 1, event: 'relay.ready', url, root: base64url(rootKey), ...metrics }
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
