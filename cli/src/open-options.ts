import type { LocateOptions, LogEvents, Log, OpenOptions } from '@sotto/client-core'

import type { Invocation } from './commands/command.js'
import { passphraseSource } from './passphrase/source.js'
import type { Output } from './print/output.js'
import { proxySettings } from './proxy.js'
import { VERSION } from './version.js'

/** Which account a command means, and what opens it. */
export function locateOptions(
  invocation: Pick<Invocation, 'globals' | 'output' | 'world'>,
): LocateOptions {
  const { globals } = invocation
  return {
    home: { dataDir: globals.dataDir },
    ...(globals.account === undefined ? {} : { account: globals.account }),
    passphrase: passphraseSource(invocation),
  }
}

/** How a command opens its account: which, where, and what it tells meanwhile. */
export function openOptions(invocation: Invocation): OpenOptions {
  const { globals, output, spec, world } = invocation
  return {
    ...locateOptions(invocation),
    acceptEveryone: globals.acceptEveryone,
    proxy: proxySettings(invocation),
    ...relayWait(invocation),
    // SOTTO_LOG asks client-core for its own log instead.
    ports: world.env['SOTTO_LOG'] ? {} : { log: logTo(output, globals.verbose) },
    command: spec.path.join(' '),
    version: VERSION,
  }
}

/** `--timeout` for whatever asks the relay. 0 is one attempt, and that takes what it takes. */
export function relayWait({ globals }: Pick<Invocation, 'globals'>): { relayWaitMs?: number } {
  const { timeoutMs } = globals
  return timeoutMs === undefined || timeoutMs === 0 ? {} : { relayWaitMs: timeoutMs }
}

/** What is worth telling whoever did not ask for the log. */
const NOTES: Partial<Record<keyof LogEvents, string>> = {
  'clock.skewed': 'this machine’s clock and the relay’s differ by more than five minutes',
  'username.taken':
    'another account has your username at this relay now; take another one: sotto account edit --username …',
}

function logTo(output: Output, verbose: boolean): Log {
  const trace = (level: string) =>
    function <Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]): void {
      if (verbose) output.trace(level, event, fields)
    }
  const warn = trace('warn')
  return {
    debug: trace('debug'),
    info: trace('info'),
    warn: (event, fields) => {
      const note = NOTES[event]
      if (note !== undefined) output.note(note)
      warn(event, fields)
    },
  }
}
